//! Where mail comes from.

pub mod disk;
pub mod imap;
mod mbox;
mod resume;
mod unread;
pub mod walk;
