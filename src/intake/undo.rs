//! An event taken back: by the person who caused it, or because the rule that read its mail was wrong.

use super::codes::restore_codes;
use crate::objection::{Kind, Step, events_that_count};
use crate::signal::Rules;
use crate::store::{Records, StoreError};

/// Takes an event back, as `Objection::step_back` has it: history keeps both. Codes that the event made useless can be
/// used again.
pub fn take_back(records: Records<'_>, step: &Step, rules: &Rules) -> Result<(), StoreError> {
    records.append(step)?;
    if let Some(mail) = step.mail {
        records.drop_codes(mail)?;
    }
    let events = records.events(step.objection)?;
    if step.state.is_pending() && !events_that_count(&events).any(|event| event.kind == Kind::Verified) {
        restore_codes(records, step.objection, rules)?;
    }
    Ok(())
}
