//! The configuration file and the environment, checked and completed.

mod account;
mod check;
mod country;
mod dkim;
pub(crate) mod edit;
mod hooks;
mod oauth;
mod own_rules;
mod place;
pub(crate) mod provider;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::fault::Fault;
use crate::secret::PasswordSource;
use crate::system::files::make_private;

pub use account::{Account, Imap, Source};
pub use check::CheckSettings;
pub(crate) use country::{countries, parse_country};
pub use hooks::Hooks;
use place::resolve;
pub(crate) use place::{default_database, default_path};
pub use provider::Provider;

pub use crate::net::dns::Dkim;

/// The configuration.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Where it was read from, if there is such a file.
    pub path: Option<PathBuf>,
    /// The country that `add` assumes, upper case.
    pub country: Option<String>,
    /// The language of drafts, lower case.
    pub language: Option<String>,
    /// The database, if it names one.
    pub database: Option<PathBuf>,
    /// The accounts, by name.
    pub accounts: Vec<Account>,
    /// How accounts are looked at.
    pub check: CheckSettings,
    /// How DKIM signatures are verified.
    pub dkim: Dkim,
    /// The user's own rules.
    pub rules_dir: Option<PathBuf>,
    /// How the user is told of changes.
    pub hooks: Hooks,
    /// Who signs letters.
    pub person: Person,
}

/// Who signs letters and stands in the dossier.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name.
    pub name: Option<String>,
    /// The postal address, its lines parted by commas.
    pub address: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    country: Option<Spanned<String>>,
    language: Option<String>,
    database: Option<String>,
    rules_dir: Option<String>,
    #[serde(default)]
    accounts: BTreeMap<String, Spanned<account::RawAccount>>,
    check: Option<Spanned<check::RawCheck>>,
    dkim: Option<Spanned<dkim::RawDkim>>,
    hooks: Option<Spanned<Hooks>>,
    #[serde(default)]
    person: Person,
}

impl Config {
    /// Reads the configuration. A file that the user names must be there; the one in the platform's place need not. A
    /// fault names file, line, key and remedy.
    pub fn load(named: Option<&Path>) -> Result<Self, Fault> {
        let Some(path) = named.map(Path::to_owned).or_else(default_path) else { return Ok(Self::default()) };
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&path, &text),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => {
                let what = format!("configuration `{}`", path.display());
                Err(Fault::new(what).because(error).remedy("check the path"))
            }
        }
    }

    /// Checks a configuration's text. The path need not be there yet; paths in the text are relative to its directory.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Fault> {
        let at = |(offset, fault): (usize, Fault)| {
            let line = text.get(..offset).unwrap_or_default().matches('\n').count().saturating_add(1);
            fault.within(format!("configuration `{}` line {line}", path.display()))
        };
        // The error's own Display prints the line it is about, and with it a password (facts §5).
        let file: RawConfig = toml::from_str(text).map_err(|error| {
            let fault = Fault::new(error.message().trim()).remedy("mend or remove it");
            at((error.span().map_or(0, |span| span.start), fault))
        })?;
        let base = path.parent().unwrap_or(Path::new("."));
        let mut accounts = Vec::new();
        for (name, raw) in file.accounts {
            let offset = raw.span().start;
            accounts.push(Account::new(&name, raw.into_inner(), base).map_err(|fault| at((offset, fault)))?);
        }
        let country = file.country.map(|country| {
            let offset = country.span().start;
            parse_country(country.get_ref()).map_err(|fault| at((offset, fault.within("`country`"))))
        });
        let config = Self {
            path: Some(path.to_owned()),
            country: country.transpose()?,
            language: file.language.map(|language| language.to_lowercase()),
            database: file.database.map(|database| resolve(base, &database)),
            accounts,
            check: check::read(file.check).map_err(at)?,
            dkim: dkim::read(file.dkim).map_err(at)?,
            rules_dir: file.rules_dir.map(|dir| resolve(base, &dir)),
            hooks: Hooks::read(file.hooks).map_err(at)?,
            person: file.person,
        };
        config.refuse_open_mode()?;
        Ok(config)
    }

    /// The accounts to use: those named, or all.
    pub(crate) fn select(&self, names: &[String]) -> Result<Vec<&Account>, Fault> {
        if names.is_empty() {
            return Ok(self.accounts.iter().collect());
        }
        names.iter().map(|name| self.account(name)).collect()
    }

    /// The account of a name.
    pub(crate) fn account(&self, name: &str) -> Result<&Account, Fault> {
        self.accounts.iter().find(|account| account.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.accounts.iter().map(|a| a.name.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Fault::new(format!("no account `{name}` in the configuration")).remedy(format!("there are: {known}"))
        })
    }

    /// The variables of the environment that hold passwords.
    pub(crate) fn password_variables(&self) -> Vec<String> {
        let variable = |account: &Account| match &account.source {
            Source::Imap(Imap { password: PasswordSource::Env(name), .. }) => Some(name.clone()),
            _ => None,
        };
        self.accounts.iter().filter_map(variable).collect()
    }

    /// Refuses a file that holds a literal password and that others can read.
    #[cfg(unix)]
    fn refuse_open_mode(&self) -> Result<(), Fault> {
        use std::os::unix::fs::PermissionsExt;
        let Some(path) = self.path.as_ref().filter(|_| self.accounts.iter().any(Account::has_literal_password)) else {
            return Ok(());
        };
        let mode = fs::metadata(path).map_or(0, |meta| meta.permissions().mode()) & 0o777;
        if mode & 0o077 == 0 {
            return Ok(());
        }
        let what =
            format!("configuration `{}`: it holds a password and others can read it (mode {mode:o})", path.display());
        Err(Fault::new(what).remedy(make_private(path)))
    }

    #[cfg(not(unix))]
    fn refuse_open_mode(&self) -> Result<(), Fault> {
        Ok(())
    }
}
