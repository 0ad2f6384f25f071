//! One round over the accounts: what was not told before, what is new, and what is missing.
//!
//! A round records first and returns its `News`. Whoever makes it prints them, then lets `notify` tell the others, which
//! notes what was told. What a round records and nobody is told of is told by the next.

mod ingest;
mod lock;
mod news;
mod recheck;

use jiff::Timestamp;

use crate::check::{Check, Seen};
use crate::config::{Account, Config};
use crate::intake::{Basis, Intake};
use crate::net::dns::Dns;
use crate::signal::Rules;
use crate::store::{Kept, Store, StoreError};
use crate::system::progress::Progress;

pub(crate) use lock::lock;
pub(crate) use news::News;
pub(crate) use recheck::Rejudged;

/// What a round is given.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub config: &'a Config,
    pub rules: &'a Rules,
    pub now: Timestamp,
    pub progress: Progress,
    /// Whether mail that was read before is read again.
    pub is_full: bool,
    /// Whether everything is tried on a copy of the record, and nothing is changed.
    pub is_dry_run: bool,
}

/// A round that is being made.
pub(crate) struct Round<'a> {
    /// The record; in a dry run, a copy of it.
    pub store: Store,
    pub terms: Terms<'a>,
}

impl<'a> Round<'a> {
    pub fn new(store: Store, terms: Terms<'a>) -> Result<Self, StoreError> {
        let store = if terms.is_dry_run { store.rehearsal()? } else { store };
        Ok(Self { store, terms })
    }

    /// Looks at every one of some accounts. The caller holds the `lock`.
    pub fn check(&mut self, accounts: &[&Account]) -> Result<News, StoreError> {
        self.reconsider()?;
        self.store.transaction(|records| records.drop_old_bodies(self.terms.now))?;
        let mut news = News::new(self.terms.now);
        news.mails = self.store.records().untold()?;
        let check = self.terms.check();
        for account in accounts {
            tracing::info!(account = account.name, "checking");
            let mut seen = check.look(&mut self.store, account);
            news.mails.append(&mut seen.mails);
            news.accounts.push(seen);
        }
        self.review(&mut news)?;
        let records = self.store.records();
        news.objections = records.objections()?;
        // An account that was not read to its end may hold the mail that seems to be missing.
        if accounts.len() == self.terms.config.accounts.len() && news.accounts.iter().all(Seen::is_complete) {
            news.find_missing(records)?;
        }
        if self.terms.config.accounts.is_empty() {
            news.warn_of_no_account();
        }
        Ok(news)
    }

    /// Looks once, by these rules and this program, which decisions of kept mails would no longer be applied.
    fn review(&mut self, news: &mut News) -> Result<(), StoreError> {
        if !self.store.records().has_decisions()? {
            return Ok(());
        }
        let (terms, program) = (self.terms, env!("CARGO_PKG_VERSION"));
        let basis = format!("{program} {}", terms.rules.fingerprint());
        if !self.store.records().is_reviewed(&basis)? {
            news.doubts = Intake::new(self.store.records(), &terms.basis())?.doubts()?;
            news.reviewed_by = Some(basis);
        }
        Ok(())
    }

    /// Judges held mail again, after an objection was corrected.
    pub fn again(&mut self) -> Result<News, StoreError> {
        let mut news = News::new(self.terms.now);
        news.mails = self.reconsider()?;
        news.objections = self.store.records().objections()?;
        Ok(news)
    }

    /// Judges those held mails again that a newer objection may explain, and returns those that one does. The verdicts on
    /// their senders stay, so nobody is asked about them.
    fn reconsider(&mut self) -> Result<Vec<Kept>, StoreError> {
        let basis = self.terms.basis();
        self.store.transaction(|records| Intake::new(records, &basis)?.reconsider())
    }
}

impl<'a> Terms<'a> {
    fn check(&self) -> Check<'a> {
        Check { basis: self.basis(), full: self.is_full, progress: self.progress }
    }

    fn basis(&self) -> Basis<'a> {
        let mut basis = Basis::new(self.rules, self.now, Dns::new(&self.config.dkim));
        basis.after_decision = self.config.check.after_decision;
        basis
    }
}
