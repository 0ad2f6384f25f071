//! An event taken back: by the person who caused it, or because the rule that read its mail was wrong.

use jiff::Timestamp;

use super::codes::restore_codes;
use crate::objection::{Cause, Event, Kind, Objection, replay, standing};
use crate::signal::Rules;
use crate::store::{NewEvent, Records, StoreError};

/// Takes an event back: history keeps both. Codes that it made useless can be used again.
///
/// # Errors
/// When the record can't be written.
pub fn take_back(
    records: Records<'_>,
    objection: &Objection,
    undone: &Event,
    cause: Cause,
    now: Timestamp,
    rules: &Rules,
) -> Result<(), StoreError> {
    let events: Vec<Event> = records.events(objection.id)?.into_iter().filter(|e| e.id != undone.id).collect();
    let state = replay(&events);
    records.append(&NewEvent {
        objection: objection.id,
        at: now,
        kind: Kind::Undone,
        before: objection.state,
        state,
        cause,
        mail: undone.mail,
        note: None,
        undoes: Some(undone.id),
        recorded_at: now,
    })?;
    if let Some(mail) = undone.mail {
        records.drop_codes(mail)?;
    }
    if state.is_pending() && !standing(&events).any(|e| e.kind == Kind::Verified) {
        restore_codes(records, objection.id, rules)?;
    }
    Ok(())
}
