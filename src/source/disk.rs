//! Mail on disk: single mails, Maildirs, mboxes, and folders of them, those of Thunderbird and Takeout included.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use memchr::memmem;

use super::Halt;
use super::mbox::{Boundary, MAX_MAIL, is_mbox, mbox};
use crate::fault::Fault;
use crate::mail::header;
use crate::store::{FileKey, FileMark};

/// A mail found on disk.
pub struct FoundMail {
    /// The file it is in.
    pub path: PathBuf,
    /// The mail, without the envelope line and the quoting of an mbox.
    pub raw: Vec<u8>,
    /// When the file was last written.
    pub written_at: Option<Timestamp>,
}

/// What comes of reading.
pub enum ReadStep {
    /// A mail that may matter.
    Mail(FoundMail),
    /// A file in a folder that is no mail.
    NoMail(PathBuf),
    /// So many bytes were read before.
    Skipped(u64),
    /// So many bytes more lie behind; when all mails before are recorded, so may the mark be.
    Passed(u64, Option<(FileKey, FileMark)>),
}

impl ReadStep {
    /// How many bytes it is further on.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Mail(_) | Self::NoMail(_) => 0,
            Self::Skipped(bytes) | Self::Passed(bytes, _) => *bytes,
        }
    }

    /// How many of them were read before.
    pub fn skipped(&self) -> u64 {
        if let Self::Skipped(bytes) = self { *bytes } else { 0 }
    }
}

/// A file or folder that could not be read. It prints as the fault that it makes.
#[derive(Debug)]
pub enum DiskError {
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

impl From<&DiskError> for Fault {
    fn from(error: &DiskError) -> Self {
        match error {
            DiskError::Io { path, error } => {
                Self::new(format!("`{}`: {error}", path.display())).remedy("check the path and its permissions")
            }
            DiskError::NoMail(path) => Self::new(format!("`{}` is not a mail: it has no header", path.display()))
                .remedy("give a file in RFC 5322 form, an mbox, or a folder of them"),
        }
    }
}

impl From<DiskError> for Fault {
    fn from(error: DiskError) -> Self {
        Self::from(&error)
    }
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Fault::from(self).fmt(f)
    }
}

impl std::error::Error for DiskError {}

/// Reads mail from disk.
pub struct DiskReader {
    /// Finds the names whose mail matters; without them all mail does.
    domains: Option<AhoCorasick>,
}

impl DiskReader {
    /// Only mail that may claim to be from one of the domains is given on.
    pub fn new<'a>(domains: impl Iterator<Item = &'a str>) -> Self {
        // Alias relays write the dots of an original sender's domain as `_`.
        let domains = domains.flat_map(|domain| [domain.to_owned(), domain.replace('.', "_")]);
        Self { domains: AhoCorasick::builder().ascii_case_insensitive(true).build(domains).ok() }
    }

    /// Gives the mails of an mbox on, or one mail alone; tells whether there was one.
    pub fn stream(
        &self,
        reader: &mut impl BufRead,
        give: &mut dyn FnMut(&[u8]) -> Result<(), Halt>,
    ) -> Result<bool, Halt> {
        let mut give = |raw: &[u8]| if self.may_matter(raw) { give(raw) } else { Ok(()) };
        if is_mbox(reader)? {
            mbox(reader, Boundary::default(), &mut |raw, _| give(raw))?;
            return Ok(true);
        }
        let mut raw = Vec::new();
        reader.take(MAX_MAIL).read_to_end(&mut raw)?;
        if header::scan(&raw).0.is_empty() {
            return Ok(false);
        }
        give(&raw).map(|()| true)
    }

    /// Whether the header of a mail names one of the domains: whom a mail may pose as is read where it stands in plain
    /// letters only.
    pub(super) fn may_matter(&self, raw: &[u8]) -> bool {
        let end = memmem::find(raw, b"\n\n").or_else(|| memmem::find(raw, b"\n\r\n"));
        let head = raw.get(..end.unwrap_or(raw.len())).unwrap_or(raw);
        self.domains.as_ref().is_none_or(|domains| domains.is_match(head))
    }
}

/// Who is given what comes of reading.
pub type GiveStep<'g> = &'g mut dyn FnMut(ReadStep) -> Result<(), Halt>;
