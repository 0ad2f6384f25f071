//! What a look at an account saw.

use serde::Serialize;

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

impl Seen {
    /// Whether all was read.
    pub fn is_complete(&self) -> bool {
        self.troubles.is_empty()
    }
}

/// A mailbox that was read.
#[derive(Debug, Serialize)]
pub struct SeenMailbox {
    /// Its name, decoded.
    pub mailbox: String,
    /// The UIDVALIDITY under which its UIDs count, if the server gives one.
    pub uid_validity: Option<u32>,
    /// Every mail with a smaller UID was looked at.
    pub uid_next: u32,
    /// How many mails were, or posed as, the controller's.
    pub candidates: usize,
}

/// What went wrong, by whose it is to mend; the rest went on.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// What was handed over holds no mail.
    NoMail(Fault),
    /// Wrong usage or configuration.
    Mistake(Fault),
    /// An outside thing failed for now.
    Outage(Fault),
}

impl Trouble {
    /// What went wrong.
    pub fn fault(&self) -> &Fault {
        let (Self::NoMail(fault) | Self::Mistake(fault) | Self::Outage(fault)) = self;
        fault
    }
}
