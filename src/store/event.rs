//! Events: what happened, appended and never changed.

use jiff::Timestamp;
use rusqlite::{Row, named_params};

use super::column::{moment, optional_moment, optional_word, word};
use super::{Records, StoreError};
use crate::objection::{Event, EventId, Kind, ObjectionId, Question, Step};

impl Records<'_> {
    /// Appends a step to the history of its objection. Digits that are of no more use after it are wiped.
    pub fn append(&self, step: &Step) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO event (objection, at, kind, state_before, state, cause, mail, note, undoes, question, recorded_at)
             VALUES (:objection, :at, :kind, :before, :state, :cause, :mail, :note, :undoes, :question, :recorded_at)",
            named_params! {
                ":objection": step.objection.0, ":at": step.at.as_second(), ":kind": step.kind.as_str(),
                ":before": step.before.as_str(), ":state": step.state.as_str(), ":cause": step.cause.as_str(),
                ":mail": step.mail, ":note": step.note, ":undoes": step.undoes.map(|id| id.0),
                ":question": step.question.map(Question::as_str),
                ":recorded_at": step.recorded_at.as_second(),
            },
        )?;
        if step.kind == Kind::Verified || step.state.is_terminal() {
            self.wipe_codes(step.objection)?;
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
            "SELECT id, at, kind, state, cause, mail, note, undoes, question FROM event WHERE objection = ?1 ORDER BY id",
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
        question: optional_word(row, "question")?,
    })
}
