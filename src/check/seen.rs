//! What a look at an account saw.

use crate::fault::Fault;
use crate::store::Kept;

/// What a look at an account saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// The account.
    pub account: String,
    /// The mailboxes that were read.
    pub mailboxes: Vec<SeenMailbox>,
    /// The mails that were kept.
    pub mails: Vec<Kept>,
    /// What went wrong; none if all was read.
    pub troubles: Vec<Trouble>,
}

/// A mailbox that was read.
#[derive(Debug)]
pub struct SeenMailbox {
    /// Its name, decoded.
    pub mailbox: String,
    /// The UIDVALIDITY under which its UIDs count.
    pub uid_validity: u32,
    /// Every mail with a smaller UID was looked at.
    pub uid_next: u32,
    /// How many mails were, or posed as, the controller's.
    pub candidates: usize,
}

/// What kept a look from seeing all.
#[derive(Debug)]
pub struct Trouble {
    /// What went wrong, with the account it went wrong at.
    pub fault: Fault,
    /// Whether the configuration is wrong, rather than something outside that may be right next time.
    pub is_configuration: bool,
}
