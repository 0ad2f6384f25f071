//! Who the controller is: the domains it sends from, and what mail from each can be about.

use serde::Deserialize;

use crate::fault::Fault;
use crate::mail::{Address, is_within};
use crate::objection::Platform;

/// The controller (Art. 4(7) GDPR) as a sender of mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// Its name.
    pub name: String,
    /// Local parts at support domains that send ordinary mail, such as receipts.
    pub not_support: Vec<String>,
    /// Addresses that send verification codes besides the support's.
    pub code_senders: Vec<String>,
    /// Its sending domains.
    pub sender: Vec<Sender>,
}

/// A domain of the controller.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// The domain; its sub-domains count too.
    pub domain: String,
    /// What its mail can be about; empty for anything.
    #[serde(default)]
    pub platforms: Vec<Word>,
    /// Whether objections are answered from it.
    #[serde(default)]
    pub is_support: bool,
    /// Where this is known from.
    pub source: String,
}

/// A platform as rules name it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Word(pub Platform);

impl TryFrom<String> for Word {
    type Error = Fault;

    fn try_from(word: String) -> Result<Self, Fault> {
        word.parse().map(Self)
    }
}

impl Controller {
    /// The most specific entry for a domain; `None` if it is not the controller's.
    #[must_use]
    pub fn sender(&self, domain: &str) -> Option<&Sender> {
        self.sender.iter().filter(|s| is_within(domain, &s.domain)).max_by_key(|s| s.domain.len())
    }

    /// Whether an address is one that answers objections.
    #[must_use]
    pub fn is_support(&self, author: &Address) -> bool {
        let local = author.local().to_lowercase();
        self.sender(author.domain()).is_some_and(|s| s.is_support) && !self.not_support.contains(&local)
    }

    /// Whether an address is one that sends verification codes.
    #[must_use]
    pub fn is_code_sender(&self, author: &Address) -> bool {
        let address = author.without_detail().to_string().to_lowercase();
        self.is_support(author) || self.code_senders.contains(&address)
    }
}
