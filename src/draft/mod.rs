//! Text to send: the reason for the form, the reminder, the complaint; and where each of them goes.
//!
//! Wording is data: `letters/` has a file for each language; the authorities, the controllers and the forms are files
//! beside it. Letters are put together from the record alone, so they claim nothing that the record does not show.

mod authority;
mod controller;
mod guide;
mod language;
mod letter;
mod reason;
mod record;
mod texts;

use serde::de::DeserializeOwned;

use crate::fault::Fault;
pub(crate) use authority::{Authorities, Authority};
pub(crate) use controller::ControllerAddress;
pub(crate) use guide::{Form, FormGuide};
pub(crate) use letter::{DraftLetter, complaint, is_english_only, may_complain, may_remind, reminder};
pub(crate) use reason::reason;
pub use reason::{Ground, LIMIT};
pub(crate) use record::RecordTexts;
pub(crate) use texts::{Texts, fill};

/// Why nothing was drafted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DraftError {
    /// There is nothing to write about, it is too early, or no law is known to write by.
    #[error(transparent)]
    Refused(Fault),
    /// The letter was asked for in a way in which it can't be written.
    #[error(transparent)]
    Usage(Fault),
}

/// A file that is built into this program, read.
fn built_in<T: DeserializeOwned>(text: &str) -> Result<T, DraftError> {
    toml::from_str(text)
        .map_err(|error| DraftError::Usage(Fault::new("built-in texts").because(error).remedy("report it as a bug")))
}
