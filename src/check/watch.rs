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
use crate::source::imap::Session;

/// A server is left alone no longer than this, so that it is soon seen that nobody waits any more; RFC 2177 wants IDLE
/// renewed within 29 minutes.
const SLICE: Duration = Duration::from_secs(20);
/// The pause after the first failure; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_mins(10);

/// Something that an account's thread has to say.
#[derive(Debug)]
pub enum Event {
    /// Mail may have arrived.
    Mail,
    /// The connection failed; it is tried again.
    Trouble(String),
    /// The configuration is at fault; the account is not tried again.
    Misconfigured(String),
    /// No account is tried any more.
    End,
}

/// The threads; they end when it does.
pub struct Watch {
    events: Receiver<Event>,
    /// Troubles that came with mail, to be told next.
    troubles: RefCell<VecDeque<Event>>,
    stop: Arc<AtomicBool>,
    /// Whether all accounts are on servers.
    is_remote: bool,
}

impl Watch {
    /// Connects to the accounts that are on servers.
    #[must_use]
    pub fn start(accounts: &[Account]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, events) = mpsc::channel();
        for account in accounts {
            let Source::Imap(imap) = &account.source else { continue };
            let (account, imap) = (account.clone(), imap.clone());
            let (stop, sender) = (Arc::clone(&stop), sender.clone());
            thread::spawn(move || attend(&account, &imap, &stop, &sender));
        }
        let is_remote = accounts.iter().all(|account| matches!(account.source, Source::Imap(_)));
        Self { events, troubles: RefCell::default(), stop, is_remote }
    }

    /// The next event, if there is one within `patience`. Events that came meanwhile are one.
    #[must_use]
    pub fn next(&self, patience: Duration) -> Option<Event> {
        if let Some(trouble) = self.troubles.borrow_mut().pop_front() {
            return Some(trouble);
        }
        match self.events.recv_timeout(patience) {
            Ok(Event::Mail) => {
                // Each is answered by the same check.
                let troubles =
                    self.events.try_iter().filter(|event| matches!(event, Event::Trouble(_) | Event::Misconfigured(_)));
                self.troubles.borrow_mut().extend(troubles);
                Some(Event::Mail)
            }
            Ok(trouble) => Some(trouble),
            Err(RecvTimeoutError::Timeout) => None,
            // No account is on a server, or none is tried any more.
            Err(RecvTimeoutError::Disconnected) => {
                thread::sleep(patience);
                self.is_remote.then_some(Event::End)
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Connects again and again.
fn attend(account: &Account, imap: &Imap, stop: &AtomicBool, events: &Sender<Event>) {
    let mut pause = FIRST_PAUSE;
    while !stop.load(Ordering::Relaxed) {
        let connected = Instant::now();
        let Err(error) = listen(account, imap, stop, events) else { return };
        // A connection that held for long was a good one.
        if connected.elapsed() > MAX_PAUSE {
            pause = FIRST_PAUSE;
        }
        if error.is_configuration() {
            let _ = events.send(Event::Misconfigured(format!("account `{}`: {error}", account.name)));
            return;
        }
        // Checks count refusals, and end at a few of them; a connection beside them tries once.
        let is_last = matches!(error, CheckError::Login(_));
        let end = if is_last { ". It is not tried any more; mend it, and start again" } else { "" };
        if events.send(Event::Trouble(format!("account `{}`: {error}{end}", account.name))).is_err() || is_last {
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
fn listen(account: &Account, imap: &Imap, stop: &AtomicBool, events: &Sender<Event>) -> Result<(), CheckError> {
    let (server, login) = connect_with(imap, Timestamp::now())?;
    let mut session = Session::open(&server, &login).map_err(|error| explained(error, account))?;
    let listed = session.mailboxes()?;
    let first = imap.mailboxes.iter().find_map(|wanted| resolve(wanted, &listed));
    let Some(first) = first else {
        return Err(CheckError::Other("none of its mailboxes is there; correct `mailboxes`".to_owned()));
    };
    let mut known = session.examine(&first)?;
    // What came before the mailbox was opened is not told.
    let mut has_news = true;
    loop {
        if has_news && events.send(Event::Mail).is_err() || stop.load(Ordering::Relaxed) {
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
