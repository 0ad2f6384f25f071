//! Where an account's password or access token comes from: a command, a file, the keyring, OAuth 2.0.

pub mod keyring;
pub mod oauth;
mod source;

use secrecy::SecretString;

pub use oauth::Oauth;
pub use source::PasswordSource;

/// What proves who logs in.
#[derive(Debug, Clone)]
pub enum Secret {
    /// A password.
    Password(SecretString),
    /// An OAuth 2.0 access token (RFC 6749 §1.4).
    Token(SecretString),
}
