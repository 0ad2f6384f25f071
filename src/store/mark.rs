//! How far mail on disk was read.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, params};

use super::{Records, StoreError};

/// What a file is known by: its absolute path as the system has it, which need not be UTF-8. A mail of a Maildir, whose
/// file is renamed as it is read, is known by the Maildir and its unique name instead.
pub type FileKey = Vec<u8>;

/// How far a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMark {
    /// Of an mbox: where its last mail begins, in bytes. That mail may have been written to while it was read. Of a file
    /// with a single mail: its size.
    pub start: u64,
    /// Of an mbox: how many bytes of that mail were hashed, and the SHA-256 of the bytes around its beginning. Of a file
    /// with a single mail: when it was written.
    pub before: String,
}

impl Records<'_> {
    /// How far an account's files were read. Nothing is known of them any more when their mail may be judged otherwise
    /// now: on another basis, or for an objection that was not known, or was in another state.
    ///
    /// # Errors
    /// SQLite's.
    pub fn marks(&self, account: &str, basis: &str) -> Result<HashMap<FileKey, FileMark>, StoreError> {
        let reading: Option<(String, String)> = self
            .0
            .query_row("SELECT basis, objections FROM reading WHERE account = ?1", [account], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let states = self.states()?;
        if !reading.is_some_and(|(old, known)| old == basis && is_known(&states, &known)) {
            self.0.execute("DELETE FROM reading WHERE account = ?1", [account])?;
            self.0.execute(
                "INSERT INTO reading (account, basis, objections) VALUES (?1, ?2, ?3)",
                params![account, basis, states],
            )?;
        }
        let mut statement = self.0.prepare_cached("SELECT path, start, before FROM mark WHERE account = ?1")?;
        let read = |row: &rusqlite::Row<'_>| {
            let start: i64 = row.get(1)?;
            Ok((row.get(0)?, FileMark { start: u64::try_from(start).unwrap_or(0), before: row.get(2)? }))
        };
        Ok(statement.query_map([account], read)?.collect::<Result<_, _>>()?)
    }

    /// Notes how far a file was read.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_mark(&self, account: &str, key: &FileKey, mark: &FileMark) -> Result<(), StoreError> {
        let start = i64::try_from(mark.start).unwrap_or(i64::MAX);
        self.0
            .prepare_cached(
                "INSERT INTO mark (account, path, start, before) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET start = excluded.start, before = excluded.before",
            )?
            .execute(params![account, key, start, mark.before])?;
        Ok(())
    }

    /// Drops the marks of files that are gone.
    ///
    /// # Errors
    /// SQLite's.
    pub fn drop_marks<'k>(&self, account: &str, mut gone: impl Iterator<Item = &'k FileKey>) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached("DELETE FROM mark WHERE account = ?1 AND path = ?2")?;
        gone.try_for_each(|key| statement.execute(params![account, key]).map(drop))?;
        Ok(())
    }

    /// The objections and their states, a word each.
    ///
    /// # Errors
    /// SQLite's.
    pub fn states(&self) -> Result<String, StoreError> {
        let words: Vec<String> = self.objections()?.iter().map(|o| format!("{}:{}", o.id, o.state)).collect();
        Ok(words.join(" "))
    }
}

/// Whether all objections were known, in the states that they are in. One that is gone makes no difference: what was passed
/// over was nothing to the others, and what was erased with it is not fetched back for its own sake.
fn is_known(states: &str, known: &str) -> bool {
    let known: HashSet<&str> = known.split_whitespace().collect();
    states.split_whitespace().all(|state| known.contains(state))
}
