//! Stays connected to every account, a thread each, and tells when mail arrived.
//!
//! What arrived is not looked at here: whoever waits runs a check, which judges and records as ever.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::resolve::resolve;
use super::{CheckError, connect_with, explained};
use crate::config::{Account, Imap, Source};
use crate::fault::Fault;
use crate::source::imap::Session;

/// A server is left alone no longer than this, so that it is soon seen that nobody waits any more; RFC 2177 wants IDLE
/// renewed within 29 minutes.
const SLICE: Duration = Duration::from_secs(20);
/// The pause after the first failure; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_mins(10);

/// What an account's thread has to say.
#[derive(Debug)]
pub enum Heard {
    /// Mail may have arrived.
    Mail,
    /// The connection failed; it is tried again.
    Trouble(String),
    /// The configuration is at fault; the account is not tried again.
    Misconfigured(String),
    /// No account is tried any more.
    End,
}

/// A thread for each account; they end when this value does.
pub struct Listeners {
    heard: Receiver<Heard>,
    /// Troubles that came with mail, to be told next.
    troubles: RefCell<VecDeque<Heard>>,
    stop: Arc<AtomicBool>,
    /// Whether all accounts are on servers.
    is_remote: bool,
}

impl Listeners {
    /// Connects to the accounts that are on servers.
    pub fn start(accounts: &[Account]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, heard) = mpsc::channel();
        for account in accounts {
            let Source::Imap(imap) = &account.source else { continue };
            let (account, imap) = (account.clone(), imap.clone());
            let (stop, sender) = (Arc::clone(&stop), sender.clone());
            thread::spawn(move || attend(&account, &imap, &stop, &sender));
        }
        let is_remote = accounts.iter().all(|account| matches!(account.source, Source::Imap(_)));
        Self { heard, troubles: RefCell::default(), stop, is_remote }
    }

    /// What is heard next, if anything is within `patience`. Mail that came meanwhile is heard once.
    pub fn next(&self, patience: Duration) -> Option<Heard> {
        if let Some(trouble) = self.troubles.borrow_mut().pop_front() {
            return Some(trouble);
        }
        match self.heard.recv_timeout(patience) {
            Ok(Heard::Mail) => {
                // Each is answered by the same check.
                let is_trouble = |heard: &Heard| matches!(heard, Heard::Trouble(_) | Heard::Misconfigured(_));
                let troubles = self.heard.try_iter().filter(is_trouble);
                self.troubles.borrow_mut().extend(troubles);
                Some(Heard::Mail)
            }
            Ok(trouble) => Some(trouble),
            Err(RecvTimeoutError::Timeout) => None,
            // No account is on a server, or none is tried any more.
            Err(RecvTimeoutError::Disconnected) => {
                thread::sleep(patience);
                self.is_remote.then_some(Heard::End)
            }
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Connects again and again.
fn attend(account: &Account, imap: &Imap, stop: &AtomicBool, heard: &Sender<Heard>) {
    let mut pause = FIRST_PAUSE;
    while !stop.load(Ordering::Relaxed) {
        let connected = Instant::now();
        let Err(error) = listen(account, imap, stop, heard) else { return };
        // A connection that held for long was a good one.
        if connected.elapsed() > MAX_PAUSE {
            pause = FIRST_PAUSE;
        }
        if error.is_mistake() {
            let _ = heard.send(Heard::Misconfigured(format!("account `{}`: {error}", account.name)));
            return;
        }
        // Checks count refusals, and end at a few of them; a connection beside them tries once.
        let is_last = error.is_login();
        let end = if is_last { ". It is not tried any more; mend it, and start again" } else { "" };
        if heard.send(Heard::Trouble(format!("account `{}`: {error}{end}", account.name))).is_err() || is_last {
            return;
        }
        let until = Instant::now().checked_add(pause);
        while !stop.load(Ordering::Relaxed) && until.is_some_and(|until| Instant::now() < until) {
            thread::sleep(Duration::from_millis(100));
        }
        pause = pause.saturating_mul(2).min(MAX_PAUSE);
    }
}

/// One connection. Ends without an error when nobody waits any more.
fn listen(account: &Account, imap: &Imap, stop: &AtomicBool, heard: &Sender<Heard>) -> Result<(), CheckError> {
    let (server, login) = connect_with(imap, Timestamp::now())?;
    let mut session = Session::open(&server, &login).map_err(|error| explained(error, account))?;
    let listed = session.mailboxes()?;
    let first = imap.mailboxes.iter().find_map(|wanted| resolve(wanted, &listed).into_iter().next());
    let Some(first) = first else {
        return Err(Fault::new("none of its mailboxes is there").remedy("correct `mailboxes`").into());
    };
    let mut known = session.examine(&first)?;
    // What came before the mailbox was opened is not told.
    let mut has_news = true;
    loop {
        if has_news && heard.send(Heard::Mail).is_err() || stop.load(Ordering::Relaxed) {
            let _ = session.logout();
            return Ok(());
        }
        has_news = session.wait(SLICE)?;
        if !has_news {
            // What comes while one wait ends and before the next begins may not be told either.
            let now = session.examine(&first)?;
            has_news = now != known;
            known = now;
        }
    }
}
