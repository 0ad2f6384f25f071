//! Mail on disk: single mails, Maildirs, mboxes, and folders of them, those of Thunderbird and Takeout included.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use memchr::memmem;

use crate::mail::{MAX_SIZE, header, sha256};

/// How deep folders are followed.
const MAX_DEPTH: usize = 32;
/// No more of one mail is read, in bytes: it is too large to be judged by then.
const MAX_MAIL: u64 = MAX_SIZE as u64 + 1;

/// A mail found on disk.
pub struct Found {
    /// The file it is in.
    pub path: PathBuf,
    /// The mail, without the envelope line and the quoting of an mbox.
    pub raw: Vec<u8>,
    /// When the file was last written.
    pub written_at: Option<Timestamp>,
}

/// How far an mbox was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where its last mail begins, in bytes: it may have been written to while it was read.
    pub start: u64,
    /// SHA-256 of what stands before that, no more than [`KNOWN`] bytes.
    pub before: String,
}

/// So much of an mbox is compared before it is taken for the same one.
const KNOWN: u64 = 4096;

/// What is known of mboxes that were read before, and what is learnt.
#[derive(Default)]
pub struct Marks {
    /// How far they were read; `None` where nobody wants to know.
    pub known: Option<HashMap<PathBuf, Mark>>,
    /// How far they are read now.
    pub new: Vec<(PathBuf, Mark)>,
}

/// A file or folder that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// By the system.
    #[error("`{path}`: {error}; check the path and its permissions")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file named by the user that holds no mail.
    #[error("`{0}` is not a mail: it has no header; give a file in RFC 5322 form, an mbox, or a folder of them")]
    NoMail(PathBuf),
}

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

    /// Gives each mail of a file or folder on, in the order of names. What can't be read is told at the end, and stops
    /// nothing else.
    pub fn each(&self, path: &Path, marks: &mut Marks, give: &mut dyn FnMut(Found)) -> Vec<Error> {
        let mut errors = Vec::new();
        self.walk(path, 0, marks, give, &mut errors);
        errors
    }

    fn walk(&self, path: &Path, depth: usize, marks: &mut Marks, give: &mut dyn FnMut(Found), errors: &mut Vec<Error>) {
        let mut attempt = || -> io::Result<Vec<PathBuf>> {
            // A link is followed only where the user names it: two could go round in circles.
            let meta = if depth == 0 { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
            if meta.is_file() {
                if !self.file(path, depth == 0, &meta, marks, give)? {
                    errors.push(Error::NoMail(path.to_owned()));
                }
                return Ok(Vec::new());
            }
            if !meta.is_dir() || depth >= MAX_DEPTH {
                return Ok(Vec::new());
            }
            let mut entries = fs::read_dir(path)?.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
            // What is in a Maildir's `tmp` is not delivered yet.
            entries.retain(|entry| !(entry.ends_with("tmp") && path.join("cur").is_dir()));
            entries.sort_unstable();
            Ok(entries)
        };
        match attempt() {
            Ok(entries) => entries.iter().for_each(|e| self.walk(e, depth.saturating_add(1), marks, give, errors)),
            // A mail that another program moves or removes meanwhile is read next time.
            Err(error) if depth > 0 && error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => errors.push(Error::Io { path: path.to_owned(), error }),
        }
    }

    /// Reads a file, and tells whether it is one that holds mail, or need not be: what lies about in a folder may be
    /// anything, and an mbox may be empty.
    fn file(
        &self,
        path: &Path,
        is_named: bool,
        meta: &fs::Metadata,
        marks: &mut Marks,
        give: &mut dyn FnMut(Found),
    ) -> io::Result<bool> {
        let written_at = meta.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
        let is_in = |folder: &str| path.parent().is_some_and(|parent| parent.ends_with(folder));
        let is_mail = is_in("cur") || is_in("new") || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("eml"));
        if !is_named && !is_mail && !is_mbox(&mut reader)? {
            return Ok(true);
        }
        let mut give = |raw: &[u8]| give(Found { path: path.to_owned(), raw: raw.to_owned(), written_at });
        let known = marks.known.as_ref().filter(|_| !is_mail);
        if known.is_none() || !is_mbox(&mut reader)? {
            return Ok(self.stream(&mut reader, &mut give)? || !is_named || meta.len() == 0);
        }
        let mut from = 0;
        if let Some(mark) = known.and_then(|known| known.get(path))
            && before(reader.get_mut(), mark.start)? == mark.before
        {
            from = mark.start;
        }
        reader.seek(SeekFrom::Start(from))?;
        let mut matters = |raw: &[u8]| {
            if self.may_matter(raw) {
                give(raw);
            }
        };
        let start = from.saturating_add(mbox(&mut reader, &mut matters)?);
        let before = before(reader.get_mut(), start)?;
        marks.new.push((path.to_owned(), Mark { start, before }));
        Ok(true)
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
            mbox(reader, &mut give)?;
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

/// What stands before a place in a file, by its hash.
fn before(file: &mut File, place: u64) -> io::Result<String> {
    let from = place.saturating_sub(KNOWN);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(place.saturating_sub(from)).read_to_end(&mut bytes)?;
    Ok(sha256(&bytes))
}

fn is_mbox(reader: &mut impl BufRead) -> io::Result<bool> {
    Ok(reader.fill_buf()?.starts_with(b"From "))
}

/// Gives the mails of an mbox on (RFC 4155; `>From ` unquoted as in mboxrd). Returns where the last one begins.
///
/// # Errors
/// When it can't be read.
fn mbox(reader: &mut impl BufRead, give: &mut dyn FnMut(&[u8])) -> io::Result<u64> {
    let (mut mail, mut line) = (Vec::new(), Vec::new());
    let (mut is_in_mail, mut is_after_blank) = (false, true);
    let (mut place, mut start) = (0_u64, 0_u64);
    loop {
        line.clear();
        if reader.by_ref().take(MAX_MAIL).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let begins = place;
        place = place.saturating_add(line.len() as u64);
        if is_after_blank && is_envelope(&line) {
            if is_in_mail {
                give(&mail);
            }
            mail.clear();
            (is_in_mail, is_after_blank) = (true, false);
            start = begins;
            continue;
        }
        is_after_blank = line.trim_ascii().is_empty();
        let quotes = line.iter().take_while(|b| **b == b'>').count();
        let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
        if (mail.len() as u64) < MAX_MAIL {
            mail.extend_from_slice(line.get(usize::from(is_quoted)..).unwrap_or_default());
        }
    }
    if is_in_mail {
        give(&mail);
    }
    Ok(start)
}

/// Whether a line begins a mail: "From anna@example.org Mon Nov 23 10:00:00 2026", or as bare as Thunderbird leaves it.
fn is_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = rest.trim_ascii();
    let is_time = |word: &[u8]| word.len() >= 5 && word.get(2) == Some(&b':') && word.iter().any(u8::is_ascii_digit);
    rest.is_empty() || rest == b"-" || rest.split(u8::is_ascii_whitespace).any(is_time)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_mbox_is_parted_at_its_envelope_lines_only() {
        let text = "From anna@example.org Mon Nov 23 10:00:00 2026\nSubject: 1\n\nFrom now on\n\nFrom here to there\n\
                    >From the start\n\nFrom - Mon Nov 23 10:00:00 2026\r\nSubject: 2\r\n\r\n\nFrom \nSubject: 3\n";
        let mut mails = Vec::new();
        mbox(&mut text.as_bytes(), &mut |raw| mails.push(String::from_utf8(raw.to_vec()).unwrap())).unwrap();
        let first = "Subject: 1\n\nFrom now on\n\nFrom here to there\nFrom the start\n\n";
        assert_eq!(mails, [first, "Subject: 2\r\n\r\n\n", "Subject: 3\n"]);
        let start = mbox(&mut text.as_bytes(), &mut |_| ()).unwrap();
        assert_eq!(&text[usize::try_from(start).unwrap()..], "From \nSubject: 3\n");
    }
}
