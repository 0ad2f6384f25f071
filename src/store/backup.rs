//! A consistent copy of the record while it is in use.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::migrate::APPLICATION_ID;
use super::{Store, StoreError, file_error};
use crate::system::files;

impl Store {
    /// Copies the record with SQLite's online backup, readable by its owner only, in place of an older copy.
    ///
    /// # Errors
    /// Where something else than a copy of a record is there, or it can't be written.
    pub fn backup(&self, path: &Path) -> Result<(), StoreError> {
        self.refuse(path)?;
        // A backup into a file that exists keeps that file's mode (facts §3).
        let part = files::part(path).map_err(|error| file_error(path, error))?;
        self.connection.backup("main", part.path(), None::<fn(rusqlite::backup::Progress)>)?;
        part.as_file().sync_all().map_err(|error| file_error(path, error))?;
        part.persist(path).map(drop).map_err(|error| file_error(path, error.error))
    }

    fn refuse(&self, path: &Path) -> Result<(), StoreError> {
        let refused = |what| Err(StoreError::Backup { path: path.to_owned(), what });
        if !path.exists() {
            return Ok(());
        }
        if fs::canonicalize(path).ok() == fs::canonicalize(&self.path).ok() {
            return refused("it is the database itself");
        }
        if is_record(path) { Ok(()) } else { refused("it is there, and no backup of tracker's") }
    }
}

/// Whether a file is a record, by SQLite's magic string and the application id (SQLite file format §1.3).
fn is_record(path: &Path) -> bool {
    let mut header = [0; 72];
    let is_read = File::open(path).and_then(|mut file| file.read_exact(&mut header)).is_ok();
    let id = u32::try_from(APPLICATION_ID).unwrap_or_default().to_be_bytes();
    is_read && header.starts_with(b"SQLite format 3\0") && header.ends_with(&id)
}
