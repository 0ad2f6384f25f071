//! How far mboxes were read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::params;

use super::{Records, StoreError};
use crate::objection::ObjectionId;
use crate::source::disk::Mark;

impl Records<'_> {
    /// How far mboxes were read, if no objection came since.
    ///
    /// # Errors
    /// SQLite's.
    pub fn marks(&self, newest: ObjectionId) -> Result<HashMap<PathBuf, Mark>, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT path, start, before FROM mbox WHERE objection = ?1")?;
        let read = |row: &rusqlite::Row<'_>| {
            let path: String = row.get(0)?;
            let start: i64 = row.get(1)?;
            Ok((PathBuf::from(path), Mark { start: u64::try_from(start).unwrap_or(0), before: row.get(2)? }))
        };
        Ok(statement.query_map([newest.0], read)?.collect::<Result<_, _>>()?)
    }

    /// Notes how far an mbox was read.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_mark(&self, path: &Path, mark: &Mark, newest: ObjectionId) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO mbox (path, start, before, objection) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET start = excluded.start, before = excluded.before, objection = excluded.objection",
            params![path.to_string_lossy(), i64::try_from(mark.start).unwrap_or(i64::MAX), mark.before, newest.0],
        )?;
        Ok(())
    }
}
