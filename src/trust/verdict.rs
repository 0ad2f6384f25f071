//! The verdict on a sender, as it is kept with the mail.

use jiff::Timestamp;
use strum::{EnumString, IntoStaticStr};

/// The verdict on a sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it comes to.
    pub result: Proof,
    /// The domain that was proven.
    pub domain: Option<String>,
    /// The selector of the signature that proved it (RFC 6376 §3.1).
    pub selector: Option<String>,
    /// The method that decided: `dkim` or `dmarc` (RFC 8601 §2.7).
    pub method: Option<String>,
    /// The algorithm of the signature that we verified (RFC 6376 §3.3); none where a server's word was taken.
    pub algorithm: Option<String>,
    /// When it was proven: what was true then stays true when the key is gone.
    pub verified_at: Option<Timestamp>,
    /// Why, in a sentence for the user.
    pub reason: String,
    /// What each witness said, a line each.
    pub chain: Vec<String>,
    /// Why there is no better verdict yet: DNS could not be reached, or this machine's clock lags.
    pub unreachable: Option<String>,
}

/// How far a sender is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Proof {
    /// Proven to be the author domain.
    Authentic,
    /// Shown not to be, or built to deceive.
    Failed,
    /// Neither.
    Unverified,
}

impl Verdict {
    /// A verdict without a proof.
    pub fn new(result: Proof, reason: String) -> Self {
        Self {
            result,
            domain: None,
            selector: None,
            method: None,
            algorithm: None,
            verified_at: None,
            reason,
            chain: Vec::new(),
            unreachable: None,
        }
    }
}

impl Proof {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
