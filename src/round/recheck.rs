//! The kept mails judged again after the rules changed.

use super::Round;
use crate::intake::{Change, Intake};
use crate::objection::Objection;
use crate::store::StoreError;

/// A kept mail that is taken for something else than before.
pub(crate) struct Rejudged {
    /// Before and after.
    pub change: Change,
    /// The objection that it belongs to now.
    pub objection: Option<Objection>,
}

impl Round<'_> {
    /// Judges the kept mails again. The verdicts on their senders stay, so nobody is asked about them.
    pub fn recheck(&mut self) -> Result<Vec<Rejudged>, StoreError> {
        let (basis, progress) = (self.terms.basis(), self.terms.progress);
        let changes = self.store.transaction(|records| Intake::new(records, &basis)?.recheck(progress))?;
        let records = self.store.records();
        let rejudged = |change: Change| {
            let id = change.after.outcome.objection();
            let objection = id.map(|id| records.objection(id)).transpose()?.flatten();
            Ok(Rejudged { change, objection })
        };
        changes.into_iter().map(rejudged).collect()
    }

    /// Notes that the user was told, so that the next check does not.
    pub fn note_told(&mut self, rejudged: &[Rejudged]) -> Result<(), StoreError> {
        self.store.transaction(|records| rejudged.iter().try_for_each(|r| records.note_told(r.change.after.id)))
    }
}
