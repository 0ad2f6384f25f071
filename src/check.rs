//! One account, looked at once: source → judge → record.
//!
//! A cursor only moves over mail that is recorded, in the same transaction, so a check that is cut off anywhere and run
//! again ends where an undisturbed one does.

use std::fs;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::config::{Account, Imap, Source};
use crate::intake::Intake;
use crate::judge::is_claimed;
use crate::mail::{MAX_SIZE, Mail};
use crate::objection::{Objection, ObjectionId};
use crate::report;
use crate::signal::Rules;
use crate::source::imap::{self, Examined, Header, Listed, Login, MAX_FROM, Server, Session, Uid};
use crate::store::{Cursor, Kept, Outcome, Place, Records, Store, StoreError};

/// SINCE goes by the server's days, and the form's hour of grace may lie in the day before.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);
/// So many headers are asked for at once; Courier takes no longer commands (facts §6.4).
const CHUNK: usize = 200;
/// So many new UIDs are asked for without searching first.
const SMALL: u32 = 1000;
/// So many bytes of mail are held in memory before they are recorded.
const BATCH: usize = 8 * 1024 * 1024;
/// A mail that was asked for so often in vain is shown to the user.
const MAX_ATTEMPTS: u32 = 10;
/// How often a server whose reply could not be read is connected to again.
const MAX_CONNECTIONS: u32 = 3;

/// What spam mailboxes are called by servers that don't tell (facts §6.2).
const JUNK_NAMES: [&str; 8] =
    ["Junk", "Spam", "Junk E-mail", "Bulk Mail", "Bulk", "Spamverdacht", "Indésirables", "Posta indesiderata"];

/// What a check needs to know.
pub struct Check<'a> {
    /// How mail is read.
    pub rules: &'a Rules,
    /// The time.
    pub now: Timestamp,
    /// Whether to look at everything again.
    pub full: bool,
}

/// Why an account, or a part of it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The server.
    #[error("{0}")]
    Imap(#[from] imap::Error),
    /// The record: no use to go on.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Anything else, said in full.
    #[error("{0}")]
    Other(String),
}

/// What mail is looked for.
struct Wanted {
    pending: Vec<Objection>,
    /// The newest objection of all.
    newest: ObjectionId,
    /// Where a check began that was cut off after it had decided something.
    unfinished: Option<Timestamp>,
}

impl Wanted {
    fn new(records: Records<'_>, account: &Account) -> Result<Self, StoreError> {
        let objections = records.objections()?;
        Ok(Self {
            newest: objections.iter().map(|o| o.id).max().unwrap_or(ObjectionId(0)),
            pending: objections.into_iter().filter(|o| o.state.is_pending()).collect(),
            unfinished: records.unfinished(&account.name)?,
        })
    }

    /// From when on mail can matter to the pending objections that are newer than `known`.
    fn since(&self, known: ObjectionId) -> Option<Timestamp> {
        let oldest = self.pending.iter().filter(|o| o.id > known).map(|o| o.submitted_at).min()?;
        Some(oldest.saturating_sub(MARGIN).unwrap_or(oldest))
    }

    /// From when on any mail can matter; `None` if nothing is awaited.
    fn everything(&self) -> Option<Timestamp> {
        self.since(ObjectionId(0)).into_iter().chain(self.unfinished).min()
    }
}

impl Check<'_> {
    /// Looks at an account. What was recorded stays recorded, whatever fails after it.
    pub fn account(&self, store: &mut Store, account: &Account) -> (report::Account, Vec<Kept>) {
        let mut seen = report::Account { account: account.name.clone(), ok: false, error: None, mailboxes: Vec::new() };
        let mut mails = Vec::new();
        match self.look(store, account, &mut seen, &mut mails) {
            Ok(()) if seen.error.is_none() => seen.ok = true,
            Ok(()) => {}
            Err(error) => seen.error = Some(format!("account `{}`: {error}", account.name)),
        }
        (seen, mails)
    }

    fn look(
        &self,
        store: &mut Store,
        account: &Account,
        seen: &mut report::Account,
        mails: &mut Vec<Kept>,
    ) -> Result<(), CheckError> {
        let wanted = Wanted::new(store.records(), account)?;
        let Some(everything) = wanted.everything() else { return Ok(()) };
        let Source::Imap(imap) = &account.source else {
            let message = "mail on disk is not polled by this version; hand it over with `tracker ingest`";
            return Err(CheckError::Other(message.to_owned()));
        };
        let (server, login) = connect_with(imap)?;
        for connection in 1..=MAX_CONNECTIONS {
            seen.mailboxes.clear();
            seen.error = None;
            let mut session = Session::open(&server, &login).map_err(|error| hint(error, account))?;
            let mut visit = Visit {
                check: self,
                store: &mut *store,
                account,
                imap,
                wanted: &wanted,
                everything,
                seen: &mut *seen,
                mails: &mut *mails,
            };
            match visit.mailboxes(&mut session) {
                // What could not be read is on the list to be asked for again, so the rest can go on.
                Err(CheckError::Imap(error)) if error.is_poison() && connection < MAX_CONNECTIONS => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    tracing::debug!(account = account.name, commands = session.logout(), "read to the end");
                    break;
                }
            }
        }
        if seen.error.is_none() {
            store.transaction(|records| records.checked(&account.name, self.now))?;
        }
        Ok(())
    }
}

/// One connection's work.
struct Visit<'a> {
    check: &'a Check<'a>,
    store: &'a mut Store,
    account: &'a Account,
    imap: &'a Imap,
    wanted: &'a Wanted,
    everything: Timestamp,
    seen: &'a mut report::Account,
    mails: &'a mut Vec<Kept>,
}

/// A mail that was fetched, or why it was not.
struct Fetched {
    uid: Uid,
    received_at: Option<Timestamp>,
    raw: Result<Vec<u8>, String>,
}

impl Visit<'_> {
    fn mailboxes(&mut self, session: &mut Session) -> Result<(), CheckError> {
        let listed = session.mailboxes()?;
        for wanted in &self.imap.mailboxes {
            let Some(name) = resolve(wanted, &listed) else {
                if !self.imap.is_default_mailboxes && !wanted.starts_with('\\') {
                    let names: Vec<String> =
                        listed.iter().map(|l| report::line(&imap::decode_mailbox_name(&l.name))).collect();
                    self.complain(&format!("no mailbox `{wanted}`; there are: {}", names.join(", ")));
                }
                continue;
            };
            if self.seen.mailboxes.iter().any(|m| m.mailbox == imap::decode_mailbox_name(&name)) {
                continue;
            }
            match self.mailbox(session, &name) {
                Err(CheckError::Imap(error)) if !error.is_dead() => {
                    self.complain(&format!("mailbox `{}`: {error}", imap::decode_mailbox_name(&name)));
                }
                result => result?,
            }
        }
        Ok(())
    }

    /// Something is wrong with a part of the account; the rest goes on.
    fn complain(&mut self, message: &str) {
        self.seen.error.get_or_insert_with(|| format!("account `{}`: {message}", self.account.name));
    }

    fn mailbox(&mut self, session: &mut Session, name: &str) -> Result<(), CheckError> {
        let examined = session.examine(name)?;
        let (mut cursor, uids) = self.plan(session, name, &examined)?;
        let mut candidates = 0_usize;
        let end = cursor.uid_next;
        let before = self.store.records().cursor(&self.account.name, name)?;
        for chunk in uids.chunks(CHUNK) {
            candidates = candidates.saturating_add(self.chunk(session, &mut cursor, chunk)?);
        }
        cursor.uid_next = end;
        if before.as_ref() != Some(&cursor) {
            self.store.transaction(|records| {
                records.forget_other_retries(&cursor)?;
                records.move_cursor(&cursor)
            })?;
        }
        let seen = report::Mailbox {
            mailbox: imap::decode_mailbox_name(name),
            uid_validity: cursor.uid_validity,
            uid_next: cursor.uid_next,
            candidates,
        };
        self.seen.mailboxes.push(seen);
        self.retry(session, &cursor)
    }

    /// Which UIDs to look at, and where the cursor stands when they were.
    fn plan(&self, session: &mut Session, name: &str, examined: &Examined) -> Result<(Cursor, Vec<Uid>), CheckError> {
        let old = self.store.records().cursor(&self.account.name, name)?;
        let login = format!("{}@{}:{}", self.imap.user, self.imap.host, self.imap.port);
        let uid_next = examined.uid_next.map_or(u32::MAX, |uid| uid.0);
        // A server that rewinds UIDNEXT (GMX, chatmail/core issue 2188) has other mail under the same UIDs.
        let valid = old.filter(|c| {
            !self.check.full
                && c.login == login
                && c.uid_validity == examined.uid_validity.0
                && examined.uid_next.is_some_and(|next| c.uid_next <= next.0)
        });
        // Mail that was passed over may be about an objection that was recorded since, or that was reopened.
        let again = valid.as_ref().map_or(Some(self.everything), |c| {
            let reopened = Some(self.everything).filter(|since| *since < c.searched_since);
            self.wanted.since(c.objection).into_iter().chain(reopened).min()
        });
        let searched_since = match (&valid, again) {
            (Some(cursor), again) => again.map_or(cursor.searched_since, |again| again.min(cursor.searched_since)),
            (None, _) => self.everything,
        };
        let cursor = Cursor {
            account: self.account.name.clone(),
            mailbox: name.to_owned(),
            login,
            uid_validity: examined.uid_validity.0,
            uid_next,
            searched_since,
            objection: self.wanted.newest,
        };
        let from = valid.as_ref().map_or(0, |c| c.uid_next);
        let uids = match again {
            Some(since) => session.search_since(day(since), examined.exists)?,
            None if from == uid_next || examined.exists == 0 => Vec::new(),
            None if uid_next.saturating_sub(from) <= SMALL => (from..uid_next).map(Uid).collect(),
            None => session
                .search_since(day(searched_since), examined.exists)?
                .into_iter()
                .filter(|uid| uid.0 >= from)
                .collect(),
        };
        Ok((cursor, uids.into_iter().filter(|uid| uid.0 < uid_next).collect()))
    }

    /// Looks at some UIDs; returns how many mails were from the controller.
    fn chunk(&mut self, session: &mut Session, cursor: &mut Cursor, uids: &[Uid]) -> Result<usize, CheckError> {
        let Some(last) = uids.last() else { return Ok(0) };
        let headers = match session.headers(uids) {
            Ok(headers) => headers,
            Err(error) if error.is_dead() && !error.is_poison() => return Err(error.into()),
            Err(error) => {
                let failed =
                    uids.iter().map(|uid| Fetched { uid: *uid, received_at: None, raw: Err(error.to_string()) });
                cursor.uid_next = last.0.saturating_add(1);
                self.record(cursor, &failed.collect::<Vec<_>>())?;
                self.complain(&format!("{} mails could not be read, they are asked for again: {error}", uids.len()));
                return if error.is_dead() { Err(error.into()) } else { Ok(0) };
            }
        };
        let candidates: Vec<Header> = headers.into_iter().filter(|header| self.is_candidate(header, cursor)).collect();
        let mut batch: Vec<Fetched> = Vec::new();
        for header in &candidates {
            let (fetched, lost) = match fetch(session, header) {
                Ok(fetched) => (fetched, None),
                Err(error) if error.is_dead() && !error.is_poison() => return Err(error.into()),
                Err(error) => (
                    Some(Fetched { uid: header.uid, received_at: header.received_at, raw: Err(error.to_string()) }),
                    Some(error),
                ),
            };
            batch.extend(fetched);
            let size: usize = batch.iter().map(|f| f.raw.as_ref().map_or(0, Vec::len)).sum();
            if size > BATCH || lost.is_some() {
                cursor.uid_next = header.uid.0.saturating_add(1);
                self.record(cursor, &batch)?;
                batch.clear();
            }
            if let Some(error) = lost {
                self.complain(&format!("mail {} could not be read, it is asked for again: {error}", header.uid.0));
                if error.is_dead() {
                    return Err(error.into());
                }
            }
        }
        cursor.uid_next = last.0.saturating_add(1);
        self.record(cursor, &batch)?;
        Ok(candidates.len())
    }

    /// Whether a mail can matter: it is, or poses as, the controller's, and young enough.
    fn is_candidate(&self, header: &Header, cursor: &Cursor) -> bool {
        let is_young = header.received_at.is_none_or(|at| at >= cursor.searched_since);
        // Half a header may hide whose mail it is.
        let is_cut = header.from.len() >= MAX_FROM;
        is_young && (is_cut || Mail::parse(&header.from).is_ok_and(|mail| is_claimed(&mail, self.check.rules)))
    }

    /// Records mails and the cursor behind them, together or not at all.
    fn record(&mut self, cursor: &Cursor, batch: &[Fetched]) -> Result<(), CheckError> {
        let taken = self.store.transaction(|records| {
            let taken = self.check.take(records, self.account, cursor, batch)?;
            records.move_cursor(cursor)?;
            if taken.iter().any(|mail| matches!(mail.outcome, Outcome::Applied(_))) {
                records.unfinish(&self.account.name, self.everything)?;
            }
            Ok::<_, StoreError>(taken)
        })?;
        self.mails.extend(taken);
        Ok(())
    }

    /// Asks once more, one by one, for what could not be had before.
    fn retry(&mut self, session: &mut Session, cursor: &Cursor) -> Result<(), CheckError> {
        for retry in self.store.records().retries(&cursor.account, &cursor.mailbox, cursor.uid_validity)? {
            let uid = Uid(retry.uid);
            let result = session.headers(&[uid]).and_then(|headers| match headers.first() {
                Some(header) if self.is_candidate(header, cursor) => fetch(session, header),
                _ => Ok(None),
            });
            let (fetched, error) = match result {
                Ok(fetched) => (fetched, None),
                Err(error) if error.is_dead() && !error.is_poison() => return Err(error.into()),
                Err(error) if retry.attempts < MAX_ATTEMPTS => {
                    (Some(Fetched { uid, received_at: None, raw: Err(error.to_string()) }), Some(error))
                }
                Err(error) => {
                    self.give_up(cursor, uid, &error)?;
                    (None, Some(error))
                }
            };
            let taken = self.store.transaction(|records| {
                if fetched.as_ref().is_none_or(|f| f.raw.is_ok()) {
                    records.retried(cursor, retry.uid)?;
                }
                self.check.take(records, self.account, cursor, fetched.as_slice())
            })?;
            self.mails.extend(taken);
            if let Some(error) = error {
                self.complain(&format!("mail {} could not be read, it is asked for again: {error}", retry.uid));
                if error.is_dead() {
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }
}

impl Visit<'_> {
    /// Shows the user that there is a mail which the server does not give.
    fn give_up(&mut self, cursor: &Cursor, uid: Uid, error: &imap::Error) -> Result<(), CheckError> {
        let check = self.check;
        let place = place(self.account, cursor, uid);
        let held = self.store.transaction(|records| {
            Intake::new(records, check.rules, &self.account.trusted, check.now)?.unfetched(&place, &error.to_string())
        })?;
        self.mails.extend(held);
        Ok(())
    }
}

impl Check<'_> {
    fn take(
        &self,
        records: Records<'_>,
        account: &Account,
        cursor: &Cursor,
        batch: &[Fetched],
    ) -> Result<Vec<Kept>, StoreError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let mut intake = Intake::new(records, self.rules, &account.trusted, self.now)?;
        let mut taken = Vec::new();
        for fetched in batch {
            let place = place(account, cursor, fetched.uid);
            match &fetched.raw {
                Ok(raw) => taken.extend(intake.take(&place, raw, fetched.received_at)?),
                Err(error) => records.retry_later(cursor, fetched.uid.0, error)?,
            }
        }
        Ok(taken)
    }
}

fn place(account: &Account, cursor: &Cursor, uid: Uid) -> Place {
    Place {
        account: Some(account.name.clone()),
        mailbox: Some(cursor.mailbox.clone()),
        uid_validity: Some(cursor.uid_validity),
        uid: Some(uid.0),
    }
}

/// Fetches a mail, one byte more than the limit so that one that is too large is known as such. `None` if it is gone.
fn fetch(session: &mut Session, header: &Header) -> Result<Option<Fetched>, imap::Error> {
    let limit = u32::try_from(MAX_SIZE).unwrap_or(u32::MAX).saturating_add(1);
    let raw = session.body(header.uid, limit)?;
    Ok(raw.map(|raw| Fetched { uid: header.uid, received_at: header.received_at, raw: Ok(raw) }))
}

/// The server and the login of an account, its password fetched.
fn connect_with(imap: &Imap) -> Result<(Server, Login), CheckError> {
    let password = imap.password.fetch().map_err(|error| CheckError::Other(error.to_string()))?;
    let read = |path: &std::path::PathBuf| {
        fs::read(path)
            .map_err(|error| CheckError::Other(format!("ca_file `{}`: {error}; check the path", path.display())))
    };
    let server = Server {
        host: imap.host.clone(),
        port: imap.port,
        security: imap.security,
        ca_pem: imap.ca_file.as_ref().map(read).transpose()?,
        timeout: imap.timeout,
    };
    Ok((server, Login { user: imap.user.clone(), password }))
}

/// A refused login, with what the provider's users have to know.
fn hint(error: imap::Error, account: &Account) -> CheckError {
    match account.hint.filter(|_| error.is_login()) {
        Some(hint) => CheckError::Other(format!("{error}. {hint}")),
        None => error.into(),
    }
}

/// The raw name of a wanted mailbox: by its special use (RFC 6154), by what such mailboxes are called where the server
/// does not tell uses, or by its own name.
fn resolve(wanted: &str, listed: &[Listed]) -> Option<String> {
    let selectable = || listed.iter().filter(|l| l.is_selectable);
    let named = |name: &str| selectable().find(|l| l.name == name || imap::decode_mailbox_name(&l.name) == name);
    if wanted.eq_ignore_ascii_case("INBOX") {
        return Some("INBOX".to_owned());
    }
    if !wanted.starts_with('\\') {
        return named(wanted).map(|l| l.name.clone());
    }
    let by_use = selectable().find(|l| l.uses.iter().any(|u| u.eq_ignore_ascii_case(wanted)));
    let usual: &[&str] = match wanted.to_lowercase().as_str() {
        "\\junk" => &JUNK_NAMES,
        "\\archive" => &["Archive", "Archiv", "Archives"],
        // Gmail's users can hide it.
        _ => &["INBOX"],
    };
    by_use.or_else(|| usual.iter().find_map(|name| named(name))).map(|l| l.name.clone())
}

/// The day that a search begins with.
fn day(since: Timestamp) -> Date {
    since.to_zoned_datetime(TimeZone::UTC).date()
}
