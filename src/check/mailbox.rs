//! A mailbox read from its cursor on.

use super::fate::Fate;
use super::fetched::{Haul, NOTHING};
use super::look::Look;
use super::plan::{Opened, Scope, Wanted};
use super::resolve::resolve;
use super::suspects::{CHUNK, Suspects};
use super::{CheckError, SeenMailbox, shown};
use crate::config::Imap;
use crate::fault::Fault;
use crate::judge::is_looked_at;
use crate::mail::Mail;
use crate::source::imap::{self, FetchedHeader, Listed, MAX_FROM, Session, Uid};
use crate::store::{Cursor, StoreError};

impl Look<'_> {
    /// Reads the account's mailboxes: new mail first, then what could not be had before.
    pub fn mailboxes(&mut self, session: &mut Session, imap: &Imap, wanted: &Wanted) -> Result<(), CheckError> {
        let names = self.names(imap, &session.mailboxes()?);
        let login = format!("{}@{}:{} {}", imap.user, imap.host, imap.port, self.check.belief(&self.account.trusted));
        for name in &names {
            let result = self.new_mail(session, name, &login, wanted);
            self.or_complain(name, result)?;
        }
        for name in &names {
            let result = self.retry(session, name);
            self.or_complain(name, result)?;
        }
        Ok(())
    }

    /// The raw names of the mailboxes to read, each once.
    fn names(&mut self, imap: &Imap, listed: &[Listed]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for wanted in &imap.mailboxes {
            let found = resolve(wanted, listed);
            if found.is_empty() && !imap.is_default_mailboxes {
                let mut known: Vec<String> = listed.iter().map(|l| shown(&l.name)).collect();
                known.sort_unstable();
                let there_are = format!("there are: {}", known.join(", "));
                self.complain(Fault::new(format!("no mailbox `{wanted}`")).remedy(there_are));
            }
            for name in found {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// What is wrong with one mailbox does not keep the others from being read.
    fn or_complain(&mut self, name: &str, result: Result<(), CheckError>) -> Result<(), CheckError> {
        match result {
            Err(CheckError::Imap(error)) if Fate::of(&error) == Fate::GoOn => {
                let fault = Fault::from(CheckError::Imap(error)).within(format!("mailbox `{}`", shown(name)));
                self.complain(fault);
                Ok(())
            }
            result => result,
        }
    }

    fn new_mail(&mut self, session: &mut Session, name: &str, login: &str, wanted: &Wanted) -> Result<(), CheckError> {
        let examined = session.examine(name)?;
        let opened = Opened {
            account: self.account.name.clone(),
            mailbox: name.to_owned(),
            login: login.to_owned(),
            old: self.store.records().cursor(&self.account.name, name)?,
            is_full: self.check.full,
            examined,
        };
        let plan = wanted.plan(&opened);
        let mut uids = match plan.scope {
            Scope::Nothing => Vec::new(),
            Scope::Range(from, end) => (from.0..end.0).map(Uid).collect(),
            Scope::Since(day, from) => {
                let found = session.search_since(day, examined.exists)?;
                found.into_iter().filter(|uid| *uid >= from).collect()
            }
        };
        uids.retain(|uid| uid.0 < plan.cursor.uid_next);
        let candidates = self.chunks(session, &plan.cursor, &uids)?;
        if opened.old.as_ref() != Some(&plan.cursor) {
            self.store.transaction(|records| {
                records.drop_stale_retries(&plan.cursor)?;
                records.move_cursor(&plan.cursor)
            })?;
        }
        let (uid_validity, uid_next) = (plan.cursor.known_validity(), plan.cursor.uid_next);
        let mailbox = imap::decode_mailbox_name(name);
        self.seen.mailboxes.push(SeenMailbox { mailbox, uid_validity, uid_next, candidates });
        Ok(())
    }

    /// Looks at some UIDs, in ascending order, chunk by chunk. Returns how many mails were the controller's.
    fn chunks(&mut self, session: &mut Session, end: &Cursor, uids: &[Uid]) -> Result<usize, CheckError> {
        let bar = self.check.progress.start(format!("{}: {}", self.account.name, shown(&end.mailbox)), uids.len());
        let (mut candidates, mut cursor, mut rest) = (0_usize, end.clone(), uids);
        while let Some(first) = rest.first() {
            let size = self.suspects.as_ref().map_or(CHUNK, |suspects| suspects.chunk(&end.mailbox, *first));
            let (chunk, later) = rest.split_at(size.min(rest.len()));
            bar.add(chunk.len());
            candidates = candidates.saturating_add(self.chunk(session, &mut cursor, chunk)?);
            rest = later;
        }
        Ok(candidates)
    }

    /// Looks at one chunk, and moves the cursor over what is recorded.
    fn chunk(&mut self, session: &mut Session, cursor: &mut Cursor, uids: &[Uid]) -> Result<usize, CheckError> {
        let Some(last) = uids.last() else { return Ok(0) };
        let mut batch = Haul::default();
        let wanted = self.without_culprits(cursor, uids)?;
        let headers = match session.headers(&wanted) {
            Ok(headers) => headers,
            Err(error) if Fate::of(&error) == Fate::GoOn => {
                for uid in &wanted {
                    batch.fail(*uid, error.to_string());
                }
                self.advance(cursor, *last, batch)?;
                return Ok(0);
            }
            Err(error) => return Err(self.broken(error, cursor, &wanted)?),
        };
        for uid in missing(session, &wanted, &headers)? {
            batch.fail(uid, NOTHING.to_owned());
        }
        let candidates: Vec<FetchedHeader> =
            headers.into_iter().filter(|header| self.is_candidate(header, cursor)).collect();
        for header in &candidates {
            match self.fetch(session, cursor, header) {
                Ok(Ok(mail)) => batch.push(mail),
                Ok(Err(why)) => batch.fail(header.uid, why.to_owned()),
                Err(error) if Fate::of(&error) == Fate::GoOn => batch.fail(header.uid, error.to_string()),
                Err(error) => {
                    self.advance(cursor, Uid(header.uid.0.saturating_sub(1)), batch)?;
                    return Err(self.broken(error, cursor, &[header.uid])?);
                }
            }
            if batch.is_full() {
                self.advance(cursor, header.uid, std::mem::take(&mut batch))?;
            }
        }
        self.advance(cursor, *last, batch)?;
        Ok(candidates.len())
    }

    /// Some UIDs without those that broke two connections: they are on the list, and are asked for again in the end.
    fn without_culprits(&self, cursor: &Cursor, uids: &[Uid]) -> Result<Vec<Uid>, StoreError> {
        let known = self.store.records().retries(cursor)?;
        let is_culprit = |uid: &Uid| {
            known.iter().any(|retry| retry.uid == uid.0 && retry.attempts > 1 && retry.waits_since.is_none())
        };
        Ok(uids.iter().copied().filter(|uid| !is_culprit(uid)).collect())
    }

    /// After a connection that broke on some mails: one is noted, among several it is sought in the next connection.
    fn broken(&mut self, error: imap::Error, cursor: &Cursor, uids: &[Uid]) -> Result<CheckError, StoreError> {
        match uids {
            [uid] => {
                self.store.transaction(|records| records.note_attempt(cursor, uid.0, &error.to_string()))?;
            }
            [.., last] => {
                let (mailbox, size) = (cursor.mailbox.clone(), uids.len().div_ceil(2));
                self.suspects = Some(Suspects { mailbox, last: *last, size });
            }
            [] => {}
        }
        Ok(CheckError::Broken(error))
    }

    /// Records a batch, and that every mail up to its last one was looked at.
    fn advance(&mut self, cursor: &mut Cursor, last: Uid, batch: Haul) -> Result<(), StoreError> {
        cursor.uid_next = last.0.saturating_add(1);
        self.record(cursor, batch, |records| records.move_cursor(cursor))
    }

    /// Whether a mail can matter: it is, or poses as, the controller's, and young enough.
    pub fn is_candidate(&self, header: &FetchedHeader, cursor: &Cursor) -> bool {
        let is_young = header.received_at.is_none_or(|at| at >= cursor.searched_since);
        // Half a header may hide whose mail it is.
        let is_cut = header.from.len() >= MAX_FROM;
        // A server that gives no author may hide one, so the mail itself is asked.
        let is_ours = |mail: Mail| mail.from.is_empty() || is_looked_at(&mail, self.check.basis.rules);
        is_young && (is_cut || Mail::parse(&header.from).map_or(true, is_ours))
    }
}

/// Those of some mails that are there, but of which the server gave nothing.
fn missing(session: &mut Session, wanted: &[Uid], given: &[FetchedHeader]) -> Result<Vec<Uid>, imap::Error> {
    let missing: Vec<Uid> =
        wanted.iter().copied().filter(|uid| given.binary_search_by_key(uid, |header| header.uid).is_err()).collect();
    if missing.is_empty() {
        return Ok(missing);
    }
    Ok(session.present(&missing)?.into_iter().filter(|uid| missing.contains(uid)).collect())
}
