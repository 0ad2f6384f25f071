//! The login: by the best mechanism that the server takes (RFC 4422), or by the LOGIN command (RFC 3501 §6.2.3).

use std::cell::RefCell;

use secrecy::ExposeSecret;

use super::connect::Stream;
use super::error::{Error, ErrorKind};
use super::guard::Guard;
use super::proof::{Conversation, Mechanism};
use super::refusal::Refusal;
use super::server::{Login, Server};
use super::site::Site;
use crate::secret::Secret;

type RawSession = imap::Session<Guard<Stream>>;

/// Logs in. `has` tells whether the server has a capability. An error repeats what the server says, but not the secret.
///
/// Another mechanism is tried only if the server does not take the one before, whatever the password: so a wrong one is
/// refused once.
pub fn log_in(
    mut client: imap::Client<Guard<Stream>>,
    site: &Site,
    server: &Server,
    login: &Login,
    has: impl Fn(&str) -> bool,
) -> Result<RawSession, Error> {
    let mut last = None;
    for mechanism in Mechanism::of(&login.secret) {
        if !has(&format!("AUTH={}", mechanism.name())) {
            continue;
        }
        let talk = Talk(RefCell::new(Conversation::new(*mechanism, server, login)));
        match prove(client, site, mechanism.name(), &talk) {
            Ok(session) if talk.0.borrow().is_mutual() => return Ok(session),
            Ok(_) => return Err(site.unreadable("the login", "it does not prove that the server knows the password")),
            Err((error, Some(back))) if is_about_mechanism(site, &error) => {
                client = *back;
                last = Some(error);
            }
            Err((error, _)) => return Err(refused(error, talk.why(site), usual(&login.secret))),
        }
    }
    let refuse = |what, remedy| Error::new(ErrorKind::Login, format!("`{}` {what}", site.place), remedy);
    match (&login.secret, last) {
        (Secret::Password(password), _) if !has("LOGINDISABLED") => {
            let step = || client.login(&login.user, password.expose_secret()).map_err(|(error, _)| error);
            site.attempt("the login", step).map_err(|error| refused(error, None, Refusal::Password))
        }
        (secret, Some(error)) => Err(refused(error, None, usual(secret))),
        (Secret::Token(_), None) => Err(refuse("takes no access tokens", "use a password instead")),
        (Secret::Password(_), None) => Err(refuse("takes no password here", "try another `security` or `port`")),
    }
}

/// Why a secret is refused where the server gives no reason.
fn usual(secret: &Secret) -> Refusal {
    if matches!(secret, Secret::Token(_)) { Refusal::Token } else { Refusal::Password }
}

type Refused = (Error, Option<Box<imap::Client<Guard<Stream>>>>);

/// Tries one mechanism; the connection comes back if it is refused.
fn prove(
    client: imap::Client<Guard<Stream>>,
    site: &Site,
    mechanism: &str,
    talk: &Talk<'_>,
) -> Result<RawSession, Refused> {
    let mut back = None;
    let step = || {
        client.authenticate(mechanism, talk).map_err(|(error, client)| {
            back = Some(Box::new(client));
            error
        })
    };
    site.attempt("the login", step).map_err(|error| (error, back))
}

/// Whether a refusal speaks of the mechanism, and says nothing about the password.
fn is_about_mechanism(site: &Site, error: &Error) -> bool {
    let said = site.tally.done().to_lowercase();
    let is_named = ["mechanism", "unsupported", "not supported"].iter().any(|word| said.contains(word));
    error.kind == ErrorKind::Refused
        && !said.contains("[authenticationfailed]")
        && (site.tally.is_bad() || (is_named && error.refusal.is_none()))
}

/// A conversation that the crate carries on.
struct Talk<'a>(RefCell<Conversation<'a>>);

impl Talk<'_> {
    /// Why the server does not take an access token, in words (RFC 7628 §3.2.2).
    fn why(&self, site: &Site) -> Option<String> {
        let conversation = self.0.borrow();
        let json: serde_json::Value = serde_json::from_slice(conversation.objection.as_deref()?).ok()?;
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

impl imap::Authenticator for Talk<'_> {
    type Response = String;

    fn process(&self, challenge: &[u8]) -> String {
        self.0.borrow_mut().answer(challenge)
    }
}

/// Turns the error of a refused command into that of a refused login. `why` is what the server said of an access token;
/// `usual` is the meaning if the server gives no reason.
fn refused(error: Error, why: Option<String>, usual: Refusal) -> Error {
    if error.kind != ErrorKind::Refused {
        return error;
    }
    let what = error.what;
    let refusal = match error.refusal {
        // A refusal that passes by itself (RFC 5530 §3) says nothing about the password.
        Some(refusal) if refusal.is_passing() => return Error::refused(ErrorKind::Lost, what, refusal),
        // Some servers speak of the password when they refuse a token.
        Some(Refusal::Password | Refusal::AppPassword | Refusal::Expired) if usual == Refusal::Token => usual,
        refusal => refusal.unwrap_or(usual),
    };
    match why {
        Some(why) => Error::refused(ErrorKind::Login, format!("{what}: {why}"), usual),
        None => Error::refused(ErrorKind::Login, what, refusal),
    }
}
