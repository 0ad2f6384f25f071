//! What a mail is known again by.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::header::Header;

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&digest(bytes))
}

/// SHA-256.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Servers add headers on the way and change line ends; these parts stay.
pub fn content_hash(headers: &[Header], body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for header in headers.iter().filter(|h| ["From", "Date", "Subject", "To"].iter().any(|name| h.is(name))) {
        hash.update(header.name.to_lowercase());
        hash.update(header.value.trim());
        hash.update([0]);
    }
    for line in body.split(|b| *b == b'\n') {
        hash.update(line.trim_ascii_end());
        hash.update(b"\n");
    }
    hex(&hash.finalize())
}

/// As `content_hash`, in the relaxed form of RFC 6376 §3.4.2 and §3.4.4: one mail keeps one hash, whatever blanks are
/// put into it without breaking its signature.
pub fn signed_hash(headers: &[Header], body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for name in ["From", "To", "Date", "Subject"] {
        for header in headers.iter().filter(|h| h.is(name)) {
            hash.update(name);
            hash.update(relaxed(header.value.as_bytes()).trim_ascii());
            hash.update([0]);
        }
    }
    let mut blank_lines = 0_usize;
    for line in body.split(|b| *b == b'\n') {
        let line = relaxed(line);
        let line = line.trim_ascii_end();
        if line.is_empty() {
            blank_lines = blank_lines.saturating_add(1);
            continue;
        }
        for _ in 0..std::mem::take(&mut blank_lines) {
            hash.update(b"\n");
        }
        hash.update(line);
        hash.update(b"\n");
    }
    hex(&hash.finalize())
}

/// Runs of blanks made one.
fn relaxed(line: &[u8]) -> Cow<'_, [u8]> {
    if !line.contains(&b'\t') && !line.windows(2).any(|pair| pair == b"  ") {
        return Cow::Borrowed(line);
    }
    let mut out: Vec<u8> = Vec::with_capacity(line.len());
    for byte in line {
        match byte {
            b' ' | b'\t' if out.last() == Some(&b' ') => {}
            b' ' | b'\t' => out.push(b' '),
            byte => out.push(*byte),
        }
    }
    Cow::Owned(out)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
