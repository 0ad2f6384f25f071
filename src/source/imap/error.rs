//! What can go wrong with a server, and what that means for what comes next.

use std::fmt;

use super::refusal::Refusal;
use crate::fault::Fault;

/// What an error means for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The configuration asks for something that is refused or impossible.
    Configuration,
    /// There is no connection.
    Unreachable,
    /// The login was refused.
    Login,
    /// A command was refused; the session goes on.
    Refused,
    /// A reply can't be read, and so the session is lost. Another session may get further.
    Unreadable,
    /// The connection is lost, or too slow.
    Lost,
}

/// Why a server could not be used. It prints as its `Fault` does.
#[derive(Debug, Clone)]
pub struct Error {
    /// What it means for what comes next.
    pub kind: ErrorKind,
    /// Why the server refused, if it did and its words are known.
    pub refusal: Option<Refusal>,
    /// What happened, and where.
    pub(super) what: String,
    remedy: String,
    /// What users of this provider can do, besides the remedy.
    step: Option<String>,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { kind, refusal: None, what: what.into(), remedy: remedy.into(), step: None }
    }

    pub(super) fn refused(kind: ErrorKind, what: String, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::new(kind, what, refusal.remedy()) }
    }

    /// Whether a reply could not be read, so that another connection may get further.
    pub fn is_poison(&self) -> bool {
        self.kind == ErrorKind::Unreadable
    }

    /// Whether the session is over.
    pub fn is_dead(&self) -> bool {
        self.kind != ErrorKind::Refused
    }

    /// Adds what users of this provider can do, besides the remedy.
    #[must_use]
    pub fn and(self, step: &str) -> Self {
        Self { step: Some(step.to_owned()), ..self }
    }

    /// Whether the configuration is wrong, so that trying again is useless.
    pub fn is_configuration(&self) -> bool {
        self.kind == ErrorKind::Configuration
    }

    /// Whether the login was refused.
    pub fn is_login(&self) -> bool {
        self.kind == ErrorKind::Login
    }
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        let remedy = match &error.step {
            Some(step) => format!("{}. {step}", error.remedy),
            None => error.remedy.clone(),
        };
        Self::new(&error.what).remedy(remedy)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Fault::from(self).fmt(f)
    }
}

impl std::error::Error for Error {}
