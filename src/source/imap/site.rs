//! What is known of a connection (server, clock, tally), and how each of its errors is worded.

use std::io;

use super::error::{Error, ErrorKind};
use super::guard::Tally;
use super::hidden::Hidden;
use super::paced::Clock;
use super::refusal::Refusal;
use super::server::{Login, Server};
use crate::mail::text::line;
use crate::system::panics;

/// So much is shown of a server's words, in characters.
const MAX_TEXT: usize = 200;

/// What is known of a connection, for wording its errors.
#[derive(Debug, Clone)]
pub struct Site {
    /// `host:port`.
    pub place: String,
    /// Hides the secret in the server's words.
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

    /// Runs a step of the conversation against the clock. A panic of the parser counts as a reply that can't be read.
    pub fn attempt<T>(&self, what: &str, step: impl FnOnce() -> imap::Result<T>) -> Result<T, Error> {
        self.clock.restart();
        self.tally.restart();
        match panics::caught(step) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(self.explain(what, &error)),
            None => Err(self.unreadable(what, "the parser failed on it")),
        }
    }

    /// The error of a reply that can't be read.
    pub fn unreadable(&self, what: &str, why: &str) -> Error {
        let what = format!("the reply of `{}` to {what} can't be read: {why}", self.place);
        Error::new(ErrorKind::Unreadable, what, "tell its operator, or run again")
    }

    /// The error of a reply that did not come in time, if that is so.
    pub fn late(&self) -> Option<Error> {
        let seconds = self.clock.passed()?.as_secs_f64();
        let what = format!("no reply from `{}` within {seconds} s", self.place);
        Some(Error::new(ErrorKind::Lost, what, "run again later, or raise `timeout`"))
    }

    /// The error of a closed connection, with the server's last words.
    pub fn lost(&self) -> Error {
        let goodbye = self.tally.goodbye();
        let said = goodbye.as_ref().map(|text| format!(": \"{}\"", self.quote(text))).unwrap_or_default();
        let what = format!("`{}` closed the connection{said}", self.place);
        Error::refused(ErrorKind::Lost, what, goodbye.and_then(|text| Refusal::of(&text)).unwrap_or(Refusal::Passing))
    }

    /// The error of a failed read or write.
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
            imap::Error::No(_) | imap::Error::Bad(_) => self.refused(what, &self.tally.done()),
            imap::Error::Io(error) => self.io(what, error),
            imap::Error::ConnectionLost => self.lost(),
            // The crate also says `Bye` of a line that it can't parse; the server itself may not have said it.
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
        let what = format!("`{}` refused {what}: \"{}\"", self.place, self.quote(why.trim_start_matches("[ALERT] ")));
        match Refusal::of(why) {
            Some(refusal) => Error::refused(ErrorKind::Refused, what, refusal),
            None => Error::new(ErrorKind::Refused, what, "look at the account's settings"),
        }
    }
}

/// A server's words, safe to print.
pub fn quote(text: &str) -> String {
    let text = line(text.trim());
    let mut short: String = text.chars().take(MAX_TEXT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
