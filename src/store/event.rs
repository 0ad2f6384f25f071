//! Events: what happened, appended and never changed.

use jiff::Timestamp;
use rusqlite::{Row, named_params};

use super::column::{moment, optional_moment, word};
use super::{Records, StoreError};
use crate::objection::{Cause, Event, EventId, Kind, ObjectionId, State};

/// An event to be recorded.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// To which objection.
    pub objection: ObjectionId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// The state before it.
    pub before: State,
    /// The state after it.
    pub state: State,
    /// Whose word it rests on.
    pub cause: Cause,
    /// The mail that said so.
    pub mail: Option<i64>,
    /// The user's remark.
    pub note: Option<String>,
    /// The event that no longer counts.
    pub undoes: Option<EventId>,
    /// When it became known here.
    pub recorded_at: Timestamp,
}

impl Records<'_> {
    /// Appends an event, and wipes the digits of codes that are of no more use after it.
    pub fn append(&self, new: &NewEvent) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO event (objection, at, kind, state_before, state, cause, mail, note, undoes, recorded_at)
             VALUES (:objection, :at, :kind, :before, :state, :cause, :mail, :note, :undoes, :recorded_at)",
            named_params! {
                ":objection": new.objection.0, ":at": new.at.as_second(), ":kind": new.kind.as_str(),
                ":before": new.before.as_str(), ":state": new.state.as_str(), ":cause": new.cause.as_str(),
                ":mail": new.mail, ":note": new.note, ":undoes": new.undoes.map(|id| id.0),
                ":recorded_at": new.recorded_at.as_second(),
            },
        )?;
        if new.kind == Kind::Verified || new.state.is_terminal() {
            self.wipe_codes(new.objection)?;
        }
        Ok(())
    }

    /// When the newest event was recorded, if there is one.
    pub(crate) fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        let newest = "SELECT max(recorded_at) AS recorded_at FROM event";
        self.0.query_row_and_then(newest, [], |row| optional_moment(row, "recorded_at"))
    }

    /// The history of an objection, in the order in which it became known.
    pub(crate) fn events(&self, objection: ObjectionId) -> Result<Vec<Event>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT id, at, kind, state, cause, mail, note, undoes FROM event WHERE objection = ?1 ORDER BY id",
        )?;
        statement.query_and_then([objection.0], read)?.collect()
    }
}

fn read(row: &Row<'_>) -> Result<Event, StoreError> {
    Ok(Event {
        id: EventId(row.get("id")?),
        at: moment(row, "at")?,
        kind: word(row, "kind")?,
        state: word(row, "state")?,
        cause: word(row, "cause")?,
        mail: row.get("mail")?,
        note: row.get("note")?,
        undoes: row.get::<_, Option<i64>>("undoes")?.map(EventId),
    })
}
