//! The record: the only room that speaks SQL.

mod account;
mod backup;
mod bound;
mod code;
mod column;
mod cursor;
mod edit;
mod error;
mod event;
mod file;
mod forget;
mod kept;
mod lookup;
mod mail;
mod mark;
mod migrate;
mod notice;
mod objection;
mod retry;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

pub(crate) use code::UsableCode;
pub(crate) use cursor::Cursor;
pub use error::StoreError;
pub(crate) use kept::KeptMail;
pub use kept::{Kept, MailId, Outcome, Place};
pub(crate) use mail::NewMail;
pub(crate) use mark::{FileKey, FileMark};
pub use objection::NewObjection;
pub(crate) use retry::Retry;

/// An open record.
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// What can be read and written, within one transaction or outside of any.
#[derive(Clone, Copy)]
pub struct Records<'c>(&'c Connection);

impl Store {
    /// Opens the record, making it first where there is none: mode 0600, in a directory of mode 0700.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        file::prepare(path)?;
        let mut connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| file::failed(path, error))?;
        migrate::run(&mut connection, path)?;
        configure(&connection)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// A record that lives as long as the program.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(":memory:");
        let mut connection = Connection::open_in_memory()?;
        migrate::run(&mut connection, &path)?;
        configure(&connection)?;
        Ok(Self { connection, path })
    }

    /// A copy in memory, on which anything can be tried without being done.
    pub(crate) fn rehearsal(&self) -> Result<Self, StoreError> {
        let mut copy = Connection::open_in_memory()?;
        rusqlite::backup::Backup::new(&self.connection, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
        configure(&copy)?;
        Ok(Self { connection: copy, path: self.path.clone() })
    }

    /// What SQLite finds wrong with the file; `None` if it is sound.
    pub(crate) fn damage(&self) -> Result<Option<String>, StoreError> {
        let said: String = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(Some(said).filter(|said| said != "ok"))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The record outside of a transaction, to read from.
    pub fn records(&self) -> Records<'_> {
        Records(&self.connection)
    }

    /// Does all of `work`, or nothing of it.
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
    connection.busy_timeout(Duration::from_secs(10))?;
    // Codes are wiped, so what is deleted must not linger in free pages.
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;")?;
    Ok(())
}
