//! An mbox parted into its mails (RFC 4155).

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::Halt;
use crate::mail::{MAX_SIZE, sha256};
use crate::store::FileMark;

/// No more of one mail is read, in bytes: it is too large to be judged by then.
pub(super) const MAX_MAIL: u64 = MAX_SIZE as u64 + 1;

/// Whether it begins as an mbox does.
///
/// # Errors
/// When it can't be read.
pub fn is_mbox(reader: &mut impl BufRead) -> io::Result<bool> {
    let bytes = reader.fill_buf()?;
    Ok(without_mark(bytes).trim_ascii_start().starts_with(b"From "))
}

/// What follows the mark that some editors put before a text (BOM).
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Where a mail begins in an mbox, and what stands around that place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Boundary {
    /// How many bytes stand before it.
    pub at: u64,
    /// The last of them, as they were when they were read: no more than [`KNOWN`].
    pub before: Vec<u8>,
    /// The first bytes of the mail, as far as they were read: no more than [`KNOWN`].
    pub after: Vec<u8>,
}

impl Boundary {
    /// What it is known again by.
    pub fn mark(&self) -> FileMark {
        let around = [self.before.as_slice(), &self.after].concat();
        FileMark { start: self.at, before: format!("{}:{}", self.after.len(), sha256(&around)) }
    }

    /// The boundary that a mark was made of, if the same bytes still stand around it in the file.
    pub fn find(file: &mut File, mark: &FileMark) -> io::Result<Option<Self>> {
        let Some(length) = mark.before.split_once(':').and_then(|(length, _)| length.parse().ok()) else {
            return Ok(None);
        };
        let from = mark.start.saturating_sub(KNOWN as u64);
        file.seek(SeekFrom::Start(from))?;
        let mut read = |length: u64| {
            let mut bytes = Vec::new();
            file.take(length.min(KNOWN as u64)).read_to_end(&mut bytes).map(|_| bytes)
        };
        let found = Self { at: mark.start, before: read(mark.start.saturating_sub(from))?, after: read(length)? };
        Ok((found.mark() == *mark).then_some(found))
    }
}

/// So much on each side of a place is compared before an mbox is taken for the same one, in bytes.
pub const KNOWN: usize = 4096;

/// Gives the mails of an mbox on from a place (`>From ` unquoted as in mboxrd), each with the place at which it begins.
/// Returns that of the last one.
pub fn mbox(reader: &mut impl BufRead, from: Boundary, give: GiveMail<'_>) -> Result<Boundary, Halt> {
    let mut parting = Parting::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.by_ref().take(MAX_MAIL).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        parting.add(&line, give)?;
    }
    parting.end(give)?;
    if parting.is_in_mail {
        give(&parting.mail, &parting.start)?;
    }
    Ok(parting.start)
}

/// Who is given the mails, each with the place at which it begins.
pub type GiveMail<'g> = &'g mut dyn FnMut(&[u8], &Boundary) -> Result<(), Halt>;

/// An mbox that is being parted.
struct Parting {
    /// The mail that the last line belongs to, if there is one, and where it begins.
    mail: Vec<u8>,
    start: Boundary,
    is_in_mail: bool,
    /// Whether the next line may begin a mail.
    is_after_blank: bool,
    /// A line that begins a mail if a header follows.
    doubtful: Option<Vec<u8>>,
    /// How many bytes stand before the next line, and the last of them.
    at: u64,
    passed: Vec<u8>,
}

impl Parting {
    fn new(from: Boundary) -> Self {
        let (at, passed) = (from.at, from.before.clone());
        let start = Boundary { after: Vec::new(), ..from };
        Self { mail: Vec::new(), start, is_in_mail: false, is_after_blank: true, doubtful: None, at, passed }
    }

    fn add(&mut self, line: &[u8], give: GiveMail<'_>) -> Result<(), Halt> {
        if let Some(doubtful) = self.doubtful.take() {
            self.put(&doubtful, is_header(line), give)?;
        }
        let line_without_mark = if self.at == 0 { without_mark(line) } else { line };
        let is_beginning = self.is_after_blank && is_envelope(line_without_mark);
        if !is_beginning && is_like_envelope(line_without_mark) {
            self.doubtful = Some(line.to_owned());
            return Ok(());
        }
        self.put(line, is_beginning, give)
    }

    /// The last line of all begins no mail.
    fn end(&mut self, give: GiveMail<'_>) -> Result<(), Halt> {
        self.doubtful.take().map_or(Ok(()), |line| self.put(&line, false, give))
    }

    fn put(&mut self, line: &[u8], is_beginning: bool, give: GiveMail<'_>) -> Result<(), Halt> {
        if is_beginning {
            if self.is_in_mail {
                give(&self.mail, &self.start)?;
            }
            self.start = Boundary { at: self.at, before: last(&self.passed).to_owned(), after: Vec::new() };
        }
        self.pass(line);
        if is_beginning {
            self.mail.clear();
            (self.is_in_mail, self.is_after_blank) = (true, false);
            return Ok(());
        }
        self.is_after_blank = line.trim_ascii().is_empty();
        let quotes = line.iter().take_while(|b| **b == b'>').count();
        let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
        if (self.mail.len() as u64) < MAX_MAIL {
            self.mail.extend_from_slice(line.get(usize::from(is_quoted)..).unwrap_or_default());
        }
        Ok(())
    }

    /// Notes the bytes of a line, by which the place is known again.
    fn pass(&mut self, line: &[u8]) {
        let room = KNOWN.saturating_sub(self.start.after.len());
        self.start.after.extend_from_slice(line.get(..room).unwrap_or(line));
        self.at = self.at.saturating_add(line.len() as u64);
        self.passed.extend_from_slice(last(line));
        if self.passed.len() > KNOWN.saturating_mul(16) {
            self.passed = last(&self.passed).to_owned();
        }
    }
}

/// The last bytes, no more than [`KNOWN`].
fn last(bytes: &[u8]) -> &[u8] {
    bytes.get(bytes.len().saturating_sub(KNOWN)..).unwrap_or(bytes)
}

/// Whether a line begins a mail: "From anna@example.org Mon Nov 23 10:00:00 2026", or as bare as Thunderbird leaves it.
fn is_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = rest.trim_ascii();
    let is_time = |word: &[u8]| {
        let is_hour = |hour: &[u8]| (1..=2).contains(&hour.len()) && hour.iter().all(u8::is_ascii_digit);
        word.len() >= 5 && word.split(|byte| *byte == b':').next().is_some_and(is_hour) && word.contains(&b':')
    };
    rest.is_empty() || rest == b"-" || rest.split(u8::is_ascii_whitespace).any(is_time)
}

/// Whether a line may begin a mail, as other programs write it: without a date, or without a blank line before. If it
/// does, a header follows.
fn is_like_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let is_sender = rest.trim_ascii().split(u8::is_ascii_whitespace).next().is_some_and(|word| word.contains(&b'@'));
    is_sender || is_envelope(line)
}

/// Whether a line is a header field: `Name: value`.
fn is_header(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    line.contains(&b':') && !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_mbox_is_parted_at_its_envelope_lines_only() {
        let text = "From anna@example.org Mon Nov 23 10:00:00 2026\nSubject: 1\n\nFrom now on\n\nFrom here to there\n\
                    >From the start\n\nFrom - Mon Nov 23 10:00:00 2026\r\nSubject: 2\r\n\r\n\nFrom \nSubject: 3\n";
        let (mut mails, mut starts) = (Vec::new(), Vec::new());
        let last = mbox(&mut text.as_bytes(), Boundary::default(), &mut |raw, start| {
            mails.push(String::from_utf8(raw.to_vec()).unwrap());
            let (before, after) = text.as_bytes().split_at(usize::try_from(start.at).unwrap());
            assert!(start.before == before && after.starts_with(&start.after) && !start.after.is_empty());
            starts.push(usize::try_from(start.at).unwrap());
            Ok(())
        });
        let first = "Subject: 1\n\nFrom now on\n\nFrom here to there\nFrom the start\n\n";
        assert_eq!(mails, [first, "Subject: 2\r\n\r\n\n", "Subject: 3\n"]);
        assert_eq!(&text[starts[1]..starts[2]], "From - Mon Nov 23 10:00:00 2026\r\nSubject: 2\r\n\r\n\n");
        assert_eq!(last.unwrap().after, b"From \nSubject: 3\n");
    }

    #[test]
    fn envelope_lines_of_any_program_part_an_mbox() {
        for (first, second) in [
            ("From a@b.example", "\nFrom a@b.example"),
            ("From a@b.example 2026-05-04", "\nFrom a@b.example 2026-05-04"),
            ("From a@b.example 2026-05-04T08:12:00Z", "\nFrom a@b.example 2026-05-04T08:12:00Z"),
            ("From a@b.example Mon May  4 8:12:00 2026", "\nFrom a@b.example Mon May  4 8:12:00 2026"),
            ("\u{feff}From a@b.example Mon May  4 08:12:00 2026", "\nFrom - Mon May  4 08:12:00 2026"),
            ("\nFrom a@b.example Mon May  4 08:12:00 2026", "From a@b.example Mon May  4 08:12:00 2026"),
        ] {
            let text = format!("{first}\nSubject: 1\n\nFrom a@b.example\nwith love\n{second}\nSubject: 2\n\nbye\n");
            assert!(is_mbox(&mut text.as_bytes()).unwrap(), "{first}");
            let mut mails = Vec::new();
            mbox(&mut text.as_bytes(), Boundary::default(), &mut |raw, _| {
                mails.push(String::from_utf8(raw.to_vec()).unwrap());
                Ok(())
            })
            .unwrap();
            assert_eq!(mails.len(), 2, "{text}");
            assert!(mails[0].starts_with("Subject: 1\n\nFrom a@b.example\nwith love\n"), "{text}");
            assert_eq!(mails[1], "Subject: 2\n\nbye\n");
        }
    }

    #[test]
    fn of_what_stands_at_a_place_a_part_is_kept() {
        let long = "x".repeat(KNOWN * 20) + "y\n\n";
        let text = format!("From - 10:00:00\n{long}From - 11:00:00\n{long}");
        let last = mbox(&mut text.as_bytes(), Boundary::default(), &mut |_, _| Ok(())).unwrap();
        assert_eq!((last.before.len(), last.after.len()), (KNOWN, KNOWN));
        assert!(last.before.ends_with(b"xxy\n\n") && last.after.starts_with(b"From - 11:00:00\nxx"));
    }
}
