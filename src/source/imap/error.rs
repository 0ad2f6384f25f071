//! What can go wrong with a server, in words that name it and the remedy.

use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};

use super::guard::Watch;
use super::hidden::Hidden;
use super::paced::Clock;
use super::refusal::Refusal;
use super::{Login, Security, Server};
use crate::mail::text::line;

/// Longer explanations of a server are cut.
const MAX_TEXT: usize = 200;

/// What an error means for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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

/// A server's failure: what, where, and the remedy.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What it means.
    pub kind: Kind,
    /// Why the server refused, if it did and its words tell.
    pub refusal: Option<Refusal>,
    message: String,
}

impl Error {
    pub(super) fn new(kind: Kind, message: String) -> Self {
        Self { kind, refusal: None, message }
    }

    pub(super) fn refused(kind: Kind, what: &str, refusal: Refusal) -> Self {
        Self { kind, refusal: Some(refusal), message: format!("{what}; {}", refusal.remedy()) }
    }

    /// Whether a reply could not be read: another connection may get further.
    #[must_use]
    pub fn is_poison(&self) -> bool {
        self.kind == Kind::Unreadable
    }

    /// Whether the session is over.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.kind != Kind::Refused
    }

    /// The same with what users of the provider can do.
    #[must_use]
    pub fn and(self, step: &str) -> Self {
        Self { message: format!("{}. {step}", self.message), ..self }
    }

    /// Whether the login was refused.
    #[must_use]
    pub fn is_login(&self) -> bool {
        self.kind == Kind::Login
    }
}

/// Where a session is, for whoever reports its failures.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// `host:port`.
    pub place: String,
    /// What a server that repeats it may not make us show.
    hidden: Hidden,
    pub clock: Clock,
    pub watch: Watch,
}

impl Site {
    pub fn new(server: &Server, login: &Login) -> Self {
        Self {
            place: server.place(),
            hidden: Hidden::new(server, login),
            clock: Clock::new(server.timeout),
            watch: Watch::default(),
        }
    }

    /// Runs a step of the conversation under the clock; a panic of the parser is a reply that can't be read.
    pub fn attempt<T>(&self, what: &str, step: impl FnOnce() -> imap::Result<T>) -> Result<T, Error> {
        self.clock.restart();
        self.watch.restart();
        match quietly(step) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.explain(what, &error)),
            Err(_) => Err(self.unreadable(what, "the parser failed on it")),
        }
    }

    /// A reply that can't be read.
    pub fn unreadable(&self, what: &str, why: &str) -> Error {
        let message =
            format!("the reply of `{}` to {what} can't be read: {why}; tell its operator, or run again", self.place);
        Error::new(Kind::Unreadable, message)
    }

    /// No reply in time.
    pub fn late(&self) -> Option<Error> {
        let seconds = self.clock.passed()?.as_secs_f64();
        let message = format!("no reply from `{}` within {seconds} s; run again later, or raise `timeout`", self.place);
        Some(Error::new(Kind::Lost, message))
    }

    /// The connection is gone.
    pub fn lost(&self) -> Error {
        let goodbye = self.watch.goodbye();
        let said = goodbye.as_ref().map(|text| format!(": \"{}\"", self.quote(text))).unwrap_or_default();
        let what = format!("`{}` closed the connection{said}", self.place);
        Error::refused(Kind::Lost, &what, goodbye.and_then(|text| Refusal::of(&text)).unwrap_or(Refusal::Passing))
    }

    /// An input or output error.
    pub fn io(&self, what: &str, error: &io::Error) -> Error {
        if let Some(why) = self.watch.fault() {
            return self.unreadable(what, &why);
        }
        self.late().unwrap_or_else(|| match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => self.lost(),
            _ => Error::new(Kind::Lost, format!("connection to `{}` failed: {error}; run again later", self.place)),
        })
    }

    fn explain(&self, what: &str, error: &imap::Error) -> Error {
        match error {
            imap::Error::No(no) => self.refused(what, &no.information),
            imap::Error::Bad(bad) => self.refused(what, &bad.information),
            imap::Error::Io(error) => self.io(what, error),
            imap::Error::ConnectionLost => self.lost(),
            // The crate says `Bye` of a line that it can't parse, and the server may have said it itself.
            imap::Error::Bye(bye) if self.watch.goodbye().is_some() || bye.code.is_some() => self.lost(),
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
            Some(refusal) => Error::refused(Kind::Refused, &what, refusal),
            None => Error::new(Kind::Refused, format!("{what}; look at the account's settings")),
        }
    }
}

/// A server's words, safe to print.
pub(super) fn quote(text: &str) -> String {
    let text = line(text.trim());
    let mut short: String = text.chars().take(MAX_TEXT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    // The last `; ` of a message is where its remedy begins.
    short.replace(';', ",")
}

/// Why a handshake failed, in the user's terms: OpenSSL's and macOS's texts are all there is to go by.
pub(super) fn tls(server: &Server, site: &Site, error: &str) -> Error {
    let text = error.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let place = &site.place;
    let message = if has(&["mismatch"]) {
        format!("the certificate of `{place}` is for another host; check `host`")
    } else if has(&["expired"]) {
        format!("the certificate of `{place}` has expired; its operator must renew it")
    } else if has(&["not yet valid"]) {
        format!("the certificate of `{place}` is not valid yet; check this machine's clock")
    } else if has(&["local issuer", "self-signed", "self signed", "unable to get issuer", "not trusted", "unknown ca"])
    {
        format!("the certificate of `{place}` is by an unknown authority; if it is yours, name it with `ca_file`")
    } else if has(&["wrong version number", "packet length", "unexpected message", "http request", "record layer"]) {
        let other = if server.security == Security::Tls { "security = \"starttls\"" } else { "security = \"tls\"" };
        format!("`{place}` does not speak TLS there; check `port`, or try {other}")
    } else {
        format!("no TLS with `{place}`: {}; check `host` and `port`", quote(error))
    };
    Error::new(Kind::Unreachable, message)
}

thread_local! {
    /// Whether a panic on this thread is caught, and so nobody's business.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may panic on a hostile reply.
fn quietly<T>(step: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    IS_QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(step));
    IS_QUIET.set(false);
    result
}

/// Keeps panics that are caught here off standard error. Called once, when the program starts.
pub fn quiet_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !IS_QUIET.get() {
            usual(info);
        }
    }));
}
