//! The files of a folder read one by one, and what they are known by.

use std::collections::{HashMap, HashSet};
use std::fs::{File, Metadata};
use std::io::{self, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf, absolute};

use jiff::Timestamp;
use memchr::memmem;
use walkdir::{DirEntry, WalkDir};

use super::Halt;
use super::disk::{DiskError, DiskReader, FoundMail, GiveStep, ReadStep};
use super::mbox::{Boundary, is_mbox, mbox};
use super::packed::{has_extension, opened};
use crate::store::{FileKey, FileMark};

/// How deep folders are followed.
const MAX_DEPTH: usize = 32;

/// So much of an mbox lies between two marks, in bytes.
const STRIDE: u64 = 32 * 1024 * 1024;

/// Gives each mail of a file or folder on, in the order of names, but not what is `known`, from which it takes all that it
/// meets. What can't be read is told at the end, and stops nothing else.
pub(crate) fn each(
    reader: &DiskReader,
    path: &Path,
    known: &mut HashMap<FileKey, FileMark>,
    give: GiveStep<'_>,
) -> Vec<DiskError> {
    Walk { reader, known, give, maildirs: HashSet::new(), errors: Vec::new() }.run(path)
}

/// The files of a path being read.
struct Walk<'w> {
    reader: &'w DiskReader,
    /// How far files were read before, without those that were met.
    known: &'w mut HashMap<FileKey, FileMark>,
    give: GiveStep<'w>,
    /// The Maildirs that were met.
    maildirs: HashSet<PathBuf>,
    errors: Vec<DiskError>,
}

impl Walk<'_> {
    fn run(mut self, path: &Path) -> Vec<DiskError> {
        for entry in walk(path) {
            // A way round in circles leads to nothing new.
            if entry.as_ref().is_err_and(|error| error.loop_ancestor().is_some()) {
                continue;
            }
            let is_named = entry.as_ref().map_or_else(walkdir::Error::depth, DirEntry::depth) == 0;
            let place = entry.as_ref().map_or_else(|error| error.path().unwrap_or(path), DirEntry::path).to_owned();
            match self.entry(entry, &place, is_named) {
                Ok(true) => {}
                Ok(false) => self.errors.push(DiskError::NoMail(place)),
                Err(Halt::Enough) => break,
                // A mail that another program moves or removes meanwhile is read next time.
                Err(Halt::Io(error)) if !is_named && error.kind() == io::ErrorKind::NotFound => {}
                Err(Halt::Io(error)) => self.errors.push(DiskError::Io { path: place, error }),
            }
        }
        self.errors
    }

    /// Reads a file, or notes a folder that is a Maildir. Tells whether a file holds mail where it should.
    fn entry(&mut self, entry: walkdir::Result<DirEntry>, place: &Path, is_named: bool) -> Result<bool, Halt> {
        let meta = entry.and_then(|entry| entry.metadata()).map_err(fault)?;
        if meta.is_file() {
            return self.file(place, is_named, &meta);
        }
        if !meta.is_dir() && is_named {
            return Err(io::Error::other("it is neither a file nor a folder").into());
        }
        if ["cur", "new"].iter().all(|name| place.join(name).is_dir()) {
            self.maildirs.insert(place.to_owned());
        }
        Ok(true)
    }

    /// Reads a file, and tells whether it is one that holds mail, or need not be: what lies about in a folder may be
    /// anything, and an mbox may be empty.
    fn file(&mut self, path: &Path, is_named: bool, meta: &Metadata) -> Result<bool, Halt> {
        let in_maildir = in_maildir(path, &self.maildirs).map(|maildir| key_in_maildir(maildir, path)).transpose()?;
        let written_at = meta.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        let mark = FileMark { start: meta.len(), before: written_at.map(|at| at.to_string()).unwrap_or_default() };
        if in_maildir.as_ref().is_some_and(|key| self.known.remove(key).as_ref() == Some(&mark)) {
            (self.give)(ReadStep::Skipped(meta.len()))?;
            return Ok(true);
        }
        let found = |raw: &[u8]| ReadStep::Mail(FoundMail { path: path.to_owned(), raw: raw.to_owned(), written_at });
        let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
        let is_mail = is_delivered(path) || is_in_mh(path) || has_extension(path, "eml") || has_extension(path, "emlx");
        if !is_mail && is_mbox(&mut reader)? {
            self.mbox(path, reader, &found)?;
            return Ok(true);
        }
        let is_asked = is_named || is_mail;
        let holds_mail =
            is_asked && self.reader.stream(&mut opened(path, reader)?, &mut |raw| (self.give)(found(raw)))?;
        if !holds_mail && !is_named && meta.len() > 0 && !is_index(path) {
            (self.give)(ReadStep::NoMail(path.to_owned()))?;
        }
        // What holds none may be about to.
        (self.give)(ReadStep::Passed(meta.len(), in_maildir.filter(|_| holds_mail).map(|key| (key, mark))))?;
        Ok(holds_mail || !is_named || meta.len() == 0)
    }

    /// Reads an mbox from where its last mail began, if it is still the same one.
    fn mbox(
        &mut self,
        path: &Path,
        mut reader: BufReader<File>,
        found: &dyn Fn(&[u8]) -> ReadStep,
    ) -> Result<(), Halt> {
        let key = key(path)?;
        let file = reader.get_ref().try_clone()?;
        let state = || file.metadata().and_then(|meta| Ok((meta.len(), meta.modified()?))).ok();
        let opened = state();
        let old = self.known.remove(&key);
        let from =
            old.as_ref().map(|mark| Boundary::find(reader.get_mut(), mark)).transpose()?.flatten().unwrap_or_default();
        reader.seek(SeekFrom::Start(from.at))?;
        (self.give)(ReadStep::Skipped(from.at))?;
        let step = |passed: u64, boundary: &Boundary| {
            let mark = boundary.mark();
            // What is rewritten while it is read may have been read past.
            let is_new = old.as_ref() != Some(&mark) && opened.is_some() && state() == opened;
            ReadStep::Passed(boundary.at.saturating_sub(passed), is_new.then(|| (key.clone(), mark)))
        };
        let mut passed = from.at;
        let last = mbox(&mut reader, from, &mut |raw, start| {
            if self.reader.may_matter(raw) {
                (self.give)(found(raw))?;
            }
            if start.at.saturating_sub(passed) >= STRIDE {
                (self.give)(step(passed, start))?;
                passed = start.at;
            }
            Ok(())
        })?;
        (self.give)(step(passed, &last))
    }
}

/// What the system says, without the path around it.
fn fault(error: walkdir::Error) -> io::Error {
    let text = error.to_string();
    error.into_io_error().unwrap_or_else(|| io::Error::other(text))
}

/// The files and folders of a path. A link to a file is followed, one to a folder where the user names it or it is a part
/// of a Maildir: any other could lead anywhere.
fn walk(path: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
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

fn key(path: &Path) -> io::Result<FileKey> {
    Ok(absolute(path)?.into_os_string().into_encoded_bytes())
}

/// Whether a file's folder is named as those of a Maildir are.
fn is_delivered(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("cur") || folder.ends_with("new"))
}

/// Whether a file is named as the mails of an MH folder are: by a number.
fn is_in_mh(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().iter().all(u8::is_ascii_digit))
}

/// Whether a file is one that mail programs keep beside mail: hidden, an index, a list.
fn is_index(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.')
        || ["dovecot", "courier", "maildirsize", "maildirfolder", "subscriptions"]
            .iter()
            .any(|known| name.starts_with(known))
        || ["msf", "dat", "json", "plist", "sbd"].iter().any(|known| has_extension(path, known))
}

/// The Maildir that a file was delivered to.
fn in_maildir<'m>(path: &Path, maildirs: &'m HashSet<PathBuf>) -> Option<&'m PathBuf> {
    maildirs.get(path.parent()?.parent()?).filter(|_| is_delivered(path))
}

/// What a mail of a Maildir is known by, whose file is not written to again but moved and renamed as it is read: the
/// Maildir and the unique name (maildir(5)).
fn key_in_maildir(maildir: &Path, path: &Path) -> io::Result<FileKey> {
    let mut key = key(&maildir.join(""))?;
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let flags = [b":1,", b":2,"].iter().filter_map(|mark| memmem::rfind(name, *mark)).max();
    key.extend(name.get(..flags.unwrap_or(name.len())).unwrap_or(name));
    Ok(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::fs;

    use super::*;

    #[test]
    fn a_large_mbox_goes_on_from_the_last_mark() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox");
        let mail = |n: u32| format!("From - Tue Nov 24 11:55:00 2026\nFrom: a@meta.com\nSubject: {n}\n\n");
        let filler = "x".repeat(usize::try_from(STRIDE).unwrap());
        fs::write(&path, format!("{}\n{}{filler}\n\n{}", mail(1), mail(2), mail(3))).unwrap();
        let reader = DiskReader::new(["meta.com"].into_iter());
        let read = |known: &mut HashMap<FileKey, FileMark>| {
            let (mut subjects, mut marks) = (Vec::new(), Vec::new());
            let errors = each(&reader, &path, known, &mut |step| {
                match step {
                    ReadStep::Mail(found) => {
                        let at = memmem::find(&found.raw, b"Subject: ").expect("it has one");
                        subjects.push(found.raw[at + 9]);
                    }
                    ReadStep::Passed(_, mark) => marks.extend(mark),
                    ReadStep::Skipped(_) | ReadStep::NoMail(_) => {}
                }
                Ok(())
            });
            assert!(errors.is_empty() && known.is_empty());
            (String::from_utf8(subjects).unwrap(), marks)
        };
        let (subjects, marks) = read(&mut HashMap::new());
        assert_eq!((subjects.as_str(), marks.len()), ("123", 2));
        // Cut off after the first mark was recorded.
        let (subjects, again) = read(&mut marks.iter().take(1).cloned().collect());
        assert_eq!((subjects.as_str(), &again[..]), ("3", &marks[..0]));
    }

    #[test]
    fn an_mbox_that_is_rewritten_while_it_is_read_gets_no_mark() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox");
        let mail = "From - Tue Nov 24 11:55:00 2026\nFrom: a@meta.com\n\n";
        let reader = DiskReader::new(["meta.com"].into_iter());
        for (is_rewritten, count) in [(false, 1), (true, 0)] {
            fs::write(&path, mail.repeat(3)).unwrap();
            let mut marks = Vec::new();
            let errors = each(&reader, &path, &mut HashMap::new(), &mut |step| {
                match step {
                    ReadStep::Mail(_) if is_rewritten => fs::write(&path, mail.repeat(2)).unwrap(),
                    ReadStep::Passed(_, mark) => marks.extend(mark),
                    _ => {}
                }
                Ok(())
            });
            assert_eq!((errors.len(), marks.len()), (0, count));
        }
    }
}
