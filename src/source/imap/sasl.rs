//! How a login proves who it is: passwords by PLAIN (RFC 4616) or LOGIN, access tokens by XOAUTH2 or OAUTHBEARER (RFC 7628).

use std::cell::{Cell, RefCell};

use secrecy::{ExposeSecret, SecretString};

use super::connect::Stream;
use super::error::{Error, ErrorKind, Site};
use super::guard::Guard;
use super::proof::{oauthbearer, plain, xoauth2};
use super::refusal::Refusal;
use super::server::{Login, Server};
use crate::secret::Secret;

type Client = imap::Client<Guard<Stream>>;

/// Logs in by the best of the ways that the server offers.
///
/// # Errors
/// `Login` if it refuses, with what it says but never the secret; else the connection's.
pub fn log_in(
    client: Client,
    site: &Site,
    server: &Server,
    login: &Login,
    has: impl Fn(&str) -> bool,
) -> Result<imap::Session<Guard<Stream>>, Error> {
    match &login.secret {
        Secret::Password(password) => {
            with_password(client, site, login, password, has).map_err(|error| refused(error, None, Refusal::Password))
        }
        Secret::Token(token) => with_token(client, site, server, login, token, has),
    }
}

fn with_password(
    client: Client,
    site: &Site,
    login: &Login,
    password: &SecretString,
    has: impl Fn(&str) -> bool,
) -> Result<imap::Session<Guard<Stream>>, Error> {
    if has("AUTH=PLAIN") {
        let message = plain(login, password);
        let plain = Once::new(&message, "");
        return site.attempt("the login", || client.authenticate("PLAIN", &plain).map_err(|(error, _)| error));
    }
    if has("LOGINDISABLED") {
        let what = format!("`{}` takes no password here", site.place);
        return Err(Error::new(ErrorKind::Login, what, "try another `security` or `port`"));
    }
    site.attempt("the login", || client.login(&login.user, password.expose_secret()).map_err(|(error, _)| error))
}

fn with_token(
    client: Client,
    site: &Site,
    server: &Server,
    login: &Login,
    token: &SecretString,
    has: impl Fn(&str) -> bool,
) -> Result<imap::Session<Guard<Stream>>, Error> {
    // The answer to the server's error is empty, or a single %x01 (RFC 7628 §3.2.3).
    let (mechanism, message, farewell) = if has("AUTH=XOAUTH2") {
        ("XOAUTH2", xoauth2(login, token), "")
    } else if has("AUTH=OAUTHBEARER") {
        ("OAUTHBEARER", oauthbearer(server, login, token), "\u{1}")
    } else {
        let what = format!("`{}` takes no access tokens", site.place);
        return Err(Error::new(ErrorKind::Login, what, "use a password instead"));
    };
    let once = Once::new(&message, farewell);
    let result = site.attempt("the login", || client.authenticate(mechanism, &once).map_err(|(error, _)| error));
    result.map_err(|error| refused(error, once.fault(site), Refusal::Token))
}

/// One answer, and then the farewell, so that a server which asks again does not hear it twice.
struct Once<'a> {
    message: &'a SecretString,
    farewell: &'static str,
    is_sent: Cell<bool>,
    /// What the server asked after it had its answer: why it does not take it.
    fault: RefCell<Option<Vec<u8>>>,
}

impl<'a> Once<'a> {
    fn new(message: &'a SecretString, farewell: &'static str) -> Self {
        Self { message, farewell, is_sent: Cell::new(false), fault: RefCell::new(None) }
    }

    /// The server's error in words (RFC 7628 §3.2.2).
    fn fault(&self, site: &Site) -> Option<String> {
        let fault = self.fault.borrow();
        let json: serde_json::Value = serde_json::from_slice(fault.as_deref()?).ok()?;
        let status =
            json.get("status").map(|status| status.as_str().map_or_else(|| status.to_string(), str::to_owned))?;
        let meaning = match status.as_str() {
            "400" | "401" | "invalid_token" => "the access token is not valid any more, or was made for something else",
            "403" | "insufficient_scope" => "the access token was not made for IMAP",
            _ => "the access token is not taken",
        };
        Some(format!("{meaning} (status {})", site.quote(&status)))
    }
}

impl imap::Authenticator for Once<'_> {
    type Response = String;

    fn process(&self, challenge: &[u8]) -> String {
        if self.is_sent.replace(true) {
            *self.fault.borrow_mut() = Some(challenge.to_vec());
            return self.farewell.to_owned();
        }
        self.message.expose_secret().to_owned()
    }
}

/// A refused login; `usual` is what a server means that gives no reason.
fn refused(error: Error, fault: Option<String>, usual: Refusal) -> Error {
    if error.kind != ErrorKind::Refused {
        return error;
    }
    let what = error.what;
    let refusal = match error.refusal {
        // What passes by itself (RFC 5530 §3) says nothing about the password.
        Some(refusal) if refusal.is_passing() => return Error::refused(ErrorKind::Lost, what, refusal),
        // A token is no password, whatever a server says of passwords.
        Some(Refusal::Password | Refusal::AppPassword | Refusal::Expired) if usual == Refusal::Token => usual,
        refusal => refusal.unwrap_or(usual),
    };
    match fault {
        Some(fault) => Error::refused(ErrorKind::Login, format!("{what}: {fault}"), usual),
        None => Error::refused(ErrorKind::Login, what, refusal),
    }
}
