//! The words of a history: the states of an objection, the kinds of events, and whose word an event rests on.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::fault::Fault;
use crate::word;

/// Where an objection stands. The order is that of progress: a pending state never falls back by itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case", parse_err_ty = Fault, parse_err_fn = Self::unknown)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
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
    /// What the controller asked for reached it.
    Sent,
    /// A complaint was sent: to the authority, or where the law has that, to the controller first.
    Complained,
    /// The user corrected what was recorded of it.
    Edited,
    /// An earlier event was taken back.
    Undone,
}

/// What the controller wants to know where it asks for information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Question {
    /// Who the data subject is (Art. 12(6) GDPR).
    Identity,
    /// Anything else.
    Clarification,
}

/// Whose word an event rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Cause {
    /// A mail that was proven to come from the controller.
    Mail,
    /// The user.
    User,
}

impl State {
    /// Whether the matter is over.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused | Self::Withdrawn)
    }

    /// Whether an answer is still awaited.
    pub fn is_pending(self) -> bool {
        !self.is_terminal()
    }

    /// The word for it in the database, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn unknown(word: &str) -> Fault {
        word::unknown::<Self>("state", word)
    }
}

impl Kind {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Question {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Cause {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
