//! What is sent to prove who logs in, by each mechanism that is known (RFC 4422).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use secrecy::{ExposeSecret, SecretString};

use super::scram::Scram;
use super::server::{Login, Server};
use crate::secret::Secret;

/// A mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// A password (RFC 4616).
    Plain,
    /// A password that is not sent itself (RFC 7677).
    ScramSha256,
    /// A password that is not sent itself (RFC 2195).
    CramMd5,
    /// User and password, one after the other; there is no standard.
    Login,
    /// An access token: Google's and Microsoft's own, from before there was a standard.
    Xoauth2,
    /// An access token (RFC 7628).
    Oauthbearer,
}

impl Mechanism {
    /// Those for a secret, the best first.
    pub fn of(secret: &Secret) -> &'static [Self] {
        match secret {
            Secret::Password(_) => &[Self::Plain, Self::ScramSha256, Self::CramMd5, Self::Login],
            Secret::Token(_) => &[Self::Xoauth2, Self::Oauthbearer],
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::CramMd5 => "CRAM-MD5",
            Self::Login => "LOGIN",
            Self::Xoauth2 => "XOAUTH2",
            Self::Oauthbearer => "OAUTHBEARER",
        }
    }

    /// The one message that proves it; `None` where several are exchanged.
    pub fn message(self, server: &Server, login: &Login) -> Option<SecretString> {
        let (user, secret) = (&login.user, secret(login));
        let message = match self {
            Self::Plain => format!("\0{user}\0{secret}"),
            Self::Xoauth2 => format!("user={user}\u{1}auth=Bearer {secret}\u{1}\u{1}"),
            Self::Oauthbearer => {
                let (host, port) = (&server.host, server.port);
                format!("n,a={user},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {secret}\u{1}\u{1}")
            }
            Self::ScramSha256 | Self::CramMd5 | Self::Login => return None,
        };
        Some(message.into())
    }
}

/// What is answered, step by step.
pub struct Conversation<'a> {
    mechanism: Mechanism,
    server: &'a Server,
    login: &'a Login,
    steps: usize,
    scram: Scram,
    /// What the server sent when it had all: why it does not take it.
    pub objection: Option<Vec<u8>>,
}

impl<'a> Conversation<'a> {
    pub fn new(mechanism: Mechanism, server: &'a Server, login: &'a Login) -> Self {
        Self { mechanism, server, login, steps: 0, scram: Scram::new(), objection: None }
    }

    /// Whether the server proved that it knows the password too, where the mechanism has it do so.
    pub fn is_mutual(&self) -> bool {
        self.mechanism != Mechanism::ScramSha256 || self.scram.is_proven()
    }

    /// Answers what the server sent. A server that asks for more than there is gets an empty answer, or a single %x01
    /// (RFC 7628 §3.2.3).
    pub fn answer(&mut self, challenge: &[u8]) -> String {
        let step = self.steps;
        self.steps = step.saturating_add(1);
        let (user, secret) = (&self.login.user, secret(self.login));
        match (self.mechanism, step) {
            (Mechanism::Login, 0) => user.clone(),
            (Mechanism::Login, 1) => secret.to_owned(),
            (Mechanism::CramMd5, 0) => cram_md5(user, secret, challenge),
            (Mechanism::ScramSha256, 0) => self.scram.first(user),
            (Mechanism::ScramSha256, 1) => self.scram.last(secret, challenge).unwrap_or_default(),
            (Mechanism::ScramSha256, 2) => {
                self.scram.check(challenge);
                String::new()
            }
            (Mechanism::Plain | Mechanism::Xoauth2 | Mechanism::Oauthbearer, 0) => {
                let message = self.mechanism.message(self.server, self.login);
                message.map(|message| message.expose_secret().to_owned()).unwrap_or_default()
            }
            _ => {
                self.objection = Some(challenge.to_vec());
                if self.mechanism == Mechanism::Oauthbearer { "\u{1}".to_owned() } else { String::new() }
            }
        }
    }
}

fn secret(login: &Login) -> &str {
    let (Secret::Password(secret) | Secret::Token(secret)) = &login.secret;
    secret.expose_secret()
}

/// RFC 2195 §2.
fn cram_md5(user: &str, password: &str, challenge: &[u8]) -> String {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Md5>::new_from_slice(password.as_bytes()) else { return String::new() };
    mac.update(challenge);
    let digest: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{user} {digest}")
}

/// A message in base64, as it is sent.
pub fn coded(message: &str) -> String {
    BASE64_STANDARD.encode(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_rfc_2195() {
        let challenge = b"<1896.697170952@postoffice.reston.mci.net>";
        assert_eq!(cram_md5("tim", "tanstaaftanstaaf", challenge), "tim b913a602c7eda7a495b4e6e7334d3890");
    }
}
