//! Where mail comes from.

pub mod disk;
pub mod imap;
mod mbox;
mod packed;
pub mod walk;

use std::io;

/// Why reading ended before the end.
#[derive(Debug)]
pub enum Halt {
    /// It can't be read.
    Io(io::Error),
    /// Whoever is given the mails wants no more.
    Enough,
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
