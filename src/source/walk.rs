//! The files of a folder, and what they are known by.

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

/// The files and folders of a path. A link to a file is followed, one to a folder where the user names it or it is a part
/// of a Maildir: any other could lead anywhere.
pub(super) fn walk(path: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let is_part = |entry: &DirEntry| matches!(entry.file_name().to_str(), Some("cur" | "new"));
    let is_wanted = move |entry: &DirEntry| {
        let is_far = entry.path_is_symlink() && entry.file_type().is_dir() && !is_part(entry);
        // What is in a Maildir's `tmp` is not delivered yet.
        let is_tmp = entry.file_name() == "tmp" && entry.path().with_file_name("cur").is_dir();
        entry.depth() == 0 || !(is_far || is_tmp)
    };
    WalkDir::new(path).follow_links(true).max_depth(MAX_DEPTH).sort_by_file_name().into_iter().filter_entry(is_wanted)
}

/// How many bytes the files of a path hold.
pub fn size(path: &Path) -> u64 {
    walk(path).flatten().flat_map(|entry| entry.metadata()).filter(Metadata::is_file).map(|meta| meta.len()).sum()
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
    let flags = [b":1,", b":2,"].iter().filter_map(|mark| memmem::rfind(name, *mark)).max();
    key.extend(name.get(..flags.unwrap_or(name.len())).unwrap_or(name));
    Ok(key)
}
