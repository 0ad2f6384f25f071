//! Corrections of what the user said: the value changes, and the history keeps both.

use rusqlite::{named_params, params};

use super::column::word;
use super::{Records, StoreError};
use crate::objection::{Edit, EventId, Field, ObjectionId, Step};

impl Records<'_> {
    /// Corrects an objection, and appends the step that says so.
    pub(crate) fn edit(&self, step: &Step, edits: &[Edit]) -> Result<(), StoreError> {
        self.append(step)?;
        let event = self.0.last_insert_rowid();
        for Edit { field, before, after } in edits {
            self.0.execute(
                "INSERT INTO edit (event, field, before, after) VALUES (:event, :field, :before, :after)",
                named_params! { ":event": event, ":field": field.as_str(), ":before": before, ":after": after },
            )?;
            self.set(step.objection, *field, after.as_deref())?;
        }
        Ok(())
    }

    /// Gives an objection back what it said before a correction.
    pub(crate) fn revert(&self, objection: ObjectionId, event: EventId) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached("SELECT field, before FROM edit WHERE event = ?1")?;
        let mut rows = statement.query([event.0])?;
        while let Some(row) = rows.next()? {
            self.set(objection, word(row, "field")?, row.get::<_, Option<String>>("before")?.as_deref())?;
        }
        Ok(())
    }

    fn set(&self, objection: ObjectionId, field: Field, value: Option<&str>) -> Result<(), StoreError> {
        let update = format!("UPDATE objection SET {} = ?2 WHERE id = ?1", field.as_str());
        self.0.execute(&update, params![objection.0, value])?;
        Ok(())
    }
}
