//! The record: the only room that speaks SQL.

mod backup;
mod code;
mod cursor;
mod error;
mod event;
mod evidence;
mod file;
mod forget;
mod mail;
mod mark;
mod migrate;
mod notice;
mod objection;
mod row;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::fault::Fault;

pub use code::UsableCode;
pub use cursor::{Cursor, Retry};
pub use error::StoreError;
pub use event::NewEvent;
pub use forget::Forgotten;
pub use mail::{Kept, KeptMail, MailId, NewMail, Outcome, Place};
pub use mark::{FileKey, FileMark};
pub use objection::NewObjection;

/// An open record.
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// The record within one transaction, or for reading.
#[derive(Clone, Copy)]
pub struct Records<'c>(&'c Connection);

impl Store {
    /// Opens the record, making it first where there is none: mode 0600, in a directory of mode 0700.
    ///
    /// # Errors
    /// See `StoreError`.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        file::prepare(path)?;
        let mut connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| file::failed(path, error))?;
        migrate::run(&mut connection, path)?;
        configure(&connection)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// A record that lives as long as the program.
    ///
    /// # Errors
    /// When SQLite has no memory.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        migrate::run(&mut connection, Path::new(":memory:"))?;
        configure(&connection)?;
        Ok(Self { connection, path: PathBuf::from(":memory:") })
    }

    /// A copy in memory, on which anything can be tried without being done.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn rehearsal(&self) -> Result<Self, StoreError> {
        let mut copy = Connection::open_in_memory()?;
        rusqlite::backup::Backup::new(&self.connection, &mut copy)?.run_to_completion(
            1024,
            std::time::Duration::ZERO,
            None,
        )?;
        configure(&copy)?;
        Ok(Self { connection: copy, path: self.path.clone() })
    }

    /// What SQLite finds wrong with the file; `None` if it is sound.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn fault(&self) -> Result<Option<String>, StoreError> {
        let said: String = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(Some(said).filter(|said| said != "ok"))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// For reading.
    #[must_use]
    pub fn records(&self) -> Records<'_> {
        Records(&self.connection)
    }

    /// Does all of `work`, or nothing of it.
    ///
    /// # Errors
    /// Those of `work`, and SQLite's.
    pub fn transaction<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(Records<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // IMMEDIATE: a deferred transaction that reads before it writes fails at once with SQLITE_BUSY_SNAPSHOT when
        // another one commits in between, and no busy_timeout helps (facts §3).
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let result = work(Records(&transaction))?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(result)
    }
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // Codes are wiped, so what is deleted must not linger in free pages.
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;")?;
    Ok(())
}

/// A moment as it is stored.
fn moment(seconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_second(seconds).map_err(never_written)
}

/// A word as it is stored.
fn word<T: FromStr>(word: &str) -> Result<T, StoreError> {
    word.parse().map_err(|_| never_written(format!("unknown word `{word}`")))
}

/// A value that this program never writes.
fn never_written(what: impl std::fmt::Display) -> StoreError {
    let fault = Fault::new(format!("database: {what}"));
    StoreError::Unusable(fault.remedy("it was changed by another program, restore a backup"))
}
