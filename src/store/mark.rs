//! How far mail on disk was read.

use std::collections::HashMap;

use rusqlite::params;

use super::{Records, StoreError};
use crate::source::disk::Mark;
use crate::source::walk::Key;

impl Records<'_> {
    /// How far an account's files were read, on the same basis.
    ///
    /// # Errors
    /// SQLite's.
    pub fn marks(&self, account: &str, basis: &str) -> Result<HashMap<Key, Mark>, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT path, start, before FROM mark WHERE account = ?1 AND basis = ?2")?;
        let read = |row: &rusqlite::Row<'_>| {
            let start: i64 = row.get(1)?;
            Ok((row.get(0)?, Mark { start: u64::try_from(start).unwrap_or(0), before: row.get(2)? }))
        };
        Ok(statement.query_map([account, basis], read)?.collect::<Result<_, _>>()?)
    }

    /// Notes how far a file was read.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_mark(&self, account: &str, basis: &str, key: &Key, mark: &Mark) -> Result<(), StoreError> {
        let start = i64::try_from(mark.start).unwrap_or(i64::MAX);
        self.0
            .prepare_cached(
                "INSERT INTO mark (account, path, start, before, basis) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET start = excluded.start, before = excluded.before, basis = excluded.basis",
            )?
            .execute(params![account, key, start, mark.before, basis])?;
        Ok(())
    }

    /// Drops the marks of files that are gone, and those on another basis.
    ///
    /// # Errors
    /// SQLite's.
    pub fn drop_marks<'k>(
        &self,
        account: &str,
        basis: &str,
        gone: impl Iterator<Item = &'k Key>,
    ) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM mark WHERE account = ?1 AND basis <> ?2", [account, basis])?;
        let mut statement = self.0.prepare_cached("DELETE FROM mark WHERE account = ?1 AND path = ?2")?;
        for key in gone {
            statement.execute(params![account, key])?;
        }
        Ok(())
    }
}
