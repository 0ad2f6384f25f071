//! Text to send: the reason for the form, the reminder, the complaint; and where each of them goes.
//!
//! Wording is data: a file for each language in `letters/`, the authorities, the controllers and the forms beside it.
//! Letters are put together from the record alone, so they claim nothing that it does not show.

mod authority;
mod controller;
mod guide;
mod language;
mod letter;
mod reason;

pub use authority::{Authorities, Authority};
pub use controller::Controller;
pub use guide::{Form, Guide};
pub use language::Language;
pub use letter::{Letter, complaint, may_complain, may_remind, reminder};
pub use reason::{Ground, LIMIT, reason};

/// Why nothing was drafted.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// A language without texts.
    #[error("no texts in the language `{code}`; use {}", language::codes().collect::<Vec<_>>().join(", "))]
    Language {
        /// What was asked for.
        code: String,
    },
    /// A country without a known authority.
    #[error("no supervisory authority is known for {0}; name one with --authority, such as IE")]
    Authority(String),
    /// A country with an authority for each part of it.
    #[error("Germany has an authority in each Land; name yours with --land: {0}")]
    Land(String),
    /// Part of the world where the letters would cite the wrong law.
    #[error("Switzerland: its own law applies instead of the GDPR, so there is no letter for it; write to {0}")]
    Switzerland(String),
    /// Another part of the world, of whose law nothing is known here.
    #[error("`{0}`: the GDPR does not apply there, so there is no letter for it; ask the authority of that country")]
    Elsewhere(String),
    /// More text than a form takes.
    #[error(
        "the reason has {length} characters, the limit is {limit}; leave out a --ground, shorten --add, or give the form's own --limit"
    )]
    TooLong {
        /// Its characters.
        length: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Nothing to write about, or too early.
    #[error("{0}")]
    Refused(String),
    /// A mistake in a file of this program.
    #[error("built-in texts: {0}; report it as a bug")]
    BuiltIn(#[from] ::toml::de::Error),
}
