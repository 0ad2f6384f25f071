//! What can go wrong with a server, in words that name it and the remedy.

use std::fmt;
use std::io;

use super::guard::Tally;
use super::hidden::Hidden;
use super::paced::Clock;
use super::refusal::Refusal;
use super::server::{Login, Security, Server};
use crate::fault::Fault;
use crate::mail::text::printable;
use crate::system::panics;

/// Longer explanations of a server are cut.
const MAX_TEXT: usize = 200;

/// What an error means for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The configuration asks for what is not done, or can't be.
    Configuration,
    /// There is no connection.
    Unreachable,
    /// The login was refused.
    Login,
    /// A command was refused; the session goes on.
    Refused,
    /// A reply can't be read, so the rest of the session can't be either. Another one may get past it.
    Unreadable,
    /// The connection is lost, or too slow.
    Lost,
}

/// A server's failure. It prints as the fault that it makes.
#[derive(Debug, Clone)]
pub struct Error {
    /// What it means.
    pub kind: ErrorKind,
    /// Why the server refused, if it did and its words tell.
    pub refusal: Option<Refusal>,
    /// What happened, and where.
    pub(super) what: String,
    remedy: String,
    /// What users of the provider have to do besides.
    step: Option<String>,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { kind, refusal: None, what: what.into(), remedy: remedy.into(), step: None }
    }

    pub(super) fn refused(kind: ErrorKind, what: String, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::new(kind, what, refusal.remedy()) }
    }

    /// Whether a reply could not be read: another connection may get further.
    #[must_use]
    pub fn is_poison(&self) -> bool {
        self.kind == ErrorKind::Unreadable
    }

    /// Whether the session is over.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.kind != ErrorKind::Refused
    }

    /// Adds what users of the provider have to do besides.
    #[must_use]
    pub fn and(self, step: &str) -> Self {
        Self { step: Some(step.to_owned()), ..self }
    }

    /// Whether the configuration is at fault, so that no other try can do better.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        self.kind == ErrorKind::Configuration
    }

    /// Whether the login was refused.
    #[must_use]
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

/// Where a session is, for whoever reports its failures.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// `host:port`.
    pub place: String,
    /// What a server that repeats it may not make us show.
    hidden: Hidden,
    pub clock: Clock,
    pub tally: Tally,
}

impl Site {
    pub fn new(server: &Server, login: &Login) -> Self {
        Self {
            place: server.place(),
            hidden: Hidden::new(server, login),
            clock: Clock::new(server.timeout),
            tally: Tally::default(),
        }
    }

    /// Runs a step of the conversation under the clock; a panic of the parser is a reply that can't be read.
    pub fn attempt<T>(&self, what: &str, step: impl FnOnce() -> imap::Result<T>) -> Result<T, Error> {
        self.clock.restart();
        self.tally.restart();
        match panics::caught(step) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(self.explain(what, &error)),
            None => Err(self.unreadable(what, "the parser failed on it")),
        }
    }

    /// A reply that can't be read.
    pub fn unreadable(&self, what: &str, why: &str) -> Error {
        let what = format!("the reply of `{}` to {what} can't be read: {why}", self.place);
        Error::new(ErrorKind::Unreadable, what, "tell its operator, or run again")
    }

    /// No reply in time.
    pub fn late(&self) -> Option<Error> {
        let seconds = self.clock.passed()?.as_secs_f64();
        let what = format!("no reply from `{}` within {seconds} s", self.place);
        Some(Error::new(ErrorKind::Lost, what, "run again later, or raise `timeout`"))
    }

    /// The connection is gone.
    pub fn lost(&self) -> Error {
        let goodbye = self.tally.goodbye();
        let said = goodbye.as_ref().map(|text| format!(": \"{}\"", self.quote(text))).unwrap_or_default();
        let what = format!("`{}` closed the connection{said}", self.place);
        Error::refused(ErrorKind::Lost, what, goodbye.and_then(|text| Refusal::of(&text)).unwrap_or(Refusal::Passing))
    }

    /// An input or output error.
    pub fn io(&self, what: &str, error: &io::Error) -> Error {
        if let Some(why) = self.tally.fault() {
            return self.unreadable(what, &why);
        }
        self.late().unwrap_or_else(|| match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => self.lost(),
            _ => Error::new(
                ErrorKind::Lost,
                format!("connection to `{}` failed: {error}", self.place),
                "run again later",
            ),
        })
    }

    fn explain(&self, what: &str, error: &imap::Error) -> Error {
        match error {
            imap::Error::No(no) => self.refused(what, &no.information),
            imap::Error::Bad(bad) => self.refused(what, &bad.information),
            imap::Error::Io(error) => self.io(what, error),
            imap::Error::ConnectionLost => self.lost(),
            // The crate says `Bye` of a line that it can't parse, and the server may have said it itself.
            imap::Error::Bye(bye) if self.tally.goodbye().is_some() || bye.code.is_some() => self.lost(),
            imap::Error::Validate(_) => self.refused(what, "it has characters that IMAP can't carry"),
            _ => self.unreadable(what, "it does not keep to IMAP (RFC 3501)"),
        }
    }

    /// A server's words, safe to print and without the secret.
    pub fn quote(&self, text: &str) -> String {
        quote(&self.hidden.hide(text))
    }

    fn refused(&self, what: &str, why: &str) -> Error {
        let what = format!("`{}` refused {what}: \"{}\"", self.place, self.quote(why));
        match Refusal::of(why) {
            Some(refusal) => Error::refused(ErrorKind::Refused, what, refusal),
            None => Error::new(ErrorKind::Refused, what, "look at the account's settings"),
        }
    }
}

/// A server's words, safe to print.
pub(super) fn quote(text: &str) -> String {
    let text = printable(text.trim(), false);
    let mut short: String = text.chars().take(MAX_TEXT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Why a handshake failed, in the user's terms: OpenSSL's and macOS's texts are all there is to go by.
pub(super) fn tls(server: &Server, site: &Site, error: &str) -> Error {
    let text = error.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let place = &site.place;
    let certificate = format!("the certificate of `{place}`");
    let (what, remedy) = if has(&["mismatch"]) {
        (format!("{certificate} is for another host"), "check `host`")
    } else if has(&["expired"]) {
        (format!("{certificate} has expired"), "its operator must renew it")
    } else if has(&["not yet valid"]) {
        (format!("{certificate} is not valid yet"), "check this machine's clock")
    } else if has(&["local issuer", "self-signed", "self signed", "unable to get issuer", "not trusted", "unknown ca"])
    {
        (format!("{certificate} is by an unknown authority"), "if it is yours, name it with `ca_file`")
    } else if has(&["wrong version number", "packet length", "unexpected message", "http request", "record layer"]) {
        let is_tls = server.security == Security::Tls;
        let other = if is_tls { "security = \"starttls\"" } else { "security = \"tls\"" };
        let what = format!("`{place}` does not speak TLS there");
        return Error::new(ErrorKind::Unreachable, what, format!("check `port`, or try {other}"));
    } else {
        (format!("no TLS with `{place}`: {}", quote(error)), "check `host` and `port`")
    };
    Error::new(ErrorKind::Unreachable, what, remedy)
}
