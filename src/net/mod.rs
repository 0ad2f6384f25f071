//! The network besides mail: DNS, HTTPS, and how a mail address's server is found.

pub mod discover;
pub mod dns;
pub mod http;
