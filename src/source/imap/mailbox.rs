//! What a server tells of its mailboxes and of the mails in them.

use jiff::Timestamp;

/// So much of a mail's From header fields is asked for, in bytes. The server cuts off the rest.
pub const MAX_FROM: usize = 16 * 1024;

/// A mail's number in its mailbox. No other mail gets it as long as UIDVALIDITY stays the same (RFC 3501 §2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uid(pub u32);

/// The number that changes when a mailbox's UIDs are given out anew (UIDVALIDITY, RFC 3501 §2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UidValidity(pub u32);

/// A mailbox in the server's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name as the server sends it, in modified UTF-7.
    pub name: String,
    /// Its attributes with their backslash, such as `\Junk` (RFC 6154).
    pub uses: Vec<String>,
    /// What separates the parts of its name, if its names have parts.
    pub delimiter: Option<String>,
    /// Whether it can hold mail.
    pub is_selectable: bool,
}

/// An opened mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Examined {
    /// How many mails are in it.
    pub exists: u32,
    /// UIDs can be compared only with those seen under the same value.
    pub uid_validity: UidValidity,
    /// The UID that the next mail will have, if the server tells.
    pub uid_next: Option<Uid>,
}

/// What is fetched of every mail first, to tell whether the rest is worth fetching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedHeader {
    /// Its UID.
    pub uid: Uid,
    /// When it arrived: INTERNALDATE.
    pub received_at: Option<Timestamp>,
    /// Its size in bytes: RFC822.SIZE.
    pub size: u32,
    /// Its From header fields as they stand, of at most [`MAX_FROM`] bytes.
    pub from: Vec<u8>,
}
