//! One connection's work: new mail first, then what could not be had before.

use std::collections::HashSet;

use jiff::Timestamp;

use super::fetched::{Fetched, ask_for_keys, fetch, place, take_all};
use super::plan::{Plan, Wanted};
use super::resolve::resolve;
use super::{BATCH, Check, CheckError};
use crate::config::{Account, Imap};
use crate::intake::Intake;
use crate::judge::is_claimed;
use crate::mail::Mail;
use crate::mail::text::line;
use crate::report;
use crate::source::imap::{self, Header, Listed, MAX_FROM, Session, Uid};
use crate::store::{Cursor, Kept, Outcome, Records, Retry, Store, StoreError};
use crate::trust::Witnesses;

/// So many headers are asked for at once; Courier takes no longer commands (facts §6.4).
const CHUNK: usize = 200;
/// A mail that was asked for so often in vain is shown to the user.
const MAX_ATTEMPTS: u32 = 10;

/// One connection's work.
pub struct Visit<'a> {
    pub check: &'a Check<'a>,
    pub store: &'a mut Store,
    pub account: &'a Account,
    pub imap: &'a Imap,
    pub wanted: &'a Wanted,
    /// From when on any mail can matter.
    pub everything: Timestamp,
    /// What was asked for again in this run: once is enough.
    pub tried: &'a mut HashSet<(String, u32)>,
    pub seen: &'a mut report::Account,
    pub mails: &'a mut Vec<Kept>,
}

impl Visit<'_> {
    /// Reads the account's mailboxes.
    pub fn mailboxes(&mut self, session: &mut Session) -> Result<(), CheckError> {
        let names = self.names(&session.mailboxes()?);
        for name in &names {
            let result = self.new_mail(session, name);
            self.or_complain(name, result)?;
        }
        for name in &names {
            let result = self.retry(session, name);
            self.or_complain(name, result)?;
        }
        Ok(())
    }

    /// The raw names of the mailboxes to read, each once.
    fn names(&mut self, listed: &[Listed]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for wanted in &self.imap.mailboxes {
            match resolve(wanted, listed) {
                Some(name) if !names.contains(&name) => names.push(name),
                None if !self.imap.is_default_mailboxes && !wanted.starts_with('\\') => {
                    let mut known: Vec<String> = listed.iter().map(|l| shown(&l.name)).collect();
                    known.sort_unstable();
                    self.complain(&format!("no mailbox `{wanted}`; there are: {}", known.join(", ")));
                }
                _ => {}
            }
        }
        names
    }

    /// What is wrong with one mailbox does not keep the others from being read.
    fn or_complain(&mut self, name: &str, result: Result<(), CheckError>) -> Result<(), CheckError> {
        match result {
            Err(CheckError::Imap(error)) if !error.is_dead() => {
                self.complain(&format!("mailbox `{}`: {error}", shown(name)));
                Ok(())
            }
            result => result,
        }
    }

    fn complain(&mut self, message: &str) {
        self.seen.error.get_or_insert_with(|| format!("account `{}`: {message}", self.account.name));
    }

    /// Reads a mailbox from its cursor on.
    fn new_mail(&mut self, session: &mut Session, name: &str) -> Result<(), CheckError> {
        let examined = session.examine(name)?;
        let old = self.store.records().cursor(&self.account.name, name)?;
        let belief = self.check.belief(&self.account.trusted);
        let terms = (self.everything, self.check.full, belief.as_str());
        let Plan { old, new, uids } =
            self.wanted.plan(session, old, (self.account, self.imap), (name, examined), terms)?;
        let mut candidates = 0_usize;
        let mut cursor = new.clone();
        let bar = self.check.progress.start(format!("{}: {}", self.account.name, shown(name)), uids.len());
        for chunk in uids.chunks(CHUNK) {
            bar.add(chunk.len());
            candidates = candidates.saturating_add(self.chunk(session, &mut cursor, chunk)?);
        }
        if old.as_ref() != Some(&new) {
            self.store.transaction(|records| {
                records.forget_other_retries(&new)?;
                records.move_cursor(&new)
            })?;
        }
        self.seen.mailboxes.push(report::Mailbox {
            mailbox: imap::decode_mailbox_name(name),
            uid_validity: new.uid_validity,
            uid_next: new.uid_next,
            candidates,
        });
        Ok(())
    }

    /// Looks at some UIDs; returns how many mails were from the controller. What could not be had is put on the list
    /// to be asked for again, before the connection that broke on it is given up.
    fn chunk(&mut self, session: &mut Session, cursor: &mut Cursor, uids: &[Uid]) -> Result<usize, CheckError> {
        let Some(last) = uids.last() else { return Ok(0) };
        let headers = match session.headers(uids) {
            Err(error) if error.is_dead() && !error.is_poison() => return Err(error.into()),
            Err(error) => {
                let failed: Vec<Fetched> = uids.iter().map(|uid| Fetched::failed(*uid, &error.to_string())).collect();
                cursor.uid_next = last.0.saturating_add(1);
                self.record(cursor, &failed, |records| records.move_cursor(cursor))?;
                return if error.is_dead() { Err(error.into()) } else { Ok(0) };
            }
            Ok(headers) => headers,
        };
        let candidates: Vec<Header> = headers.into_iter().filter(|header| self.is_candidate(header, cursor)).collect();
        let (mut batch, mut size) = (Vec::new(), 0_usize);
        for header in &candidates {
            let (fetched, error) = match fetch(session, header) {
                Err(error) if error.is_dead() && !error.is_poison() => return Err(error.into()),
                Err(error) => {
                    (Fetched::failed(header.uid, &error.to_string()), Some(error).filter(imap::Error::is_dead))
                }
                Ok(fetched) => (fetched, None),
            };
            size = size.saturating_add(fetched.raw.as_ref().map_or(0, Vec::len));
            batch.push(fetched);
            if size > BATCH || error.is_some() {
                cursor.uid_next = header.uid.0.saturating_add(1);
                self.record(cursor, &batch, |records| records.move_cursor(cursor))?;
                (batch, size) = (Vec::new(), 0);
            }
            if let Some(error) = error {
                return Err(error.into());
            }
        }
        cursor.uid_next = last.0.saturating_add(1);
        self.record(cursor, &batch, |records| records.move_cursor(cursor))?;
        Ok(candidates.len())
    }

    /// Whether a mail can matter: it is, or poses as, the controller's, and young enough.
    fn is_candidate(&self, header: &Header, cursor: &Cursor) -> bool {
        let is_young = header.received_at.is_none_or(|at| at >= cursor.searched_since);
        // Half a header may hide whose mail it is.
        let is_cut = header.from.len() >= MAX_FROM;
        is_young && (is_cut || Mail::parse(&header.from).is_ok_and(|mail| is_claimed(&mail, self.check.rules)))
    }

    /// Records mails, and how far that brings us, together or not at all.
    fn record(
        &mut self,
        cursor: &Cursor,
        batch: &[Fetched],
        progress: impl FnOnce(Records<'_>) -> Result<(), StoreError>,
    ) -> Result<(), CheckError> {
        let (check, account, everything) = (self.check, self.account, self.everything);
        // Before the transaction, which must not wait for a network.
        ask_for_keys(&mut check.dns.borrow_mut(), batch, check);
        let dns = check.dns.borrow();
        let witnesses = Witnesses { trusted: &account.trusted, keys: dns.keys() };
        let (taken, put_back) = self.store.transaction(|records| {
            progress(records)?;
            let mut intake = Intake::new(records, check.rules, witnesses, check.now)?;
            let (taken, put_back) = take_all(&mut intake, records, (account, cursor), batch, check.now)?;
            if !put_back.is_empty() || taken.iter().any(|mail| matches!(mail.outcome, Outcome::Applied(_))) {
                records.unfinish(&account.name, everything)?;
            }
            Ok::<_, StoreError>((taken, put_back))
        })?;
        self.tried.extend(put_back.into_iter().map(|uid| (cursor.mailbox.clone(), uid)));
        self.mails.extend(taken);
        Ok(())
    }

    /// Asks once more, one by one, for what could not be had before.
    fn retry(&mut self, session: &mut Session, name: &str) -> Result<(), CheckError> {
        let Some(cursor) = self.store.records().cursor(&self.account.name, name)? else { return Ok(()) };
        let open = |store: &Store| store.records().retries(&cursor);
        let untried = |retry: &Retry, tried: &HashSet<(String, u32)>| !tried.contains(&(name.to_owned(), retry.uid));
        let retries: Vec<Retry> = open(self.store)?.into_iter().filter(|r| untried(r, self.tried)).collect();
        if !retries.is_empty() {
            session.examine(name)?;
        }
        for retry in retries {
            self.tried.insert((name.to_owned(), retry.uid));
            self.ask_again(session, &cursor, &retry)?;
        }
        let left = open(self.store)?;
        self.complain_of_dns(name, &left);
        if let Some(retry) = left.iter().find(|retry| retry.waits_since.is_none()) {
            let (mailbox, uid) = (shown(name), retry.uid);
            let error = &retry.error;
            self.complain(&format!("mail {uid} of `{mailbox}` could not be read, it is asked for again: {error}"));
        }
        Ok(())
    }

    /// Says that there are mails which wait for DNS, and why.
    fn complain_of_dns(&mut self, name: &str, left: &[Retry]) {
        let waiting: Vec<&Retry> = left.iter().filter(|retry| retry.waits_since.is_some()).collect();
        let Some(Retry { error, .. }) = waiting.first() else { return };
        let mails = if waiting.len() == 1 { "a mail".to_owned() } else { format!("{} mails", waiting.len()) };
        self.complain(&format!(
            "DNS can't be reached, so who sent {mails} in `{}` is not known yet: {error}; run again later, or check the \
             network and `nameserver` in [dkim]",
            shown(name)
        ));
    }

    fn ask_again(&mut self, session: &mut Session, cursor: &Cursor, retry: &Retry) -> Result<(), CheckError> {
        let uid = Uid(retry.uid);
        let headers = session.headers(&[uid]);
        let result = headers.and_then(|headers| match headers.first() {
            Some(header) if self.is_candidate(header, cursor) => fetch(session, header).map(Some),
            _ => Ok(None),
        });
        match result {
            Err(error) if error.is_dead() && !error.is_poison() => Err(error.into()),
            Err(error) => {
                self.failed_again(cursor, retry, &error.to_string())?;
                if error.is_dead() { Err(error.into()) } else { Ok(()) }
            }
            Ok(Some(Fetched { raw: Err(error), .. })) => self.failed_again(cursor, retry, &error),
            Ok(fetched) => {
                let fetched = fetched.map(|fetched| Fetched { waits_since: retry.waits_since, ..fetched });
                self.record(cursor, fetched.as_slice(), |records| records.retried(cursor, retry.uid))
            }
        }
    }

    /// Notes it; in the end the user is shown that there is a mail which the server does not give.
    fn failed_again(&mut self, cursor: &Cursor, retry: &Retry, error: &str) -> Result<(), CheckError> {
        let uid = Uid(retry.uid);
        if retry.attempts < MAX_ATTEMPTS {
            let failed = Fetched::failed(uid, error);
            return self.record(cursor, &[failed], |_| Ok(()));
        }
        let check = self.check;
        let place = place(self.account, cursor, uid);
        let held = self.store.transaction(|records| {
            records.retried(cursor, retry.uid)?;
            let witnesses = Witnesses { trusted: &self.account.trusted, keys: None };
            Intake::new(records, check.rules, witnesses, check.now)?.unfetched(&place, error)
        })?;
        self.mails.extend(held);
        Ok(())
    }
}

/// A mailbox's name for a person.
fn shown(name: &str) -> String {
    line(&imap::decode_mailbox_name(name))
}
