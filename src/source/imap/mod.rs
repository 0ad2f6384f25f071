//! An IMAP account, read without changing it: EXAMINE and `BODY.PEEK`, never SELECT or STORE.
//!
//! `paced` bounds the time, `guard` bounds what the parser is given, `connect` makes the connection, `sasl` logs in with
//! a `proof`, `session` speaks, `error` says what went wrong in the user's words, `refusal` why a server refuses, and
//! `hidden` keeps out of it what nobody may see.

mod connect;
mod error;
mod guard;
mod hidden;
mod name;
mod paced;
mod proof;
mod refusal;
mod sasl;
mod session;

use std::time::Duration;

use crate::secret::Secret;
use jiff::Timestamp;

pub use connect::reach;
pub use error::{Error, Kind, quiet_panics};
pub use name::decode_mailbox_name;
pub use refusal::Refusal;
pub use session::{MAX_FROM, Session};

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314 §3).
    Tls,
    /// TLS after a command in plain text; without it there is no connection.
    StartTls,
    /// None: to this machine only.
    Plaintext,
}

impl Security {
    /// The port where it is usual (RFC 8314 §3.2, RFC 3501 §2.1).
    #[must_use]
    pub fn usual_port(self) -> u16 {
        if self == Self::Tls { 993 } else { 143 }
    }
}

/// A server, and how to reach it.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name, which its certificate must bear, or its IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// More trust roots, as PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// The limit for connecting, and for each read and write.
    pub timeout: Duration,
}

impl Server {
    /// `host:port`.
    fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Who logs in.
#[derive(Debug, Clone)]
pub struct Login {
    /// The user name.
    pub user: String,
    /// What proves it.
    pub secret: Secret,
}

/// A mail's number in its mailbox, never given to another mail under the same UIDVALIDITY (RFC 3501 §2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uid(pub u32);

/// What makes UIDs comparable between sessions (RFC 3501 §2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UidValidity(pub u32);

/// A mailbox in the server's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name as the server sends it, in modified UTF-7.
    pub name: String,
    /// Its attributes with their backslash, such as `\Junk` (RFC 6154).
    pub uses: Vec<String>,
    /// Whether it can hold mail.
    pub is_selectable: bool,
}

/// An opened mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Examined {
    /// How many mails are in it.
    pub exists: u32,
    /// Under which its UIDs count.
    pub uid_validity: UidValidity,
    /// The UID that the next mail will have, if the server tells.
    pub uid_next: Option<Uid>,
}

/// What is asked of every mail first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its UID.
    pub uid: Uid,
    /// When it arrived: INTERNALDATE.
    pub received_at: Option<Timestamp>,
    /// Its size in bytes: RFC822.SIZE.
    pub size: u32,
    /// Its From header fields as they stand, of at most [`MAX_FROM`] bytes.
    pub from: Vec<u8>,
}
