//! The record: the only room that speaks SQL.

mod backup;
mod code;
mod cursor;
mod event;
mod evidence;
mod forget;
mod mail;
mod mark;
mod migrate;
mod notice;
mod objection;
mod row;

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::system::files::private;

pub use code::UsableCode;
pub use cursor::{Cursor, Retry};
pub use forget::Forgotten;
pub use mail::{Kept, KeptMail, MailId, NewMail, Outcome, Place};
pub use objection::NewObjection;

/// What can go wrong with the record.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file can't be reached.
    #[error("database `{path}`: {error}; check the path and its permissions, or name another with --database")]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Others could read it.
    #[error("database `{path}`: others can read it (mode {mode:o}); run: chmod 600 '{path}'")]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Made by a newer program.
    #[error("database `{path}`: made by a newer tracker (schema {found}, this one knows {known}); update tracker")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// A backup that would destroy what is there.
    #[error("`{path}`: {what}; name another file")]
    Backup {
        /// The file.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// Some other program's.
    #[error("database `{path}`: it is not tracker's; name another file with --database")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// SQLite says no.
    #[error("database: {0}")]
    Sql(#[from] rusqlite::Error),
    /// A value that this program never writes.
    #[error("database: {0}; it was changed by another program, restore a backup")]
    Value(String),
}

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
        make(path)?;
        refuse_open_mode(path)?;
        let mut connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| file_error(path, io::Error::other(error.to_string())))?;
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

/// SQLite would make the file readable to others, and gives its mode on to the -wal and -shm files (facts §3).
fn make(path: &Path) -> Result<(), StoreError> {
    if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty() && !d.exists()) {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(directory).map_err(|error| file_error(directory, error))?;
    }
    match private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(file_error(path, error)),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn refuse_open_mode(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(|error| file_error(path, error))?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(StoreError::Open { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_open_mode(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

fn file_error(path: &Path, error: io::Error) -> StoreError {
    StoreError::File { path: path.to_owned(), error }
}

/// A moment as it is stored.
fn moment(seconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_second(seconds).map_err(|error| StoreError::Value(error.to_string()))
}

/// A word as it is stored.
fn word<T: FromStr<Err = String>>(word: &str) -> Result<T, StoreError> {
    word.parse().map_err(StoreError::Value)
}
