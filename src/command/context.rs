//! What every command is given: the configuration, the console, the time, and ways to the database and the rules.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::{Console, Failure, Output};
use crate::config::{self, Account, Config};
use crate::mail::text::escaped;
use crate::signal::Rules;
use crate::store::Store;
use crate::system::progress::Progress;
use crate::trust::Trusted;

/// What every command is given.
pub struct Context<'a> {
    /// `--config`, where the user named one.
    pub config_file: Option<&'a Path>,
    /// `--database`, where the user named one.
    pub database_file: Option<&'a Path>,
    pub config: Config,
    pub console: Console,
    pub now: Timestamp,
}

impl Context<'_> {
    pub fn database(&self) -> Result<PathBuf, Failure> {
        let named = self.database_file.or(self.config.database.as_deref()).map(Path::to_owned);
        named.or_else(config::default_database).ok_or_else(|| {
            Failure::usage("no home directory, so no place for the database").remedy("name one with --database")
        })
    }

    pub fn progress(&self) -> Progress {
        Progress::new(!self.console.is_quiet && !self.console.is_json)
    }

    pub fn store(&self) -> Result<Store, Failure> {
        Ok(Store::open(&self.database()?)?)
    }

    /// Notes that an account's server accepted the login, so that `check` no longer counts earlier refusals.
    pub fn admitted(&self, account: &str) -> Result<(), Failure> {
        let path = self.database()?;
        if path.exists() {
            Store::open(&path)?.transaction(|records| records.clear_refusals(account))?;
        }
        Ok(())
    }

    /// The directory with the user's own rules.
    pub fn own_rules(&self) -> Option<PathBuf> {
        self.config.own_rules_dir()
    }

    /// The rules by which mail is read: the built-in ones and the user's own.
    pub fn rules(&self) -> Result<Rules, Failure> {
        Ok(Rules::with(&self.config.own_rules()?)?)
    }

    /// The account that mail from a file was delivered to: the named one, or the only one.
    pub fn account(&self, name: Option<&str>) -> Result<Option<&Account>, Failure> {
        match (name, self.config.accounts.as_slice()) {
            (Some(name), _) => Ok(Some(self.config.account(name)?)),
            (None, [only]) => Ok(Some(only)),
            _ => Ok(None),
        }
    }

    /// Returns a value as JSON with `--json`, and as text otherwise.
    pub fn output(&self, json: impl FnOnce() -> Value, text: impl FnOnce() -> String) -> Output {
        let text = if self.console.is_json { format!("{}\n", escaped(&format!("{:#}", json()))) } else { text() };
        Output { text, ..Output::default() }
    }
}

/// Which servers to believe about a mail from a file. Without a known account none is believed, because anybody can
/// write a file.
pub fn trusted_in_files(account: Option<&Account>) -> Trusted {
    account.map_or_else(Trusted::default, |account| account.trusted_in_files.clone())
}
