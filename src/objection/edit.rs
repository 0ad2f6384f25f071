//! What a user may correct about an objection.

use strum::{EnumString, IntoStaticStr};

/// A field of an objection, as the database calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    /// The service objected to.
    Platform,
    /// The data subject's address.
    Email,
    /// ISO 3166 code, upper case.
    Country,
    /// The user's own name for it.
    Label,
    /// The reason that was given to the form.
    Reason,
    /// The address of the form.
    FormUrl,
    /// When the form was sent.
    SubmittedAt,
}

/// One correction: what was recorded, and what is recorded now. A time is in seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is corrected.
    pub field: Field,
    /// What it was.
    pub before: Option<String>,
    /// What it is to be.
    pub after: Option<String>,
}

impl Field {
    /// The name of its column.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
