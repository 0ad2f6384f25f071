//! What a round brought, as one value: lines, JSON and notices are all made from it.

use jiff::Timestamp;
use serde_json::Value;

use crate::check::{Seen, Trouble};
use crate::fault::Fault;
use crate::intake::Doubt;
use crate::objection::{Action, Objection, Standing};
use crate::report;
use crate::store::{Kept, Outcome, Records, StoreError};
use crate::trust::Proof;

/// What a round brought.
pub(crate) struct News {
    /// When it was made.
    pub at: Timestamp,
    /// What was seen of each account.
    pub accounts: Vec<Seen>,
    /// The mails that the user is to be told of.
    pub mails: Vec<Kept>,
    /// All objections, as they stand after it.
    pub objections: Vec<Objection>,
    /// The objections whose mail did not come, if the user was not told so before.
    pub missing: Vec<Objection>,
    /// The kept mails whose decision would no longer be applied.
    pub doubts: Vec<Doubt>,
    /// By which rules that was found, if it was looked for.
    pub reviewed_by: Option<String>,
    /// What went wrong beside the looks.
    pub troubles: Vec<Trouble>,
    /// What is not wrong enough to fail, but would be a surprise.
    pub warnings: Vec<Fault>,
}

impl News {
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            at,
            accounts: Vec::new(),
            mails: Vec::new(),
            objections: Vec::new(),
            missing: Vec::new(),
            doubts: Vec::new(),
            reviewed_by: None,
            troubles: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.mails.is_empty() && self.missing.is_empty() && self.doubts.is_empty()
    }

    /// For people: a line for each change, and for each mail that did not come.
    pub fn lines(&self) -> String {
        self.lines_of(&mut |_| true)
    }

    /// The same, of some of the mails.
    pub fn lines_of(&self, is_told: &mut dyn FnMut(&Kept) -> bool) -> String {
        let mails = self.mails.iter().filter(|mail| is_told(mail));
        let changes = mails.map(|mail| report::change(mail, self.objection_of(mail).as_ref()));
        let missing = self.missing.iter().map(|objection| report::missing(&objection.at(self.at)));
        let doubts = self.doubts.iter().map(report::doubt);
        changes.chain(missing).chain(doubts).map(|line| line + "\n").collect()
    }

    /// Puts first what changed something, then what is proven: whatever else came must not hide it, nor keep a slow hook from
    /// being told of it.
    pub fn sort(&mut self) {
        self.mails.sort_by_key(|mail| {
            let is_applied = matches!(mail.outcome, Outcome::Applied(_));
            (!is_applied, mail.verdict.result != Proof::Authentic)
        });
    }

    /// For programs (contract §5).
    pub fn json(&self) -> Value {
        report::run(self.at, &self.accounts, &self.mails, &self.missing, &self.doubts)
    }

    /// The objection that a mail belongs to.
    fn objection_of(&self, mail: &Kept) -> Option<Standing<'_>> {
        let id = mail.outcome.objection()?;
        self.objections.iter().find(|objection| objection.id == id).map(|objection| objection.at(self.at))
    }

    pub(super) fn find_missing(&mut self, records: Records<'_>) -> Result<(), StoreError> {
        for objection in &self.objections {
            let next = objection.at(self.at).next;
            let is_missing = matches!(next.action, Action::LookForMail | Action::Remind | Action::Complain);
            if is_missing && !records.has_notice(objection.id, &next)? {
                self.missing.push(objection.clone());
            }
        }
        Ok(())
    }

    pub(super) fn warn_of_no_account(&mut self) {
        if self.objections.iter().any(|objection| objection.state.is_pending()) {
            let what = "no account is configured, so no inbox was looked at";
            self.warnings.push(Fault::new(what).remedy("add one with `tracker setup`"));
        }
    }
}
