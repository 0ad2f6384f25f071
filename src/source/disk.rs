//! Reads mail on disk: single mails, Maildirs, mboxes, and folders of them, as Thunderbird and Takeout make them too.

use std::collections::{HashMap, HashSet};
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use memchr::memmem;
use walkdir::DirEntry;

use super::mbox::{MAX_MAIL, Place, is_mbox, mbox};
pub use super::resume::Mark;
use super::resume::{mark_at, place};
pub use super::unread::Error;
use super::walk::{Key, in_maildir, is_delivered, key, key_in_maildir, walk};
use crate::mail::header;

/// The least distance between two marks in an mbox, in bytes.
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

impl Found {
    fn new(path: &Path, raw: &[u8], written_at: Option<Timestamp>) -> Self {
        Self { path: path.to_owned(), raw: raw.to_owned(), written_at }
    }
}

/// What reading comes to, step by step.
pub enum Step {
    /// A mail that may matter.
    Mail(Found),
    /// So many bytes are known from an earlier pass and were not read again.
    Skipped(u64),
    /// So many more bytes were read. The mark may be recorded once all mails before it are.
    Passed(u64, Option<(Key, Mark)>),
}

/// Reads mail from disk.
pub struct Reader {
    /// Finds the domains whose mail matters. Without it all mail does.
    domains: Option<AhoCorasick>,
}

impl Reader {
    /// A reader that passes over mail whose header names none of the domains.
    pub fn new<'a>(domains: impl Iterator<Item = &'a str>) -> Self {
        Self { domains: AhoCorasick::builder().ascii_case_insensitive(true).build(domains).ok() }
    }

    /// Hands each mail of a file or folder to `give`, in the order of file names. What an earlier pass has read is
    /// passed over; `known` holds the marks of that pass, and those of files that are met are taken out of it. Returns
    /// what can't be read, which does not stop the rest.
    pub fn each(&self, path: &Path, known: &mut HashMap<Key, Mark>, give: &mut dyn FnMut(Step)) -> Vec<Error> {
        let mut pass = Pass { reader: self, known, give, maildirs: HashSet::new() };
        let mut errors = Vec::new();
        for entry in walk(path) {
            // A link to a folder above it leads to nothing new.
            if entry.as_ref().is_err_and(|error| error.loop_ancestor().is_some()) {
                continue;
            }
            let is_named = entry.as_ref().map_or_else(walkdir::Error::depth, DirEntry::depth) == 0;
            let place = entry.as_ref().map_or_else(|error| error.path().unwrap_or(path), DirEntry::path).to_owned();
            let meta = entry.and_then(|entry| entry.metadata()).map_err(fault);
            match meta.and_then(|meta| pass.visit(&place, &meta, is_named)) {
                Ok(true) => {}
                Ok(false) => errors.push(Error::NoMail(place)),
                // Another program has moved or removed it meanwhile; if it is still somewhere, the next pass reads it.
                Err(error) if !is_named && error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => errors.push(Error::Io { path: place, error }),
            }
        }
        errors
    }

    /// Hands the mails of an mbox, or a single mail, to `give`. Returns whether there was any mail.
    pub fn stream(&self, reader: &mut impl BufRead, give: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        let mut give = |raw: &[u8]| {
            if self.may_matter(raw) {
                give(raw);
            }
        };
        if is_mbox(reader)? {
            mbox(reader, Place::default(), &mut |raw, _| give(raw))?;
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

    /// Whether the header of a mail names one of the domains. Only plain letters are searched, because the judgement
    /// too reads domains only where they stand in plain letters.
    fn may_matter(&self, raw: &[u8]) -> bool {
        let end = memmem::find(raw, b"\n\n").or_else(|| memmem::find(raw, b"\n\r\n"));
        let head = raw.get(..end.unwrap_or(raw.len())).unwrap_or(raw);
        self.domains.as_ref().is_none_or(|domains| domains.is_match(head))
    }
}

/// One pass over the files of a path.
struct Pass<'a> {
    reader: &'a Reader,
    /// The marks of an earlier pass; those of files that are met are taken out.
    known: &'a mut HashMap<Key, Mark>,
    give: &'a mut dyn FnMut(Step),
    /// The Maildirs that were met so far.
    maildirs: HashSet<PathBuf>,
}

impl Pass<'_> {
    /// Reads a file, or notes that a folder is a Maildir. Returns false only for a file without mail that the user
    /// named: a folder may contain other files, and an mbox may be empty.
    fn visit(&mut self, path: &Path, meta: &Metadata, is_named: bool) -> io::Result<bool> {
        if meta.is_file() {
            let maildir = in_maildir(path, &self.maildirs);
            let key = maildir.map(|maildir| key_in_maildir(maildir, path)).transpose()?;
            return self.file(path, meta, is_named, key);
        }
        if is_named && !meta.is_dir() {
            return Err(io::Error::other("it is neither a file nor a folder"));
        }
        if ["cur", "new"].iter().all(|name| path.join(name).is_dir()) {
            self.maildirs.insert(path.to_owned());
        }
        Ok(true)
    }

    fn file(&mut self, path: &Path, meta: &Metadata, is_named: bool, in_maildir: Option<Key>) -> io::Result<bool> {
        let written_at = meta.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        let mark = Mark { start: meta.len(), before: written_at.map(|at| at.to_string()).unwrap_or_default() };
        if in_maildir.as_ref().is_some_and(|key| self.known.remove(key).as_ref() == Some(&mark)) {
            (self.give)(Step::Skipped(meta.len()));
            return Ok(true);
        }
        let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
        let is_mail = is_delivered(path) || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("eml"));
        if !is_mail && is_mbox(&mut reader)? {
            self.mbox(path, reader, written_at)?;
            return Ok(true);
        }
        let mut give = |raw: &[u8]| (self.give)(Step::Mail(Found::new(path, raw, written_at)));
        let holds_mail = !(is_named || is_mail) || self.reader.stream(&mut reader, &mut give)?;
        // A file without mail gets no mark: its mail may be about to be written.
        (self.give)(Step::Passed(meta.len(), in_maildir.filter(|_| holds_mail).map(|key| (key, mark))));
        Ok(holds_mail || !is_named || meta.len() == 0)
    }

    /// Reads an mbox. If it is still the one that an earlier pass read, it is read from that one's last mail on.
    fn mbox(&mut self, path: &Path, mut reader: BufReader<File>, written_at: Option<Timestamp>) -> io::Result<()> {
        let key = key(path)?;
        let file = reader.get_ref().try_clone()?;
        let state = || file.metadata().and_then(|meta| Ok((meta.len(), meta.modified()?))).ok();
        let opened = state();
        let old = self.known.remove(&key);
        let from = old.as_ref().map(|mark| place(reader.get_mut(), mark)).transpose()?.flatten().unwrap_or_default();
        reader.seek(SeekFrom::Start(from.at))?;
        (self.give)(Step::Skipped(from.at));
        let step = |passed: u64, place: &Place| {
            let mark = mark_at(place);
            // No mark for a file that is rewritten while it is read: a mail may have been moved to a place before it.
            let is_new = old.as_ref() != Some(&mark) && opened.is_some() && state() == opened;
            Step::Passed(place.at.saturating_sub(passed), is_new.then(|| (key.clone(), mark)))
        };
        let mut passed = from.at;
        let last = mbox(&mut reader, from, &mut |raw, start| {
            if self.reader.may_matter(raw) {
                (self.give)(Step::Mail(Found::new(path, raw, written_at)));
            }
            if start.at.saturating_sub(passed) >= STRIDE {
                (self.give)(step(passed, start));
                passed = start.at;
            }
        })?;
        (self.give)(step(passed, &last));
        Ok(())
    }
}

/// The system's error in a walk's, which repeats the path.
fn fault(error: walkdir::Error) -> io::Error {
    let text = error.to_string();
    error.into_io_error().unwrap_or_else(|| io::Error::other(text))
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
        let read = |known: &mut HashMap<Key, Mark>| {
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
