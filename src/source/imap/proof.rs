//! What is sent to prove who logs in: a password by PLAIN (RFC 4616), an access token by XOAUTH2 or OAUTHBEARER (RFC
//! 7628).

use secrecy::{ExposeSecret, SecretString};

use super::server::{Login, Server};
use crate::secret::Secret;

/// What a SASL mechanism (RFC 4422) sends.
pub struct LoginProof {
    /// The mechanism's name.
    pub mechanism: &'static str,
    /// The one answer that proves it.
    pub message: SecretString,
    /// The answer to a server that does not take it and says why: empty, or a single %x01 (RFC 7628 §3.2.3).
    pub farewell: &'static str,
}

impl LoginProof {
    /// The best proof that the server takes. `has` tells whether it has a capability.
    pub fn best(server: &Server, login: &Login, has: impl Fn(&str) -> bool) -> Option<Self> {
        all(server, login).into_iter().find(|proof| has(&format!("AUTH={}", proof.mechanism)))
    }
}

/// Every proof that may be sent, the best first.
pub fn all(server: &Server, login: &Login) -> Vec<LoginProof> {
    match &login.secret {
        Secret::Password(password) => {
            vec![LoginProof { mechanism: "PLAIN", message: plain(login, password), farewell: "" }]
        }
        Secret::Token(token) => vec![
            LoginProof { mechanism: "XOAUTH2", message: xoauth2(login, token), farewell: "" },
            LoginProof { mechanism: "OAUTHBEARER", message: oauthbearer(server, login, token), farewell: "\u{1}" },
        ],
    }
}

/// RFC 4616 §2.
fn plain(login: &Login, password: &SecretString) -> SecretString {
    format!("\0{}\0{}", login.user, password.expose_secret()).into()
}

/// Google's and Microsoft's own, from before there was a standard.
fn xoauth2(login: &Login, token: &SecretString) -> SecretString {
    format!("user={}\u{1}auth=Bearer {}\u{1}\u{1}", login.user, token.expose_secret()).into()
}

/// RFC 7628 §3.1.
fn oauthbearer(server: &Server, login: &Login, token: &SecretString) -> SecretString {
    let (user, host, port, token) = (&login.user, &server.host, server.port, token.expose_secret());
    format!("n,a={user},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {token}\u{1}\u{1}").into()
}
