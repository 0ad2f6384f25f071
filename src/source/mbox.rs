//! Splits an mbox into its mails (RFC 4155).

use std::io::{self, BufRead, Read};

use crate::mail::MAX_SIZE;

/// So much of one mail is read, in bytes. A mail of that size is too large to be judged.
pub(super) const MAX_MAIL: u64 = MAX_SIZE as u64 + 1;

/// Whether a file begins as an mbox does.
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
    /// The first bytes of the mail, as far as they were read: no more than [`KNOWN`].
    pub after: Vec<u8>,
}

/// How many bytes on each side of a place are kept, to tell later whether the mbox is still the same one.
pub const KNOWN: usize = 4096;

/// Hands the mails of an mbox to `give`, each with the place at which it begins, starting at `from`. `>From ` is
/// unquoted as in mboxrd. Returns the place of the last mail.
pub fn mbox(reader: &mut impl BufRead, from: Place, give: &mut dyn FnMut(&[u8], &Place)) -> io::Result<Place> {
    let (mut mail, mut line) = (Vec::new(), Vec::new());
    let (mut is_in_mail, mut is_after_blank) = (false, true);
    let (mut at, mut passed) = (from.at, from.before.clone());
    let mut start = Place { after: Vec::new(), ..from };
    loop {
        line.clear();
        if reader.by_ref().take(MAX_MAIL).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let is_beginning = is_after_blank && is_envelope(&line);
        if is_beginning {
            if is_in_mail {
                give(&mail, &start);
            }
            start = Place { at, before: last(&passed).to_owned(), after: Vec::new() };
        }
        let room = KNOWN.saturating_sub(start.after.len());
        start.after.extend_from_slice(line.get(..room).unwrap_or(&line));
        at = at.saturating_add(line.len() as u64);
        passed.extend_from_slice(last(&line));
        if passed.len() > KNOWN.saturating_mul(16) {
            passed = last(&passed).to_owned();
        }
        if is_beginning {
            mail.clear();
            (is_in_mail, is_after_blank) = (true, false);
            continue;
        }
        is_after_blank = line.trim_ascii().is_empty();
        add(&line, &mut mail);
    }
    if is_in_mail {
        give(&mail, &start);
    }
    Ok(start)
}

/// Adds a line to a mail, without the first `>` that quotes it (mboxrd).
fn add(line: &[u8], mail: &mut Vec<u8>) {
    let quotes = line.iter().take_while(|b| **b == b'>').count();
    let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
    if (mail.len() as u64) < MAX_MAIL {
        mail.extend_from_slice(line.get(usize::from(is_quoted)..).unwrap_or_default());
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
        let (mut mails, mut starts) = (Vec::new(), Vec::new());
        let last = mbox(&mut text.as_bytes(), Place::default(), &mut |raw, start| {
            mails.push(String::from_utf8(raw.to_vec()).unwrap());
            let (before, after) = text.as_bytes().split_at(usize::try_from(start.at).unwrap());
            assert!(start.before == before && after.starts_with(&start.after) && !start.after.is_empty());
            starts.push(usize::try_from(start.at).unwrap());
        });
        let first = "Subject: 1\n\nFrom now on\n\nFrom here to there\nFrom the start\n\n";
        assert_eq!(mails, [first, "Subject: 2\r\n\r\n\n", "Subject: 3\n"]);
        assert_eq!(&text[starts[1]..starts[2]], "From - Mon Nov 23 10:00:00 2026\r\nSubject: 2\r\n\r\n\n");
        assert_eq!(last.unwrap().after, b"From \nSubject: 3\n");
    }

    #[test]
    fn of_what_stands_at_a_place_a_part_is_kept() {
        let long = "x".repeat(KNOWN * 20) + "y\n\n";
        let text = format!("From - 10:00:00\n{long}From - 11:00:00\n{long}");
        let last = mbox(&mut text.as_bytes(), Place::default(), &mut |_, _| ()).unwrap();
        assert_eq!((last.before.len(), last.after.len()), (KNOWN, KNOWN));
        assert!(last.before.ends_with(b"xxy\n\n") && last.after.starts_with(b"From - 11:00:00\nxx"));
    }
}
