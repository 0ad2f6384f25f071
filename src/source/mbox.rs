//! An mbox parted into its mails (RFC 4155).

use std::io::{self, BufRead, Read};

use super::disk::MAX_MAIL;

/// Whether it begins as an mbox does.
///
/// # Errors
/// When it can't be read.
pub fn is_mbox(reader: &mut impl BufRead) -> io::Result<bool> {
    Ok(reader.fill_buf()?.starts_with(b"From "))
}

/// A place in an mbox at which a mail begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// How many bytes stand before it.
    pub at: u64,
    /// The last of them, as they were when they were read: no more than [`KNOWN`].
    pub before: Vec<u8>,
}

/// So much of an mbox is compared before it is taken for the same one, in bytes.
pub const KNOWN: usize = 4096;

/// Gives the mails of an mbox on from a place (`>From ` unquoted as in mboxrd), each with the place at which it ends.
/// Returns the place at which the last one begins.
///
/// # Errors
/// When it can't be read.
pub fn mbox(reader: &mut impl BufRead, from: Place, give: &mut dyn FnMut(&[u8], &Place)) -> io::Result<Place> {
    let (mut mail, mut line) = (Vec::new(), Vec::new());
    let (mut is_in_mail, mut is_after_blank) = (false, true);
    let (mut place, mut start) = (from.clone(), from);
    loop {
        line.clear();
        if reader.by_ref().take(MAX_MAIL).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if is_after_blank && is_envelope(&line) {
            if is_in_mail {
                give(&mail, &place);
            }
            mail.clear();
            (is_in_mail, is_after_blank) = (true, false);
            start.clone_from(&place);
            place.pass(&line);
            continue;
        }
        place.pass(&line);
        is_after_blank = line.trim_ascii().is_empty();
        let quotes = line.iter().take_while(|b| **b == b'>').count();
        let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
        if (mail.len() as u64) < MAX_MAIL {
            mail.extend_from_slice(line.get(usize::from(is_quoted)..).unwrap_or_default());
        }
    }
    if is_in_mail {
        give(&mail, &place);
    }
    Ok(start)
}

impl Place {
    fn pass(&mut self, line: &[u8]) {
        self.at = self.at.saturating_add(line.len() as u64);
        let last = line.get(line.len().saturating_sub(KNOWN)..).unwrap_or(line);
        let surplus = self.before.len().saturating_add(last.len()).saturating_sub(KNOWN);
        self.before.drain(..surplus.min(self.before.len()));
        self.before.extend_from_slice(last);
    }
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
        let mut ends = Vec::new();
        let start = mbox(&mut text.as_bytes(), Place::default(), &mut |raw, end| {
            mails.push(String::from_utf8(raw.to_vec()).unwrap());
            assert_eq!(end.before, &text.as_bytes()[..usize::try_from(end.at).unwrap()]);
            ends.push(usize::try_from(end.at).unwrap());
        });
        let first = "Subject: 1\n\nFrom now on\n\nFrom here to there\nFrom the start\n\n";
        assert_eq!(mails, [first, "Subject: 2\r\n\r\n\n", "Subject: 3\n"]);
        assert_eq!(&text[usize::try_from(start.unwrap().at).unwrap()..], "From \nSubject: 3\n");
        let mut place = Place::default();
        let line = [b'x'; KNOWN - 1];
        (0..3).for_each(|_| place.pass(&line));
        place.pass(&[b'y'; KNOWN + 5]);
        place.pass(b"z");
        assert_eq!((place.at, place.before.len()), (4 * KNOWN as u64 + 3, KNOWN));
        assert!(place.before.ends_with(b"yz") && place.before.starts_with(b"y"));
        assert_eq!(&text[ends[0]..ends[1]], "From - Mon Nov 23 10:00:00 2026\r\nSubject: 2\r\n\r\n\n");
    }
}
