//! The login: by the best mechanism that the server takes (RFC 4422), or by the LOGIN command (RFC 3501 §6.2.3).

use std::cell::{Cell, RefCell};

use secrecy::ExposeSecret;

use super::connect::Stream;
use super::error::{Error, ErrorKind};
use super::guard::Guard;
use super::proof::LoginProof;
use super::refusal::Refusal;
use super::server::{Login, Server};
use super::site::Site;
use crate::secret::Secret;

type RawSession = imap::Session<Guard<Stream>>;

/// Logs in. `has` tells whether the server has a capability. An error repeats what the server says, but not the secret.
pub fn log_in(
    client: imap::Client<Guard<Stream>>,
    site: &Site,
    server: &Server,
    login: &Login,
    has: impl Fn(&str) -> bool,
) -> Result<RawSession, Error> {
    if let Some(proof) = LoginProof::best(server, login, &has) {
        return prove(client, site, &proof, &login.secret);
    }
    let refuse = |what, remedy| Err(Error::new(ErrorKind::Login, format!("`{}` {what}", site.place), remedy));
    match &login.secret {
        Secret::Token(_) => refuse("takes no access tokens", "use a password instead"),
        Secret::Password(_) if has("LOGINDISABLED") => {
            refuse("takes no password here", "try another `security` or `port`")
        }
        Secret::Password(password) => {
            let step = || client.login(&login.user, password.expose_secret()).map_err(|(error, _)| error);
            site.attempt("the login", step).map_err(|error| refused(error, None, Refusal::Password))
        }
    }
}

fn prove(
    client: imap::Client<Guard<Stream>>,
    site: &Site,
    proof: &LoginProof,
    secret: &Secret,
) -> Result<RawSession, Error> {
    let once = Once { proof, is_sent: Cell::default(), objection: RefCell::default() };
    let step = || client.authenticate(proof.mechanism, &once).map_err(|(error, _)| error);
    site.attempt("the login", step).map_err(|error| match secret {
        Secret::Password(_) => refused(error, None, Refusal::Password),
        Secret::Token(_) => refused(error, once.why(site), Refusal::Token),
    })
}

/// Sends a proof once. A server that asks again gets the farewell.
struct Once<'a> {
    proof: &'a LoginProof,
    is_sent: Cell<bool>,
    /// What the server sent after it had the proof: why it does not take it.
    objection: RefCell<Option<Vec<u8>>>,
}

impl Once<'_> {
    /// Why the server does not take an access token, in words (RFC 7628 §3.2.2).
    fn why(&self, site: &Site) -> Option<String> {
        let objection = self.objection.borrow();
        let json: serde_json::Value = serde_json::from_slice(objection.as_deref()?).ok()?;
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
            *self.objection.borrow_mut() = Some(challenge.to_vec());
            return self.proof.farewell.to_owned();
        }
        self.proof.message.expose_secret().to_owned()
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
