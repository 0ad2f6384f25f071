//! A consistent copy of the record while it is in use.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::file::{failed, is_ours};
use super::{Store, StoreError};
use crate::fault::Fault;
use crate::system::files;

impl Store {
    /// Copies the record, as SQLite's online backup does, into a file that only its owner can read. An older copy is
    /// replaced; any other file is left alone.
    pub(crate) fn backup(&self, path: &Path) -> Result<(), StoreError> {
        self.refuse(path)?;
        // A backup into a file that exists keeps that file's mode (facts §3).
        let part = files::part(path).map_err(|error| failed(path, error))?;
        self.connection.backup("main", part.path(), None::<fn(rusqlite::backup::Progress)>)?;
        prove(part.path(), &self.path)?;
        part.as_file().sync_all().map_err(|error| failed(path, error))?;
        part.persist(path).map(drop).map_err(|error| failed(path, error.error))
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

/// Refuses a copy that is not sound, before it replaces an older one.
fn prove(copy: &Path, original: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said == "ok" {
        return Ok(());
    }
    let what = format!(
        "database `{}`: it is damaged ({said}), so it was not copied, and an older copy stays",
        original.display()
    );
    Err(StoreError::Unusable(Fault::new(what).remedy("go on with an older copy, by --database")))
}
