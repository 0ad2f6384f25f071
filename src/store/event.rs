//! Events: what happened, appended and never changed.

use jiff::Timestamp;
use rusqlite::{Row, named_params};

use super::{Records, StoreError, moment, word};
use crate::objection::{Cause, Event, EventId, Kind, ObjectionId, State, Step};

impl Records<'_> {
    /// Appends a step to the history of its objection. Digits that are of no more use after it are wiped.
    ///
    /// # Errors
    /// SQLite's.
    pub fn append(&self, step: &Step) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO event (objection, at, kind, state_before, state, cause, mail, note, undoes, recorded_at)
             VALUES (:objection, :at, :kind, :before, :state, :cause, :mail, :note, :undoes, :recorded_at)",
            named_params! {
                ":objection": step.objection.0, ":at": step.at.as_second(), ":kind": step.kind.as_str(),
                ":before": step.before.as_str(), ":state": step.state.as_str(), ":cause": step.cause.as_str(),
                ":mail": step.mail, ":note": step.note, ":undoes": step.undoes.map(|id| id.0),
                ":recorded_at": step.recorded_at.as_second(),
            },
        )?;
        if step.kind == Kind::Verified || step.state.is_terminal() {
            self.wipe_codes(step.objection)?;
        }
        Ok(())
    }

    /// When the newest event was recorded, if there is one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn newest(&self) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = self.0.query_row("SELECT max(recorded_at) FROM event", [], |row| row.get(0))?;
        at.map(moment).transpose()
    }

    /// The history of an objection, in the order in which it became known.
    ///
    /// # Errors
    /// SQLite's.
    pub fn events(&self, objection: ObjectionId) -> Result<Vec<Event>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT id, at, kind, state, cause, mail, note, undoes FROM event WHERE objection = ?1 ORDER BY id",
        )?;
        statement.query_map([objection.0], |row| Ok(read(row)))?.map(|event| event?).collect()
    }
}

fn read(row: &Row<'_>) -> Result<Event, StoreError> {
    Ok(Event {
        id: EventId(row.get(0)?),
        at: moment(row.get(1)?)?,
        kind: word::<Kind>(&row.get::<_, String>(2)?)?,
        state: word::<State>(&row.get::<_, String>(3)?)?,
        cause: word::<Cause>(&row.get::<_, String>(4)?)?,
        mail: row.get(5)?,
        note: row.get(6)?,
        undoes: row.get::<_, Option<i64>>(7)?.map(EventId),
    })
}
