//! The files of a folder, and what they are known by.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf, absolute};

use walkdir::{DirEntry, WalkDir};

/// How deep folders are followed.
const MAX_DEPTH: usize = 32;

/// What a file is known by: its absolute path as the system has it, which need not be UTF-8.
pub type Key = Vec<u8>;

/// The files and folders of a path. A link is followed only where the user names it: two could go round in circles.
pub(super) fn walk(path: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    // What is in a Maildir's `tmp` is not delivered yet.
    let is_ready = |entry: &DirEntry| {
        entry.depth() == 0 || entry.file_name() != "tmp" || !entry.path().with_file_name("cur").is_dir()
    };
    WalkDir::new(path).max_depth(MAX_DEPTH).sort_by_file_name().into_iter().filter_entry(is_ready)
}

pub(super) fn metadata(entry: &DirEntry) -> io::Result<Metadata> {
    if entry.depth() == 0 { fs::metadata(entry.path()) } else { entry.metadata().map_err(fault) }
}

/// What the system says, without the path around it.
pub(super) fn fault(error: walkdir::Error) -> io::Error {
    error.into_io_error().unwrap_or_else(|| io::Error::other("it leads back to itself"))
}

/// How many bytes the files of a path hold.
#[must_use]
pub fn size(path: &Path) -> u64 {
    walk(path).flatten().flat_map(|entry| metadata(&entry)).filter(Metadata::is_file).map(|meta| meta.len()).sum()
}

pub(super) fn key(path: &Path) -> io::Result<Key> {
    Ok(absolute(path)?.into_os_string().into_encoded_bytes())
}

/// Whether a file's folder is named as those of a Maildir are.
pub(super) fn is_delivered(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("cur") || folder.ends_with("new"))
}

/// The Maildir that a file was delivered to.
pub(super) fn in_maildir<'m>(path: &Path, maildirs: &'m HashSet<PathBuf>) -> Option<&'m PathBuf> {
    maildirs.get(path.parent()?.parent()?).filter(|_| is_delivered(path))
}

/// What a mail of a Maildir is known by, whose file is not written to again but moved and renamed as it is read: the
/// Maildir and the unique name (maildir(5)).
pub(super) fn key_in_maildir(maildir: &Path, path: &Path) -> io::Result<Key> {
    let mut key = key(&maildir.join(""))?;
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    key.extend(name.split(|byte| *byte == b':').next().unwrap_or_default());
    Ok(key)
}
