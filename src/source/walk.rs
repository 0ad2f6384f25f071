//! Walks through the files of a folder, and says what key each is known by.

use std::collections::HashSet;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf, absolute};

use memchr::memmem;
use walkdir::{DirEntry, WalkDir};

/// How deep folders are followed.
const MAX_DEPTH: usize = 32;

/// What a file is known by: its absolute path as the system has it, which need not be UTF-8.
pub type Key = Vec<u8>;

/// The files and folders of a path. Links to files are followed. A link to a folder is followed only if the user named
/// it, or if it is the `cur` or `new` of a Maildir: any other could lead anywhere.
pub(super) fn walk(path: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let is_part = |entry: &DirEntry| matches!(entry.file_name().to_str(), Some("cur" | "new"));
    let is_wanted = move |entry: &DirEntry| {
        let is_far = entry.path_is_symlink() && entry.file_type().is_dir() && !is_part(entry);
        // Mail in a Maildir's `tmp` is not delivered yet.
        let is_tmp = entry.file_name() == "tmp" && entry.path().with_file_name("cur").is_dir();
        entry.depth() == 0 || !(is_far || is_tmp)
    };
    WalkDir::new(path).follow_links(true).max_depth(MAX_DEPTH).sort_by_file_name().into_iter().filter_entry(is_wanted)
}

/// The size of all files of a path, in bytes.
pub fn size(path: &Path) -> u64 {
    walk(path).flatten().flat_map(|entry| entry.metadata()).filter(Metadata::is_file).map(|meta| meta.len()).sum()
}

pub(super) fn key(path: &Path) -> io::Result<Key> {
    Ok(absolute(path)?.into_os_string().into_encoded_bytes())
}

/// Whether a file's folder is named `cur` or `new`, as those of a Maildir are.
pub(super) fn is_delivered(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("cur") || folder.ends_with("new"))
}

/// The Maildir that a file was delivered to, if it is one of these.
pub(super) fn in_maildir<'m>(path: &Path, maildirs: &'m HashSet<PathBuf>) -> Option<&'m PathBuf> {
    maildirs.get(path.parent()?.parent()?).filter(|_| is_delivered(path))
}

/// The key of a mail in a Maildir: the Maildir and the file's unique name (maildir(5)), without the flags. Such a file
/// is never written to again, but it is moved and renamed when the mail is read.
pub(super) fn key_in_maildir(maildir: &Path, path: &Path) -> io::Result<Key> {
    let mut key = key(&maildir.join(""))?;
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let flags = [b":1,", b":2,"].iter().filter_map(|mark| memmem::rfind(name, *mark)).max();
    key.extend(name.get(..flags.unwrap_or(name.len())).unwrap_or(name));
    Ok(key)
}
