//! A server, how to reach it, and who logs in.

use std::time::Duration;

use crate::secret::Secret;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314 §3).
    Tls,
    /// TLS after a command in plain text; without it there is no connection.
    StartTls,
    /// No protection; allowed to this machine only.
    Plaintext,
}

impl Security {
    /// Its usual port (RFC 8314 §3.2, RFC 3501 §2.1).
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
    /// Trust roots besides the system's, as PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// The limit for connecting, and for each read and write.
    pub timeout: Duration,
}

impl Server {
    /// `host:port`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Who logs in.
#[derive(Debug, Clone)]
pub struct Login {
    /// The user name.
    pub user: String,
    /// The password or token that proves it.
    pub secret: Secret,
}
