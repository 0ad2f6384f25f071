//! Where an account's password or access token comes from: a command, a file, the keyring, OAuth 2.0.

pub mod keyring;
pub mod oauth;
mod source;

pub use oauth::Oauth;
pub use source::{PasswordSource, Secret};
