//! One look at an account: as many connections as it takes, and what they saw.

use std::collections::HashSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::disk::{Gathered, Origin};
use super::fate::Fate;
use super::plan::Wanted;
use super::suspects::Suspects;
use super::{Check, CheckError, Seen, Trouble, connect_with, explained};
use crate::config::{Account, Imap, Source};
use crate::fault::Fault;
use crate::source::imap::{Login, Server, Session};
use crate::store::{Place, Store, StoreError};

/// After so many refused logins in a row an account is left alone for a day: servers lock those who go on.
const MAX_REFUSALS: u32 = 3;
/// For so long; a little less than a day, so that a daily check is one.
const REST: SignedDuration = SignedDuration::from_hours(23);
/// How often a server whose reply could not be read is connected to again.
const MAX_CONNECTIONS: u32 = 5;
/// How often a server is connected to in all, when it breaks on mails: so many times 200 mails are halved until the one
/// that breaks it is alone, and some more.
const MAX_BROKEN: u32 = 24;

/// A look at an account; it lives as long as the account's turn.
pub struct Look<'a> {
    pub check: &'a Check<'a>,
    pub store: &'a mut Store,
    pub account: &'a Account,
    /// From when on any mail can matter. Set once that is known.
    pub since: Timestamp,
    /// The mails that were asked for again in this run, by mailbox and UID: once is enough.
    pub tried: HashSet<(String, u32)>,
    /// The mails among which one breaks the connection.
    pub suspects: Option<Suspects>,
    pub seen: Seen,
}

impl<'a> Look<'a> {
    pub fn new(check: &'a Check<'a>, store: &'a mut Store, account: &'a Account) -> Self {
        let seen = Seen { account: account.name.clone(), ..Seen::default() };
        Self { check, store, account, since: check.basis.now, tried: HashSet::new(), suspects: None, seen }
    }

    /// Looks. What was recorded stays recorded, whatever fails after it.
    pub fn run(mut self) -> Seen {
        if let Err(error) = self.account() {
            let is_mistake = error.is_mistake();
            let fault = self.here(error.into());
            self.seen.troubles.push(if is_mistake { Trouble::Mistake(fault) } else { Trouble::Outage(fault) });
        }
        self.seen
    }

    fn account(&mut self) -> Result<(), CheckError> {
        let account = self.account;
        let Some(wanted) = Wanted::new(self.store.records(), &account.name, &self.check.basis)? else { return Ok(()) };
        self.since = wanted.since;
        match &account.source {
            Source::Imap(imap) => self.server(imap, &wanted)?,
            Source::Maildir(path) | Source::Mbox(path) => self.disk(path)?,
        }
        if self.seen.troubles.is_empty() {
            self.store.transaction(|records| records.note_check(&account.name, self.check.basis.now))?;
        }
        Ok(())
    }

    fn server(&mut self, imap: &Imap, wanted: &Wanted) -> Result<(), CheckError> {
        let refusals = self.store.records().refusals(&self.account.name)?;
        let last = self.store.records().last_refusal(&self.account.name)?;
        let is_recent = last.is_none_or(|at| self.check.basis.now.duration_since(at) < REST);
        if refusals >= MAX_REFUSALS && is_recent {
            let what = format!("its login was refused {MAX_REFUSALS} times, so it is tried once a day only");
            return Err(Fault::new(what).remedy("mend it, then run tracker doctor").into());
        }
        let (server, login) = connect_with(imap, self.check.basis.now)?;
        for connection in 1..=MAX_BROKEN {
            // What an earlier connection saw, this one sees again.
            self.seen.mailboxes.clear();
            self.seen.troubles.clear();
            let mut session = self.log_in(&server, &login, refusals)?;
            match self.mailboxes(&mut session, imap, wanted) {
                // What could not be read is on the list to be asked for again, so the rest can go on.
                Err(CheckError::Imap(error)) if Fate::of(&error) == Fate::Reconnect && connection < MAX_CONNECTIONS => {
                }
                Err(CheckError::Broken(_)) if connection < MAX_BROKEN => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    tracing::debug!(account = self.account.name, commands = session.logout(), "read to the end");
                    break;
                }
            }
        }
        Ok(())
    }

    /// Logs in; what the server says to the login is counted.
    fn log_in(&mut self, server: &Server, login: &Login, refusals: u32) -> Result<Session, CheckError> {
        let name = &self.account.name;
        match Session::open(server, login) {
            Ok(session) => {
                if refusals > 0 {
                    self.store.transaction(|records| records.clear_refusals(name))?;
                }
                Ok(session)
            }
            Err(error) => {
                if error.is_login() {
                    self.store.transaction(|records| records.note_refusal(name, self.check.basis.now))?;
                }
                Err(explained(error, self.account).into())
            }
        }
    }

    fn disk(&mut self, path: &Path) -> Result<(), StoreError> {
        let place = Place { account: Some(self.account.name.clone()), ..Place::default() };
        let origin = Origin { place: &place, trusted: &self.account.trusted, is_polled: true };
        let Gathered { mails, errors, waiting, .. } = self.check.disk(self.store, &origin, path)?;
        self.seen.mails.extend(mails);
        let errors = errors.iter().map(Fault::from);
        for fault in errors.chain(waiting) {
            self.complain(fault);
        }
        Ok(())
    }

    /// Notes what failed for now, at this account.
    pub fn complain(&mut self, fault: Fault) {
        let fault = self.here(fault);
        self.seen.troubles.push(Trouble::Outage(fault));
    }

    fn here(&self, fault: Fault) -> Fault {
        fault.within(format!("account `{}`", self.account.name))
    }
}
