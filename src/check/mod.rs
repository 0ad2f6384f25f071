//! One account, looked at once: source → judge → record.
//!
//! A cursor only moves over mail that is recorded, in the same transaction, so a check that is cut off anywhere and run
//! again ends where an undisturbed one does. `plan` decides which mail to look at, `visit` looks at it.

mod diagnose;
mod disk;
mod fetched;
mod plan;
mod resolve;
mod visit;
mod watch;

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::config::{Account, Imap, Source};
use crate::fault::Fault;
use crate::mail::sha256;
use crate::net::dns::Dns;
use crate::report;
use crate::signal::Rules;
use crate::source::imap::{self, Login, Server, Session};
use crate::store::{Kept, Place, Store, StoreError};
use crate::system::progress::Progress;
use crate::trust::Trusted;
pub use diagnose::{Diagnosis, diagnose};
pub use disk::{Gathered, Origin};
use plan::Wanted;
use visit::Visit;
pub use watch::{Event, Watch};

/// So many bytes of mail are held in memory before they are recorded.
const BATCH: usize = 8 * 1024 * 1024;
/// After so many refused logins in a row an account is left alone: servers lock those who go on.
const MAX_REFUSALS: u32 = 3;
/// How often a server whose reply could not be read is connected to again.
const MAX_CONNECTIONS: u32 = 5;

/// What a check needs to know.
pub struct Check<'a> {
    /// How mail is read.
    pub rules: &'a Rules,
    /// The time.
    pub now: Timestamp,
    /// Whether to look at everything again.
    pub full: bool,
    /// Who is asked for DKIM keys: each once, for all accounts.
    pub dns: RefCell<Dns>,
    /// Who is shown how far it has come.
    pub progress: Progress,
}

/// Why an account, or a part of it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The server.
    #[error("{0}")]
    Imap(#[from] imap::Error),
    /// The configuration, which only its owner can mend.
    #[error("{0}")]
    Configuration(Fault),
    /// The server refused the login, with what the provider's users have to know.
    #[error("{0}")]
    Login(String),
    /// The record: no use to go on.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Anything else, said in full.
    #[error("{0}")]
    Other(String),
}

impl CheckError {
    /// Whether the configuration is at fault.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        match self {
            Self::Configuration(_) => true,
            Self::Imap(error) => error.is_configuration(),
            _ => false,
        }
    }
}

impl Check<'_> {
    /// Looks at an account. What was recorded stays recorded, whatever fails after it.
    pub fn account(&self, store: &mut Store, account: &Account) -> (report::Account, Vec<Kept>) {
        let mut seen = report::Account {
            account: account.name.clone(),
            ok: false,
            error: None,
            is_misconfigured: false,
            mailboxes: Vec::new(),
        };
        let mut mails = Vec::new();
        match self.look(store, account, &mut seen, &mut mails) {
            Ok(()) if seen.error.is_none() => seen.ok = true,
            Ok(()) => {}
            Err(error) => {
                seen.is_misconfigured = error.is_configuration();
                seen.error.get_or_insert_with(|| format!("account `{}`: {error}", account.name));
            }
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
        let imap = match &account.source {
            Source::Imap(imap) => imap,
            Source::Maildir(path) | Source::Mbox(path) => return self.look_on_disk(store, account, path, mails),
        };
        let refusals = store.records().refusals(&account.name)?;
        if refusals >= MAX_REFUSALS {
            let why = format!(
                "its login was refused {MAX_REFUSALS} times, so it is not tried any more; mend it, then run tracker doctor"
            );
            return Err(CheckError::Login(why));
        }
        let (server, login) = connect_with(imap, self.now)?;
        let mut tried = HashSet::new();
        for connection in 1..=MAX_CONNECTIONS {
            seen.mailboxes.clear();
            seen.error = None;
            let opened = Session::open(&server, &login).map_err(|error| explained(error, account));
            match opened {
                Ok(_) if refusals > 0 => store.transaction(|records| records.admitted(&account.name))?,
                Err(CheckError::Login(_)) => store.transaction(|records| records.refused(&account.name))?,
                _ => {}
            }
            let mut session = opened?;
            let mut visit = Visit {
                check: self,
                store: &mut *store,
                account,
                imap,
                wanted: &wanted,
                everything,
                tried: &mut tried,
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

    /// Whom to believe about a sender, in short: what was held for want of a proof may have one when that changes.
    fn belief(&self, trusted: &Trusted) -> String {
        let belief = sha256(format!("{trusted:?} {}", self.dns.borrow().is_on()).as_bytes());
        belief.chars().take(16).collect()
    }

    fn look_on_disk(
        &self,
        store: &mut Store,
        account: &Account,
        path: &Path,
        mails: &mut Vec<Kept>,
    ) -> Result<(), CheckError> {
        let place = Place { account: Some(account.name.clone()), ..Place::default() };
        let origin = Origin { place: &place, trusted: &account.trusted, is_polled: true };
        let Gathered { mails: new, errors, waiting, .. } = self.disk(store, &origin, path)?;
        mails.extend(new);
        let problems: Vec<String> = errors.iter().map(ToString::to_string).chain(waiting).collect();
        if !problems.is_empty() {
            return Err(CheckError::Other(problems.join("; ")));
        }
        store.transaction(|records| records.checked(&account.name, self.now))?;
        Ok(())
    }
}

/// The server and the login of an account, its password fetched.
fn connect_with(imap: &Imap, now: Timestamp) -> Result<(Server, Login), CheckError> {
    let secret = imap.password.fetch(now).map_err(|error| CheckError::Other(error.to_string()))?;
    let read = |path: &PathBuf| {
        fs::read(path).map_err(|error| {
            let fault = Fault::new(format!("ca_file `{}`", path.display()));
            CheckError::Configuration(fault.because(error).remedy("check the path"))
        })
    };
    let server = Server {
        host: imap.host.clone(),
        port: imap.port,
        security: imap.security,
        ca_pem: imap.ca_file.as_ref().map(read).transpose()?,
        timeout: imap.timeout,
    };
    Ok((server, Login { user: imap.user.clone(), secret }))
}

/// A refusal, with what the provider's users can do.
fn explained(error: imap::Error, account: &Account) -> CheckError {
    let step = error.refusal.and_then(|refusal| account.provider?.step(refusal));
    let error = match step {
        Some(step) => error.and(&step),
        None => error,
    };
    if error.is_login() { CheckError::Login(error.to_string()) } else { error.into() }
}
