//! The words of a history: the states of an objection, the kinds of events, and whose word an event rests on.

use std::fmt;
use std::str::FromStr;

/// Where an objection stands. The order is that of progress: a pending state never falls back by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The form was sent.
    Submitted,
    /// The controller mailed a code that proves the address.
    CodeReceived,
    /// The user entered the code.
    Verified,
    /// The controller confirmed that it has the objection.
    Acknowledged,
    /// The controller asks for more (Art. 12(6) GDPR).
    NeedsInfo,
    /// The controller complies. Terminal.
    Accepted,
    /// The controller does not comply. Terminal.
    Refused,
    /// The user took it back. Terminal.
    Withdrawn,
}

/// What an event says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The form was sent.
    Submitted,
    /// A code came by mail.
    VerificationCode,
    /// The code was entered.
    Verified,
    /// Receipt was confirmed.
    Acknowledged,
    /// More was asked for.
    NeedsInfo,
    /// The controller complies.
    Accepted,
    /// The controller refuses.
    Refused,
    /// The user took the objection back.
    Withdrawn,
    /// The controller announced two further months (Art. 12(3) GDPR).
    Extended,
    /// An earlier event was taken back.
    Undone,
}

/// Whose word an event rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A mail that was proven to come from the controller.
    Mail,
    /// The user.
    User,
}

impl State {
    /// All states, in the order of progress.
    pub const ALL: [Self; 8] = [
        Self::Submitted,
        Self::CodeReceived,
        Self::Verified,
        Self::Acknowledged,
        Self::NeedsInfo,
        Self::Accepted,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// Whether the matter is over.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused | Self::Withdrawn)
    }

    /// Whether an answer is still awaited.
    #[must_use]
    pub fn is_pending(self) -> bool {
        !self.is_terminal()
    }

    /// The word for it in the database, in JSON and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::CodeReceived => "code_received",
            Self::Verified => "verified",
            Self::Acknowledged => "acknowledged",
            Self::NeedsInfo => "needs_info",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Submitted,
        Self::VerificationCode,
        Self::Verified,
        Self::Acknowledged,
        Self::NeedsInfo,
        Self::Accepted,
        Self::Refused,
        Self::Withdrawn,
        Self::Extended,
        Self::Undone,
    ];

    /// The word for it in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::VerificationCode => "verification_code",
            Self::Verified => "verified",
            Self::Acknowledged => "acknowledged",
            Self::NeedsInfo => "needs_info",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Extended => "extended",
            Self::Undone => "undone",
        }
    }
}

impl Cause {
    /// The word for it in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::User => "user",
        }
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|s| s.as_str() == word).ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|s| s.as_str()).collect();
            format!("unknown state `{word}`: use {}", words.join(", "))
        })
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|k| k.as_str() == word).ok_or_else(|| format!("unknown event `{word}`"))
    }
}

impl FromStr for Cause {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "mail" => Ok(Self::Mail),
            "user" => Ok(Self::User),
            _ => Err(format!("unknown cause `{word}`")),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
