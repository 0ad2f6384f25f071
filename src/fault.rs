//! The one error value: what happened, what mends it, and what caused it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// What went wrong. It prints as `what: cause; remedy`.
#[derive(Debug, Clone)]
pub struct Fault {
    what: String,
    remedy: Option<String>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Fault {
    /// Says what happened: lower case, the thing first, its value in backticks.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None, cause: None }
    }

    /// Adds what mends it: an imperative that a user can follow.
    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// Adds what caused it. A cause that is a `Fault` lends its remedy where this one has none.
    #[must_use]
    pub fn because(self, cause: impl Error + Send + Sync + 'static) -> Self {
        Self { cause: Some(Arc::new(cause)), ..self }
    }

    /// Says where it happened: the place comes first, the remedy stays.
    #[must_use]
    pub fn within(self, place: impl Into<String>) -> Self {
        Self::new(place).because(self)
    }

    /// What happened and why, without the remedy.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.cause {
            None => self.what.clone(),
            Some(cause) => match cause.downcast_ref::<Self>() {
                Some(fault) => format!("{}: {}", self.what, fault.message()),
                None => format!("{}: {cause}", self.what),
            },
        }
    }

    /// What mends it: its own remedy, else that of its cause.
    #[must_use]
    pub fn mended_by(&self) -> Option<&str> {
        let of_cause = || self.cause.as_ref()?.downcast_ref::<Self>()?.mended_by();
        self.remedy.as_deref().or_else(of_cause)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        self.mended_by().map_or(Ok(()), |remedy| write!(f, "; {remedy}"))
    }
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self::new(what)
    }
}

impl From<&str> for Fault {
    fn from(what: &str) -> Self {
        Self::new(what)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause.as_ref() as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_the_chain_and_the_remedy_comes_last_and_once() {
        let inner = Fault::new("no reply from `imap.example.org:993` within 30 s").remedy("run again later");
        let fault = inner.clone().within("account `home`");
        assert_eq!(fault.message(), "account `home`: no reply from `imap.example.org:993` within 30 s");
        assert_eq!(
            fault.to_string(),
            "account `home`: no reply from `imap.example.org:993` within 30 s; run again later"
        );
        let own = Fault::new("the check ended").because(inner).remedy("look at the log");
        assert_eq!(own.mended_by(), Some("look at the log"));
        let of_system = Fault::new("`/x`").because(std::io::Error::other("a; b")).remedy("check the path");
        assert_eq!(of_system.to_string(), "`/x`: a; b; check the path");
    }
}
