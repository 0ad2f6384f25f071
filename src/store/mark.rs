//! How far mail on disk was read.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, Row, params};

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
    /// Begins to read an account's files, and says how far each was read before. All of that is dropped where the same
    /// mail may be judged otherwise now: on another `basis`, for a new objection, or for one in another state.
    pub(crate) fn begin_reading(&self, account: &str, basis: &str) -> Result<HashMap<FileKey, FileMark>, StoreError> {
        let states = self.states()?;
        if !self.is_judged_alike(account, basis, &states)? {
            self.0.execute("DELETE FROM reading WHERE account = ?1", [account])?;
            self.0.execute(
                "INSERT INTO reading (account, basis, objections) VALUES (?1, ?2, ?3)",
                params![account, basis, states],
            )?;
        }
        let mut statement = self.0.prepare_cached("SELECT path, start, before FROM mark WHERE account = ?1")?;
        Ok(statement.query_map([account], read)?.collect::<Result<_, _>>()?)
    }

    /// Whether mail would be judged as it was when the account's files were last read.
    fn is_judged_alike(&self, account: &str, basis: &str, states: &str) -> Result<bool, StoreError> {
        let known: Option<String> = self
            .0
            .query_row(
                "SELECT objections FROM reading WHERE account = ?1 AND basis = ?2",
                params![account, basis],
                |row| row.get("objections"),
            )
            .optional()?;
        Ok(known.is_some_and(|known| is_known(states, &known)))
    }

    /// Notes how far a file was read.
    pub(crate) fn set_file_mark(&self, account: &str, key: &FileKey, mark: &FileMark) -> Result<(), StoreError> {
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
    pub(crate) fn drop_file_marks<'k>(
        &self,
        account: &str,
        mut gone: impl Iterator<Item = &'k FileKey>,
    ) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached("DELETE FROM mark WHERE account = ?1 AND path = ?2")?;
        gone.try_for_each(|key| statement.execute(params![account, key]).map(drop))?;
        Ok(())
    }

    /// The objections and their states, a word each: `1:submitted 2:accepted`.
    pub(crate) fn states(&self) -> Result<String, StoreError> {
        let words: Vec<String> = self.objections()?.iter().map(|o| format!("{}:{}", o.id, o.state)).collect();
        Ok(words.join(" "))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(FileKey, FileMark)> {
    let start: i64 = row.get("start")?;
    let mark = FileMark { start: u64::try_from(start).unwrap_or(0), before: row.get("before")? };
    Ok((row.get("path")?, mark))
}

/// Whether all objections were known, in the states that they are in now. That one was erased since makes no difference:
/// mail that was passed over meant nothing to the others, and the erased one's mail must not come back.
fn is_known(states: &str, known: &str) -> bool {
    let known: HashSet<&str> = known.split_whitespace().collect();
    states.split_whitespace().all(|state| known.contains(state))
}
