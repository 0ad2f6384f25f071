//! Mails among which one breaks the connection: they are asked for in ever smaller chunks.

use crate::source::imap::Uid;

/// So many headers are asked for at once; Courier takes no longer commands (facts §6.4).
pub const CHUNK: usize = 200;

/// Mails among which one breaks the connection.
pub struct Suspects {
    pub mailbox: String,
    pub last: Uid,
    /// So many of them are asked for at once.
    pub size: usize,
}

impl Suspects {
    /// How many mails to ask for at once, from one on.
    pub fn chunk(&self, mailbox: &str, first: Uid) -> usize {
        if self.mailbox == mailbox && first <= self.last { self.size } else { CHUNK }
    }
}
