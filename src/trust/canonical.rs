//! What a signature is made over (RFC 6376 §3.4 and §3.7): headers and body in the form in which they are signed.
//!
//! Written here, because `mail-auth` 0.13.3 keeps lines of blanks at the end of a relaxed body (§3.4.4), so that it
//! called genuine mail forged.

use crate::mail::digest;

/// How much a header or a body may change on the way without breaking a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canonicalization {
    /// Not at all.
    Simple,
    /// In its blanks, and a header in where it is folded.
    Relaxed,
}

/// A header as it was sent, its line ends included: name and value.
pub type HeaderField<'a> = (&'a [u8], &'a [u8]);

/// The forms of headers and body that `c=` names (RFC 6376 §3.5); `None` for what is neither.
pub fn forms(tag: Option<&str>) -> Option<(Canonicalization, Canonicalization)> {
    let form = |word: &str| match word.trim().to_lowercase().as_str() {
        "simple" => Some(Canonicalization::Simple),
        "relaxed" => Some(Canonicalization::Relaxed),
        _ => None,
    };
    match tag.unwrap_or("simple").split_once('/') {
        Some((headers, body)) => form(headers).zip(form(body)),
        None => form(tag.unwrap_or("simple")).map(|headers| (headers, Canonicalization::Simple)),
    }
}

/// The fields of a header block whose lines end in CR LF, from the top down.
pub fn fields(block: &[u8]) -> Vec<HeaderField<'_>> {
    let mut found = Vec::new();
    let mut rest = block;
    while !rest.is_empty() {
        let (field, after) = rest.split_at(field_end(rest));
        if let Some(colon) = field.iter().position(|b| *b == b':') {
            let (name, value) = field.split_at(colon);
            found.push((name, value.get(1..).unwrap_or_default()));
        }
        rest = after;
    }
    found
}

/// Where the first field ends: before the next line that continues nothing.
fn field_end(block: &[u8]) -> usize {
    let mut lines = block.split_inclusive(|b| *b == b'\n');
    let first = lines.next().map_or(0, <[u8]>::len);
    let is_continued = |line: &&[u8]| matches!(line.first(), Some(b' ' | b'\t'));
    lines.take_while(is_continued).map(<[u8]>::len).fold(first, usize::saturating_add)
}

/// SHA-256 of a body whose lines end in CR LF (§3.4.3, §3.4.4).
pub fn body_hash(form: Canonicalization, body: &[u8]) -> [u8; 32] {
    let mut out: Vec<u8> = Vec::with_capacity(body.len().saturating_add(2));
    for line in body.split_inclusive(|b| *b == b'\n') {
        let text = line.strip_suffix(b"\r\n").unwrap_or(line);
        match form {
            Canonicalization::Simple => out.extend_from_slice(text),
            Canonicalization::Relaxed => relax(text, &mut out),
        }
        out.extend_from_slice(b"\r\n");
    }
    while out.ends_with(b"\r\n") {
        out.truncate(out.len().saturating_sub(2));
    }
    if form == Canonicalization::Simple || !out.is_empty() {
        out.extend_from_slice(b"\r\n");
    }
    digest(&out)
}

/// What is signed of the headers: those that `names` lists, each name from the bottom up (§5.4.2), then the signature's
/// own field `own` with the value of its `b=` left out.
pub fn signed_headers(
    form: Canonicalization,
    fields: &[HeaderField<'_>],
    names: &[String],
    own: HeaderField<'_>,
) -> Vec<u8> {
    let mut left: Vec<&HeaderField<'_>> = fields.iter().filter(|(_, value)| !std::ptr::eq(*value, own.1)).collect();
    let mut out = Vec::new();
    for wanted in names {
        let is_wanted = |(name, _): &&HeaderField<'_>| name.trim_ascii_end().eq_ignore_ascii_case(wanted.as_bytes());
        if let Some(at) = left.iter().rposition(is_wanted) {
            let (name, value) = left.remove(at);
            write_field(form, name, value, &mut out);
        }
    }
    write_field(form, own.0, &without_signature(own.1), &mut out);
    let end = out.strip_suffix(b"\r\n").map_or(out.len(), <[u8]>::len);
    out.truncate(end);
    out
}

/// A header in its form (§3.4.1, §3.4.2).
fn write_field(form: Canonicalization, name: &[u8], value: &[u8], out: &mut Vec<u8>) {
    match form {
        Canonicalization::Simple => out.extend([name, b":", value].concat()),
        Canonicalization::Relaxed => {
            out.extend(name.trim_ascii_end().to_ascii_lowercase());
            out.push(b':');
            let unfolded: Vec<u8> = value.iter().copied().filter(|b| !b"\r\n".contains(b)).collect();
            relax(unfolded.trim_ascii_start(), out);
            out.extend_from_slice(b"\r\n");
        }
    }
}

/// Writes a line with each run of blanks made one space, and none at its end.
fn relax(line: &[u8], out: &mut Vec<u8>) {
    let is_blank = |b: &u8| matches!(b, b' ' | b'\t');
    let end = line.iter().rposition(|b| !is_blank(b)).map_or(0, |at| at.saturating_add(1));
    let mut was_blank = false;
    for byte in line.get(..end).unwrap_or_default() {
        if !is_blank(byte) {
            out.push(*byte);
        } else if !was_blank {
            out.push(b' ');
        }
        was_blank = is_blank(byte);
    }
}

/// A signature's header value with the value of `b=` left out (§3.5).
fn without_signature(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for (at, part) in value.split(|b| *b == b';').enumerate() {
        if at > 0 {
            out.push(b';');
        }
        let equals = part.iter().position(|b| *b == b'=');
        let is_own = |at: &usize| part.get(..*at).is_some_and(|name| name.trim_ascii() == b"b");
        out.extend_from_slice(equals.filter(is_own).and_then(|at| part.get(..=at)).unwrap_or(part));
    }
    out
}
