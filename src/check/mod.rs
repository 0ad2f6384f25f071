//! One look at one account: source → judge → record.
//!
//! A cursor only moves over mail that is recorded, in the same transaction, so a check that is cut off anywhere and run
//! again ends where an undisturbed one does. `look` makes the connections, `plan` says which mail of a mailbox to look
//! at, `mailbox` looks at it and moves the cursor, `fate` says what follows a server's error, `seen` is what comes of it.

mod diagnose;
mod disk;
mod fate;
mod fetched;
mod listen;
mod look;
mod mailbox;
mod plan;
mod resolve;
mod retry;
mod seen;
mod suspects;

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::config::{Account, Imap};
use crate::fault::Fault;
use crate::intake::Basis;
use crate::mail::sha256;
use crate::mail::text::line;
use crate::source::imap::{self, Login, Server};
use crate::store::{Store, StoreError};
use crate::system::progress::Progress;
use crate::trust::Trusted;
pub use diagnose::{Diagnosis, diagnose};
pub use disk::{Gathered, Origin};
pub use listen::{Heard, Listeners};
use look::Look;
pub use seen::{Seen, SeenMailbox, Trouble};

/// So many bytes of mail are held in memory before they are recorded.
const BATCH: usize = 8 * 1024 * 1024;

/// What every look of a run is handed.
pub struct Check<'a> {
    /// What mails are judged by.
    pub basis: Basis<'a>,
    /// Whether to look at everything again.
    pub full: bool,
    /// Who is shown how far it has come.
    pub progress: Progress,
}

/// Why an account, or a part of it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The server.
    #[error("{0}")]
    Imap(#[from] imap::Error),
    /// The connection broke on a FETCH. What is to blame is noted or sought, so that another connection gets further.
    #[error("{0}")]
    Broken(imap::Error),
    /// The record: no use to go on.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Wrong configuration that shows only when it is used.
    #[error("{0}")]
    Mistake(Fault),
    /// Anything else.
    #[error("{0}")]
    Other(#[from] Fault),
}

impl CheckError {
    /// Whether the server refused the login.
    pub fn is_login(&self) -> bool {
        matches!(self, Self::Imap(error) if error.is_login())
    }

    /// Whether the configuration is wrong, rather than something outside that may be right next time.
    pub fn is_mistake(&self) -> bool {
        match self {
            Self::Mistake(_) => true,
            Self::Imap(error) => error.is_configuration(),
            _ => false,
        }
    }
}

impl From<CheckError> for Fault {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Imap(error) | CheckError::Broken(error) => Self::from(error),
            CheckError::Store(error) => Self::from(error),
            CheckError::Mistake(fault) | CheckError::Other(fault) => fault,
        }
    }
}

impl Check<'_> {
    /// Looks at an account. What was recorded stays recorded, whatever fails after it.
    pub fn look(&self, store: &mut Store, account: &Account) -> Seen {
        Look::new(self, store, account).run()
    }

    /// Whom to believe about a sender, in short: what was held for want of a proof may have one when that changes.
    fn belief(&self, trusted: &Trusted) -> String {
        let belief = sha256(format!("{trusted:?} {}", self.basis.verifies()).as_bytes());
        belief.chars().take(16).collect()
    }
}

/// A mailbox's name for a person.
fn shown(name: &str) -> String {
    line(&imap::decode_mailbox_name(name))
}

/// The server and the login of an account, its password fetched.
fn connect_with(imap: &Imap, now: Timestamp) -> Result<(Server, Login), CheckError> {
    let secret = imap.password.fetch(now)?;
    let read = |path: &PathBuf| {
        fs::read(path).map_err(|error| {
            let what = format!("ca_file `{}`", path.display());
            CheckError::Mistake(Fault::new(what).because(error).remedy("check the path"))
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
fn explained(error: imap::Error, account: &Account) -> imap::Error {
    match error.refusal.and_then(|refusal| account.provider?.step(refusal)) {
        Some(step) => error.and(&step),
        None => error,
    }
}
