//! Where an account's password comes from.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::keyring;
use super::oauth::{self, Oauth};
use crate::fault::Fault;
use crate::system::files::{make_private, open_mode};
use crate::system::process;

/// So much of a password's source is read, in bytes.
const MAX_LEN: u64 = 64 * 1024;
/// How long a command may take: a password manager may have to ask for its own password first.
const PATIENCE: Duration = Duration::from_mins(2);

/// What proves who logs in.
#[derive(Debug, Clone)]
pub enum Secret {
    /// A password.
    Password(SecretString),
    /// An OAuth 2.0 access token (RFC 6749 §1.4).
    Token(SecretString),
}

/// Where a password comes from.
#[derive(Debug, Clone)]
pub enum PasswordSource {
    /// The first line that a shell command prints.
    Command(String),
    /// The first line of a file.
    File(PathBuf),
    /// An environment variable.
    Env(String),
    /// The password itself, written in the configuration.
    Literal(SecretString),
    /// The access token that a shell command prints on its first line.
    Token(String),
    /// Access tokens that `tracker login` fetched and that are renewed without the user.
    Oauth(Box<Oauth>),
    /// The platform's keyring, under the account's address.
    Keyring(String),
}

impl PasswordSource {
    /// Fetches the password or token. A fault names the source, never the secret.
    pub fn fetch(&self, now: Timestamp) -> Result<Secret, Fault> {
        let text = match self {
            Self::Command(command) => run("password_command", command)?,
            Self::Token(command) => run("token_command", command)?,
            Self::File(path) => read(path)?,
            Self::Env(name) => std::env::var(name).map_err(|_| {
                Fault::new(format!("environment variable `{name}` (password_env) is not set")).remedy("set it")
            })?,
            Self::Oauth(oauth) => return oauth::access_token(oauth, now).map(Secret::Token),
            Self::Literal(secret) => return Ok(Secret::Password(secret.clone())),
            Self::Keyring(email) => return from_keyring(email).map(Secret::Password),
        };
        let first = text.lines().next().unwrap_or_default();
        if first.is_empty() {
            return Err(Fault::new(format!("{} gave no secret: its first line is empty", self.describe())));
        }
        let secret = SecretString::from(first);
        Ok(if matches!(self, Self::Token(_)) { Secret::Token(secret) } else { Secret::Password(secret) })
    }

    fn describe(&self) -> String {
        match self {
            Self::Command(command) => format!("password_command `{command}`"),
            Self::Token(command) => format!("token_command `{command}`"),
            Self::File(path) => format!("password_file `{}`", path.display()),
            Self::Env(name) => format!("password_env `{name}`"),
            Self::Literal(_) => "password".to_owned(),
            Self::Oauth(_) => "oauth".to_owned(),
            Self::Keyring(_) => "keyring".to_owned(),
        }
    }
}

/// Reads a password file. A file of the same name in `$CREDENTIALS_DIRECTORY`, where systemd puts what
/// `LoadCredential=` names (systemd.exec(5)), is read instead.
fn read(path: &PathBuf) -> Result<String, Fault> {
    let credential = std::env::var_os("CREDENTIALS_DIRECTORY")
        .zip(path.file_name())
        .map(|(directory, name)| PathBuf::from(directory).join(name))
        .filter(|credential| credential.is_file());
    if let (None, Some(mode)) = (&credential, open_mode(path)) {
        let what = format!("password_file `{}`: others can read it (mode {mode:o})", path.display());
        return Err(Fault::new(what).remedy(make_private(path)));
    }
    let path = credential.as_ref().unwrap_or(path);
    let mut text = String::new();
    std::fs::File::open(path).and_then(|file| file.take(MAX_LEN).read_to_string(&mut text)).map_err(|error| {
        Fault::new(format!("password_file `{}`", path.display())).because(error).remedy("check the path")
    })?;
    Ok(text)
}

fn from_keyring(email: &str) -> Result<SecretString, Fault> {
    let other = "or use password_command or password_file, which need no session";
    match keyring::get(email) {
        Ok(Some(secret)) => Ok(secret),
        Ok(None) => Err(Fault::new(format!("the keyring holds no password for `{email}`"))
            .remedy(format!("keep it there with tracker login, {other}"))),
        Err(why) => Err(Fault::new("the keyring can't be asked")
            .because(why)
            .remedy(format!("run it in your session, {other}"))),
    }
}

fn run(key: &str, command: &str) -> Result<String, Fault> {
    process::run(command, None, PATIENCE)
        .map_err(|why| why.fault(&format!("{key} `{command}`")).remedy("run it by hand to see why"))
}
