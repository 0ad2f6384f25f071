//! Why a command did not do what it was asked to, and the exit status that says so.

use std::fmt;

use serde_json::{Value, json};

use crate::draft::DraftError;
use crate::fault::Fault;
use crate::store::StoreError;

/// Why a command did not do what it was asked to.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The exit status.
    pub status: Status,
    /// The thing, the place and what is wrong with it.
    pub message: String,
    /// What mends it.
    pub remedy: Option<String>,
}

/// Exit statuses (contract §4), with the words that JSON errors use for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing to give, or a refused operation.
    Refused = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// An outside thing failed for now.
    Unavailable = 3,
}

impl Failure {
    /// From a message in the house's form: the thing and what is wrong; then the remedy, after the last `; `.
    #[must_use]
    pub fn new(status: Status, message: &str) -> Self {
        let (message, remedy) = match message.rsplit_once("; ") {
            Some((message, remedy)) => (message.to_owned(), Some(remedy.to_owned())),
            None => (message.to_owned(), None),
        };
        Self { status, message, remedy }
    }

    /// Failures as the one JSON document that errors are (contract §5).
    #[must_use]
    pub fn json(failures: &[Self]) -> Option<Value> {
        let worst = failures.iter().max_by_key(|failure| failure.status)?;
        let kind = match worst.status {
            Status::Refused => "refused",
            Status::Usage => "usage",
            Status::Unavailable => "unavailable",
        };
        let messages: Vec<&str> = failures.iter().map(|failure| failure.message.as_str()).collect();
        Some(json!({ "error": { "kind": kind, "message": messages.join("\n"), "remedy": worst.remedy } }))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.remedy.as_ref().map_or(Ok(()), |remedy| write!(f, "; {remedy}"))
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { status: Status::Usage, message: fault.message(), remedy: fault.mended_by().map(str::to_owned) }
    }
}

impl From<DraftError> for Failure {
    fn from(error: DraftError) -> Self {
        let status = match error {
            DraftError::Refused(_) | DraftError::Switzerland(_) | DraftError::Elsewhere(_) => Status::Refused,
            _ => Status::Usage,
        };
        Self::new(status, &error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let status = if matches!(error, StoreError::Sql(_)) { Status::Unavailable } else { Status::Usage };
        Self::new(status, &error.to_string())
    }
}
