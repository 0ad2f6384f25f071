//! What a mail says: wording as evidence that adds up, never as a key by itself.

mod against;
mod answer;
mod code;
mod controller;
mod entries;
mod evidence;
mod file;
mod flaw;
mod fragment;
mod known;
mod language;
mod phrase;
mod reader;
mod rules;
mod sentence;
mod suggest;
mod words;

use jiff::SignedDuration;
use jiff::civil::Date;
use secrecy::SecretString;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::fault::Fault;
use crate::objection::Kind;
use crate::word;

pub use controller::{Controller, Sender};
pub use flaw::{Flaw, flaws, flaws_of_classes, never_matching};
pub use reader::read;
pub use rules::Rules;
pub use suggest::suggest;

/// What a mail says.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case", parse_err_ty = Fault, parse_err_fn = Self::unknown)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// A code that proves the address given to the form.
    VerificationCode,
    /// Receipt is confirmed.
    Acknowledged,
    /// More is asked for.
    NeedsInfo,
    /// The controller complies.
    Accepted,
    /// The controller refuses.
    Refused,
    /// A notice about AI and the right to object, which decides nothing.
    Announcement,
    /// None of these.
    None,
}

impl Signal {
    /// The word for it in the database, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn unknown(word: &str) -> Fault {
        word::unknown::<Self>("signal", word)
    }

    /// The event that it is to an objection, if it is one.
    #[must_use]
    pub fn event(self) -> Option<Kind> {
        match self {
            Self::VerificationCode => Some(Kind::VerificationCode),
            Self::Acknowledged => Some(Kind::Acknowledged),
            Self::NeedsInfo => Some(Kind::NeedsInfo),
            Self::Accepted => Some(Kind::Accepted),
            Self::Refused => Some(Kind::Refused),
            Self::Announcement | Self::None => None,
        }
    }
}

/// What was read out of a mail.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What it says.
    pub signal: Signal,
    /// Whether it says several things that exclude each other, so that a person must read it.
    pub is_unclear: bool,
    /// The decision that can be read in it, if it decides, even where something speaks against that.
    pub decision: Option<Signal>,
    /// The sentences that speak against the decision.
    pub against: Vec<String>,
    /// What the deciding sentences say of days.
    pub dated: Vec<Dated>,
    /// The language of the rule that decided.
    pub language: Option<String>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The sentences that decided.
    pub matched: Vec<String>,
    /// The codes in it, if it is a verification mail.
    pub code: FoundCode,
    /// Whether no rule says what it is, and there are digits in it that could be a code.
    pub may_hold_code: bool,
}

/// A deciding sentence that names a day or a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// The sentence.
    pub text: String,
    /// The last day that it can mean.
    pub until: Date,
}

/// The code of a verification mail.
#[derive(Debug, Clone)]
pub enum FoundCode {
    /// None was found.
    None,
    /// This one, good for so long if the mail says it.
    One(SecretString, Option<SignedDuration>),
    /// Several that differ: choosing would be guessing.
    Several,
}
