//! The network besides mail: DNS and HTTPS.

pub mod dns;
pub mod http;
