//! A new account: its lines of the configuration, and how they are written.

use std::fs;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::command::{Failure, ask, file};
use crate::config::edit::{Array, ConfigLine, Value as Setting, with_account};
use crate::config::{Account, Config};
use crate::secret::{Oauth, keyring, oauth};

/// An account that is not written yet.
pub struct NewAccount<'a> {
    pub path: &'a Path,
    pub name: &'a str,
    pub lines: Vec<ConfigLine>,
    pub comment: String,
    /// A password that is to be stored in a file of its own, or in the keyring.
    pub kept: Option<SecretString>,
    pub email: &'a str,
    pub in_keyring: bool,
    /// The service whose tokens were stored already.
    pub agreed: Option<Oauth>,
}

impl<'a> NewAccount<'a> {
    pub fn new(path: &'a Path, name: &'a str, email: &'a str, in_keyring: bool) -> Self {
        let mut new =
            Self { path, name, lines: Vec::new(), comment: String::new(), kept: None, email, in_keyring, agreed: None };
        new.line("email", email, "");
        new
    }

    pub fn line(&mut self, key: &'static str, value: impl Into<Setting>, comment: &str) {
        self.lines.push(ConfigLine { key, value: value.into(), comment: comment.to_owned() });
    }

    pub fn believe(&mut self, ids: &[String]) {
        let ids: Array = ids.iter().collect();
        self.line("authserv_ids", ids, "The provider's server: what it says about who sent a mail is believed.");
    }

    /// Takes a password that `write` is to store where only the user can read it.
    pub fn keep(&mut self, secret: SecretString) -> Result<(), Failure> {
        if secret.expose_secret().is_empty() {
            return Err(ask::no_password());
        }
        if self.kept.replace(secret).is_some() {
            return Ok(());
        }
        if self.in_keyring {
            self.line("keyring", true, "");
            return Ok(());
        }
        is_free(&self.password_file())?;
        // A relative path starts at the configuration's directory.
        self.line("password_file", format!("{}.password", self.name), "");
        Ok(())
    }

    pub fn password_file(&self) -> PathBuf {
        self.path.with_file_name(format!("{}.password", self.name))
    }

    /// The configuration with the account in it, and the account as `check` would use it.
    pub fn with(&self) -> Result<(String, Account), Failure> {
        let old = match fs::read_to_string(self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(file::fault(self.path, &error)),
        };
        let text = with_account(&old, self.name, &self.comment, self.lines.clone())
            .map_err(|fault| Failure::usage(fault).within(format!("configuration `{}`", self.path.display())))?;
        let account = Config::parse(self.path, &text)?.account(self.name)?.clone();
        Ok((text, account))
    }

    /// Writes the password and then the configuration, readable by their owner only.
    pub fn write(&mut self) -> Result<Account, Failure> {
        // The file is read again, because a person may have changed it meanwhile.
        let (text, account) = self.with()?;
        if let Some(directory) = self.path.parent() {
            fs::create_dir_all(directory).map_err(|error| file::fault(directory, &error))?;
        }
        if let Some(secret) = self.kept.as_ref().filter(|_| self.in_keyring) {
            keyring::set(self.email, secret).map_err(|why| {
                Failure::unavailable(format!("nothing was written: the keyring can't keep the password: {why}"))
                    .remedy("leave out --keyring")
            })?;
        } else if let Some(secret) = &self.kept {
            file::replace(&self.password_file(), format!("{}\n", secret.expose_secret()).as_bytes())?;
        }
        file::replace(self.path, text.as_bytes())?;
        self.agreed = None;
        Ok(account)
    }
}

/// If the account was not written, its tokens are removed again.
impl Drop for NewAccount<'_> {
    fn drop(&mut self) {
        if let Some(settings) = &self.agreed {
            oauth::forget(settings);
        }
    }
}

/// Refuses to replace a file.
pub fn is_free(file: &Path) -> Result<(), Failure> {
    if !file.exists() {
        return Ok(());
    }
    Err(Failure::usage(format!("`{}` is there already", file.display()))
        .remedy("choose another --name, or remove it first"))
}

/// The absolute path, because the program may be started in another directory.
pub fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
