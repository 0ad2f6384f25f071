//! A consistent copy of the record while it is in use.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use super::file::{failed, is_ours};
use super::{Store, StoreError};
use crate::fault::Fault;
use crate::system::files::{beside, private};

impl Store {
    /// Copies the record, as SQLite's online backup does, into a file that only its owner can read. An older copy is
    /// replaced; any other file is left alone.
    pub(crate) fn backup(&self, path: &Path) -> Result<(), StoreError> {
        self.refuse(path)?;
        let part = beside(path);
        let result = self.copy(&part).and_then(|()| fs::rename(&part, path).map_err(|error| failed(path, error)));
        if result.is_err() {
            let _ = fs::remove_file(&part);
        }
        result
    }

    fn copy(&self, part: &Path) -> Result<(), StoreError> {
        // A backup into a file that exists keeps that file's mode (facts §3).
        private(OpenOptions::new().write(true).create(true).truncate(true))
            .open(part)
            .and_then(|file| file.set_len(0))
            .map_err(|error| failed(part, error))?;
        self.connection.backup("main", part, None::<fn(rusqlite::backup::Progress)>)?;
        File::open(part).and_then(|file| file.sync_all()).map_err(|error| failed(part, error))
    }

    /// Refuses to replace what is no copy.
    fn refuse(&self, path: &Path) -> Result<(), StoreError> {
        let refused = |why| {
            let fault = Fault::new(format!("`{}`: {why}", path.display()));
            Err(StoreError::Unusable(fault.remedy("name another file")))
        };
        if !path.exists() {
            return Ok(());
        }
        if fs::canonicalize(path).ok() == fs::canonicalize(&self.path).ok() {
            return refused("it is the database itself");
        }
        if is_ours(path) { Ok(()) } else { refused("it is there, and no backup of tracker's") }
    }
}
