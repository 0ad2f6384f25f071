//! Where mail comes from.

pub mod imap;
