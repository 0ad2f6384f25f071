//! What is sent to prove who logs in, as each way of logging in wants it.

use secrecy::{ExposeSecret, SecretString};

use super::server::{Login, Server};
use crate::secret::Secret;

/// RFC 4616 §2.
pub fn plain(login: &Login, password: &SecretString) -> SecretString {
    format!("\0{}\0{}", login.user, password.expose_secret()).into()
}

/// Google's and Microsoft's own, before there was a standard.
pub fn xoauth2(login: &Login, token: &SecretString) -> SecretString {
    format!("user={}\u{1}auth=Bearer {}\u{1}\u{1}", login.user, token.expose_secret()).into()
}

/// RFC 7628 §3.1.
pub fn oauthbearer(server: &Server, login: &Login, token: &SecretString) -> SecretString {
    let (user, host, port, token) = (&login.user, &server.host, server.port, token.expose_secret());
    format!("n,a={user},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {token}\u{1}\u{1}").into()
}

/// What may be sent to prove who logs in.
pub fn messages(server: &Server, login: &Login) -> Vec<SecretString> {
    match &login.secret {
        Secret::Password(password) => vec![plain(login, password)],
        Secret::Token(token) => vec![xoauth2(login, token), oauthbearer(server, login, token)],
    }
}
