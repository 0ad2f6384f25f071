//! Where mail comes from.

pub mod disk;
pub mod imap;
mod mbox;
pub mod walk;
