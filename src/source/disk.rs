//! Mail on disk: single mails, Maildirs, mboxes, and folders of them, those of Thunderbird and Takeout included.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use memchr::memmem;
use walkdir::DirEntry;

use super::mbox::{Boundary, KNOWN, MAX_MAIL, is_mbox, mbox};
use super::walk::{in_maildir, is_delivered, key, key_in_maildir, walk};
use crate::fault::Fault;
use crate::mail::{header, sha256};
use crate::store::{FileKey, FileMark};

/// So much of an mbox lies between two marks, in bytes.
const STRIDE: u64 = 32 * 1024 * 1024;

/// A mail found on disk.
pub struct Found {
    /// The file it is in.
    pub path: PathBuf,
    /// The mail, without the envelope line and the quoting of an mbox.
    pub raw: Vec<u8>,
    /// When the file was last written.
    pub written_at: Option<Timestamp>,
}

/// What comes of reading.
pub enum Step {
    /// A mail that may matter.
    Mail(Found),
    /// So many bytes were read before.
    Skipped(u64),
    /// So many bytes more lie behind; when all mails before are recorded, so may the mark be.
    Passed(u64, Option<(FileKey, FileMark)>),
}

/// A file or folder that could not be read. It prints as the fault that it makes.
#[derive(Debug)]
pub enum Error {
    /// By the system.
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file named by the user that holds no mail.
    NoMail(PathBuf),
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        match error {
            Error::Io { path, error } => {
                Self::new(format!("`{}`: {error}", path.display())).remedy("check the path and its permissions")
            }
            Error::NoMail(path) => Self::new(format!("`{}` is not a mail: it has no header", path.display()))
                .remedy("give a file in RFC 5322 form, an mbox, or a folder of them"),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Fault::from(self).fmt(f)
    }
}

impl std::error::Error for Error {}

/// Reads mail from disk.
pub struct Reader {
    /// Finds the names whose mail matters; without them all mail does.
    domains: Option<AhoCorasick>,
}

impl Reader {
    /// Only mail that may claim to be from one of the domains is given on.
    pub fn new<'a>(domains: impl Iterator<Item = &'a str>) -> Self {
        Self { domains: AhoCorasick::builder().ascii_case_insensitive(true).build(domains).ok() }
    }

    /// Gives each mail of a file or folder on, in the order of names, but not what is `known`, from which it takes all
    /// that it meets. What can't be read is told at the end, and stops nothing else.
    pub fn each(&self, path: &Path, known: &mut HashMap<FileKey, FileMark>, give: &mut dyn FnMut(Step)) -> Vec<Error> {
        let (mut errors, mut maildirs) = (Vec::new(), HashSet::new());
        for entry in walk(path) {
            let is_named = entry.as_ref().map_or_else(walkdir::Error::depth, DirEntry::depth) == 0;
            let place = entry.as_ref().map_or_else(|error| error.path().unwrap_or(path), DirEntry::path).to_owned();
            // A way round in circles leads to nothing new.
            if entry.as_ref().is_err_and(|error| error.loop_ancestor().is_some()) {
                continue;
            }
            let read = entry.and_then(|entry| entry.metadata()).map_err(fault).and_then(|meta| {
                if is_named && !meta.is_file() && !meta.is_dir() {
                    return Err(io::Error::other("it is neither a file nor a folder"));
                }
                if meta.is_file() {
                    let key =
                        in_maildir(&place, &maildirs).map(|maildir| key_in_maildir(maildir, &place)).transpose()?;
                    return self.file(&place, is_named, (&meta, key), known, give);
                }
                if ["cur", "new"].iter().all(|name| place.join(name).is_dir()) {
                    maildirs.insert(place.clone());
                }
                Ok(true)
            });
            match read {
                Ok(true) => {}
                Ok(false) => errors.push(Error::NoMail(place)),
                // A mail that another program moves or removes meanwhile is read next time.
                Err(error) if !is_named && error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => errors.push(Error::Io { path: place, error }),
            }
        }
        errors
    }

    /// Reads a file, and tells whether it is one that holds mail, or need not be: what lies about in a folder may be
    /// anything, and an mbox may be empty.
    fn file(
        &self,
        path: &Path,
        is_named: bool,
        (meta, in_maildir): (&Metadata, Option<FileKey>),
        known: &mut HashMap<FileKey, FileMark>,
        give: &mut dyn FnMut(Step),
    ) -> io::Result<bool> {
        let written_at = meta.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        let mark = FileMark { start: meta.len(), before: written_at.map(|at| at.to_string()).unwrap_or_default() };
        if in_maildir.as_ref().is_some_and(|key| known.remove(key).as_ref() == Some(&mark)) {
            give(Step::Skipped(meta.len()));
            return Ok(true);
        }
        let found = |raw: &[u8]| Step::Mail(Found { path: path.to_owned(), raw: raw.to_owned(), written_at });
        let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
        let is_mail = is_delivered(path) || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("eml"));
        if !is_mail && is_mbox(&mut reader)? {
            self.mbox(path, reader, known, &found, give)?;
            return Ok(true);
        }
        let holds_mail = !(is_named || is_mail) || self.stream(&mut reader, &mut |raw| give(found(raw)))?;
        // What holds none may be about to.
        give(Step::Passed(meta.len(), in_maildir.filter(|_| holds_mail).map(|key| (key, mark))));
        Ok(holds_mail || !is_named || meta.len() == 0)
    }

    /// Reads an mbox from where its last mail began, if it is still the same one.
    fn mbox(
        &self,
        path: &Path,
        mut reader: BufReader<File>,
        known: &mut HashMap<FileKey, FileMark>,
        found: &dyn Fn(&[u8]) -> Step,
        give: &mut dyn FnMut(Step),
    ) -> io::Result<()> {
        let key = key(path)?;
        let file = reader.get_ref().try_clone()?;
        let state = || file.metadata().and_then(|meta| Ok((meta.len(), meta.modified()?))).ok();
        let opened = state();
        let old = known.remove(&key);
        let from = old.as_ref().map(|mark| boundary(reader.get_mut(), mark)).transpose()?.flatten().unwrap_or_default();
        reader.seek(SeekFrom::Start(from.at))?;
        give(Step::Skipped(from.at));
        let step = |passed: u64, boundary: &Boundary| {
            let mark = mark_at(boundary);
            // What is rewritten while it is read may have been read past.
            let is_new = old.as_ref() != Some(&mark) && opened.is_some() && state() == opened;
            Step::Passed(boundary.at.saturating_sub(passed), is_new.then(|| (key.clone(), mark)))
        };
        let mut passed = from.at;
        let last = mbox(&mut reader, from, &mut |raw, start| {
            if self.may_matter(raw) {
                give(found(raw));
            }
            if start.at.saturating_sub(passed) >= STRIDE {
                give(step(passed, start));
                passed = start.at;
            }
        })?;
        give(step(passed, &last));
        Ok(())
    }

    /// Gives the mails of an mbox on, or one mail alone; tells whether there was one.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn stream(&self, reader: &mut impl BufRead, give: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        let mut give = |raw: &[u8]| {
            if self.may_matter(raw) {
                give(raw);
            }
        };
        if is_mbox(reader)? {
            mbox(reader, Boundary::default(), &mut |raw, _| give(raw))?;
            return Ok(true);
        }
        let mut raw = Vec::new();
        reader.take(MAX_MAIL).read_to_end(&mut raw)?;
        if header::scan(&raw).0.is_empty() {
            return Ok(false);
        }
        give(&raw);
        Ok(true)
    }

    /// Whether the header of a mail names one of the domains: whom a mail may pose as is read where it stands in plain
    /// letters only.
    fn may_matter(&self, raw: &[u8]) -> bool {
        let end = memmem::find(raw, b"\n\n").or_else(|| memmem::find(raw, b"\n\r\n"));
        let head = raw.get(..end.unwrap_or(raw.len())).unwrap_or(raw);
        self.domains.as_ref().is_none_or(|domains| domains.is_match(head))
    }
}

/// What the system says, without the path around it.
fn fault(error: walkdir::Error) -> io::Error {
    let text = error.to_string();
    error.into_io_error().unwrap_or_else(|| io::Error::other(text))
}

/// The mark of an mbox that was read up to a boundary.
fn mark_at(boundary: &Boundary) -> FileMark {
    let around = [boundary.before.as_slice(), &boundary.after].concat();
    FileMark { start: boundary.at, before: format!("{}:{}", boundary.after.len(), sha256(&around)) }
}

/// The boundary that a mark was made of, if the same bytes still stand around it in the file.
fn boundary(file: &mut File, mark: &FileMark) -> io::Result<Option<Boundary>> {
    let Some(length) = mark.before.split_once(':').and_then(|(length, _)| length.parse().ok()) else { return Ok(None) };
    let from = mark.start.saturating_sub(KNOWN as u64);
    file.seek(SeekFrom::Start(from))?;
    let mut read = |length: u64| {
        let mut bytes = Vec::new();
        file.take(length.min(KNOWN as u64)).read_to_end(&mut bytes).map(|_| bytes)
    };
    let boundary = Boundary { at: mark.start, before: read(mark.start.saturating_sub(from))?, after: read(length)? };
    Ok((mark_at(&boundary) == *mark).then_some(boundary))
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
        let reader = Reader::new(["meta.com"].into_iter());
        let read = |known: &mut HashMap<FileKey, FileMark>| {
            let (mut subjects, mut marks) = (Vec::new(), Vec::new());
            let errors = reader.each(&path, known, &mut |step| match step {
                Step::Mail(found) => {
                    let at = memmem::find(&found.raw, b"Subject: ").expect("it has one");
                    subjects.push(found.raw[at + 9]);
                }
                Step::Passed(_, mark) => marks.extend(mark),
                Step::Skipped(_) => {}
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
        let reader = Reader::new(["meta.com"].into_iter());
        for (is_rewritten, count) in [(false, 1), (true, 0)] {
            fs::write(&path, mail.repeat(3)).unwrap();
            let mut marks = Vec::new();
            let errors = reader.each(&path, &mut HashMap::new(), &mut |step| match step {
                Step::Mail(_) if is_rewritten => fs::write(&path, mail.repeat(2)).unwrap(),
                Step::Passed(_, mark) => marks.extend(mark),
                _ => {}
            });
            assert_eq!((errors.len(), marks.len()), (0, count));
        }
    }
}
