//! What follows an error of a server's: decided here, and nowhere else.

use crate::source::imap::{self, ErrorKind};

/// What follows an error of a server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A command was refused. The mails that it asked for are put on the list of those to ask for again, and the session
    /// goes on.
    GoOn,
    /// A reply can't be read. Its mails are put on that list, and another connection reads the rest.
    Reconnect,
    /// The connection is over, and nothing is known of the mails that were asked for. The account's turn ends.
    GiveUp,
}

impl Fate {
    /// What follows.
    pub fn of(error: &imap::Error) -> Self {
        match error.kind {
            ErrorKind::Refused => Self::GoOn,
            ErrorKind::Unreadable => Self::Reconnect,
            ErrorKind::Configuration | ErrorKind::Unreachable | ErrorKind::Login | ErrorKind::Lost => Self::GiveUp,
        }
    }
}
