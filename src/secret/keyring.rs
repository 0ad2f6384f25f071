//! The platform's keyring: the Secret Service, macOS's keychain, Windows' credential manager.

use keyring::v1::Entry;
use keyring::v1::Error;
use secrecy::{ExposeSecret, SecretString};

use crate::fault::Fault;

/// The name under which secrets are kept.
const SERVICE: &str = "tracker";

/// The secret that is kept for a mail address; `None` if there is none.
pub fn get(email: &str) -> Result<Option<SecretString>, Fault> {
    match Entry::new(SERVICE, email).and_then(|entry| entry.get_password()) {
        Ok(secret) => Ok(Some(secret.into())),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(explain(&error)),
    }
}

/// Keeps a secret for a mail address, in place of an older one.
pub fn set(email: &str, secret: &SecretString) -> Result<(), Fault> {
    Entry::new(SERVICE, email)
        .and_then(|entry| entry.set_password(secret.expose_secret()))
        .map_err(|error| explain(&error))
}

fn explain(error: &Error) -> Fault {
    Fault::new(match error {
        Error::NoDefaultStore => "there is none here; under cron there is no session bus",
        Error::NoStorageAccess(_) => "it is locked, or nobody is there to unlock it",
        // The error's own text may contain the secret.
        _ => "it does not answer as it should",
    })
}
