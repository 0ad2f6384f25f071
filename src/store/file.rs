//! The database's file: made for its owner only, and recognised before SQLite may touch it.

use std::error::Error;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::StoreError;
use crate::fault::Fault;
use crate::system::files::{make_private, private};

/// "trkr", which tells our files from other programs'.
pub(super) const APPLICATION_ID: u32 = 0x7472_6b72;

/// Makes the file, mode 0600 in a directory of mode 0700, where there is none. Refuses what is not tracker's, and what
/// others can read. Nothing is changed at a path that is refused.
pub(super) fn prepare(path: &Path) -> Result<(), StoreError> {
    make(path)?;
    let metadata = fs::metadata(path).map_err(|error| failed(path, error))?;
    if metadata.is_dir() {
        return Err(refusal(path, "it is a directory"));
    }
    if !metadata.is_file() {
        return Err(refusal(path, "it is not a regular file"));
    }
    let content = content(path).map_err(|error| failed(path, error))?;
    match (content, open_mode(&metadata)) {
        (Content::Ours, Some(mode)) => {
            let fault = Fault::new(format!("database `{}`: others can read it (mode {mode:o})", path.display()));
            Err(StoreError::Unusable(fault.remedy(make_private(path))))
        }
        // Only a file that is surely ours may have its mode changed.
        (Content::Foreign, _) | (Content::Unmarked, Some(_)) => Err(foreign(path)),
        (Content::Ours | Content::Unmarked, None) => Ok(()),
    }
}

/// SQLite would make a file that others can read, and give its mode on to the -wal and -shm files (facts §3).
fn make(path: &Path) -> Result<(), StoreError> {
    if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty() && !d.exists()) {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(directory).map_err(|error| failed(directory, error))?;
    }
    match private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path, error)),
        _ => Ok(()),
    }
}

/// Whose a file is, by its header.
enum Content {
    /// It bears our application id.
    Ours,
    /// It is empty, or a database without an application id. That may be ours, cut off before the id was copied out of
    /// the -wal file, so SQLite must look at it.
    Unmarked,
    /// Another program's.
    Foreign,
}

/// Whether a file is surely a tracker's database.
pub(super) fn is_ours(path: &Path) -> bool {
    matches!(content(path), Ok(Content::Ours))
}

/// Reads SQLite's magic string and the application id (SQLite file format §1.3), and nothing more.
fn content(path: &Path) -> io::Result<Content> {
    let mut header = Vec::new();
    File::open(path)?.take(72).read_to_end(&mut header)?;
    if header.is_empty() {
        return Ok(Content::Unmarked);
    }
    let is_sqlite = header.starts_with(b"SQLite format 3\0");
    let id = header.get(68..).and_then(|id| id.try_into().ok()).map(u32::from_be_bytes);
    Ok(match id.filter(|_| is_sqlite) {
        Some(APPLICATION_ID) => Content::Ours,
        Some(0) => Content::Unmarked,
        _ => Content::Foreign,
    })
}

/// The mode of a file that not only its owner can use.
#[cfg(unix)]
fn open_mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_mode(_metadata: &Metadata) -> Option<u32> {
    None
}

/// A file or directory that the system does not let us use.
pub(super) fn failed(path: &Path, error: impl Error + Send + Sync + 'static) -> StoreError {
    let fault = Fault::new(format!("database `{}`", path.display())).because(error);
    StoreError::Unusable(fault.remedy("check the path and its permissions, or name another with --database"))
}

/// A database of another program, or no database.
pub(super) fn foreign(path: &Path) -> StoreError {
    refusal(path, "it is not tracker's")
}

fn refusal(path: &Path, why: &str) -> StoreError {
    let fault = Fault::new(format!("database `{}`: {why}", path.display()));
    StoreError::Unusable(fault.remedy("name another file with --database"))
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::store::Store;

    #[test]
    fn the_remedy_is_whole_whatever_the_path_holds() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("it's; b.db");
        drop(Store::open(&path).unwrap());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let fault = Fault::from(Store::open(&path).err().unwrap());
        assert_eq!(
            fault.mended_by(),
            Some(format!(r"run: chmod 600 '{}/it'\''s; b.db'", directory.path().display()).as_str())
        );
    }
}
