//! Marks how far an mbox was read, and finds that place again if the file is still the same there.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::mbox::{KNOWN, Place};
use crate::mail::sha256;

/// How far a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where the last mail of an mbox begins, in bytes: it may have been written to while it was read. Of a single
    /// mail: its size.
    pub start: u64,
    /// How much of that mail was read, and the SHA-256 of what stands around its beginning, no more than [`KNOWN`]
    /// bytes on each side. Of a single mail: when it was written.
    pub before: String,
}

/// The mark of an mbox that was read up to the mail at a place.
pub fn mark_at(place: &Place) -> Mark {
    let around = [place.before.as_slice(), &place.after].concat();
    Mark { start: place.at, before: format!("{}:{}", place.after.len(), sha256(&around)) }
}

/// The place that a mark was made of, if the same bytes still stand around it in the file.
pub fn place(file: &mut File, mark: &Mark) -> io::Result<Option<Place>> {
    let Some(length) = mark.before.split_once(':').and_then(|(length, _)| length.parse().ok()) else { return Ok(None) };
    let from = mark.start.saturating_sub(KNOWN as u64);
    file.seek(SeekFrom::Start(from))?;
    let mut read = |length: u64| {
        let mut bytes = Vec::new();
        file.take(length.min(KNOWN as u64)).read_to_end(&mut bytes).map(|_| bytes)
    };
    let place = Place { at: mark.start, before: read(mark.start.saturating_sub(from))?, after: read(length)? };
    Ok((mark_at(&place) == *mark).then_some(place))
}
