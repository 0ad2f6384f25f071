//! Why a command did not do what it was asked to: a fault, and the exit status that goes with it.

use std::fmt;

use serde_json::{Value, json};

use crate::check::{CheckError, Trouble};
use crate::draft::DraftError;
use crate::fault::Fault;
use crate::store::StoreError;

/// Why a command did not do what it was asked to.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The exit status.
    pub status: Status,
    /// What happened, and what mends it.
    pub fault: Fault,
}

/// Exit statuses (contract §4). The worst of several decides.
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
    pub fn refused(fault: impl Into<Fault>) -> Self {
        Self { status: Status::Refused, fault: fault.into() }
    }

    pub fn usage(fault: impl Into<Fault>) -> Self {
        Self { status: Status::Usage, fault: fault.into() }
    }

    pub fn unavailable(fault: impl Into<Fault>) -> Self {
        Self { status: Status::Unavailable, fault: fault.into() }
    }

    /// Adds what mends it.
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { fault: self.fault.remedy(remedy), ..self }
    }

    /// Says where it happened.
    pub fn within(self, place: impl Into<String>) -> Self {
        Self { fault: self.fault.within(place), ..self }
    }

    /// One JSON document for all failures (contract §5). Its kind and remedy are those of the worst.
    pub fn json(failures: &[Self]) -> Option<Value> {
        let worst = failures.iter().max_by_key(|failure| failure.status)?;
        let kind = match worst.status {
            Status::Refused => "refused",
            Status::Usage => "usage",
            Status::Unavailable => "unavailable",
        };
        let messages: Vec<String> = failures.iter().map(|failure| failure.fault.message()).collect();
        Some(json!({ "error": { "kind": kind, "message": messages.join("\n"), "remedy": worst.fault.mended_by() } }))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::usage(fault)
    }
}

impl From<DraftError> for Failure {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Refused(fault) => Self::refused(fault),
            DraftError::Usage(fault) => Self::usage(fault),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Sql(_) => Self::unavailable(error),
            StoreError::Unusable(fault) => Self::usage(fault),
        }
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        if error.is_mistake() { Self::usage(error) } else { Self::unavailable(error) }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NoMail(fault) => Self::refused(fault),
            Trouble::Mistake(fault) => Self::usage(fault),
            Trouble::Outage(fault) => Self::unavailable(fault),
        }
    }
}
