//! One account of the configuration, completed with what its provider is known for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Deserialize;

use super::oauth;
use super::place::resolve;
use super::provider::{self, Provider, User};
use crate::fault::Fault;
use crate::mail::Address;
use crate::secret::PasswordSource;
use crate::source::imap::Security;
use crate::trust::Trusted;

/// A configured login, or mail on disk.
#[derive(Debug, Clone)]
pub struct Account {
    /// What the user calls it.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Where its mail is.
    pub source: Source,
    /// Whose Authentication-Results are believed.
    pub trusted: Trusted,
    /// Whose are believed in a mail from a file. Anybody can make a file, so only those that the user names are.
    pub trusted_in_files: Trusted,
    /// Its provider, where that is known.
    pub provider: Option<&'static Provider>,
}

/// Where an account's mail is.
#[derive(Debug, Clone)]
pub enum Source {
    /// On a server.
    Imap(Imap),
    /// In a Maildir.
    Maildir(PathBuf),
    /// In an mbox file.
    Mbox(PathBuf),
}

/// An IMAP login.
#[derive(Debug, Clone)]
pub struct Imap {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// One more trust root, in PEM.
    pub ca_file: Option<PathBuf>,
    /// The user name.
    pub user: String,
    /// Where the password comes from.
    pub password: PasswordSource,
    /// The mailboxes to read: names, or special uses (RFC 6154).
    pub mailboxes: Vec<String>,
    /// Whether the mailboxes are the default, so that a missing one is not the user's mistake.
    pub is_default_mailboxes: bool,
    /// The limit for connecting, and for each read and write.
    pub timeout: Duration,
}

/// An account's table, as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAccount {
    email: String,
    user: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    security: Option<RawSecurity>,
    ca_file: Option<String>,
    mailboxes: Option<Vec<String>>,
    timeout: Option<String>,
    authserv_ids: Option<Vec<String>>,
    rewrites: Option<bool>,
    repeats: Option<bool>,
    relays: Option<Vec<String>>,
    password_command: Option<String>,
    password_file: Option<String>,
    password_env: Option<String>,
    keyring: Option<bool>,
    password: Option<SecretString>,
    token_command: Option<String>,
    oauth: Option<oauth::RawOauth>,
    maildir: Option<String>,
    mbox: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawSecurity {
    Tls,
    Starttls,
    Plaintext,
}

impl Account {
    /// Checks and completes an account.
    pub(super) fn new(name: &str, raw: RawAccount, base: &Path) -> Result<Self, Fault> {
        let within = |fault: Fault| fault.within(format!("account `{name}`"));
        if Address::parse(&raw.email).is_none() {
            let what = format!("`email = \"{}\"` is not a mail address", raw.email);
            return Err(within(Fault::new(what).remedy("write it as name@domain")));
        }
        let provider = provider::of(&raw.email).or_else(|| raw.host.as_deref().and_then(provider::at));
        let known = trusted(raw.authserv_ids.as_deref(), provider);
        let named_relays = raw.relays.as_ref().map(|hosts| hosts.iter().map(|host| domain(host)).collect());
        let trusted = Trusted {
            rewrites: raw.rewrites.unwrap_or(known.rewrites),
            repeats: raw.repeats.unwrap_or(known.repeats),
            relays: named_relays.unwrap_or(known.relays),
            ..known
        };
        let trusted_in_files = if raw.authserv_ids.is_some() { trusted.clone() } else { Trusted::default() };
        let email = raw.email.clone();
        let source = match (&raw.maildir, &raw.mbox) {
            (Some(_), Some(_)) => {
                return Err(within(Fault::new("`maildir` and `mbox` exclude each other").remedy("remove one")));
            }
            (Some(path), None) => Source::Maildir(resolve(base, path)),
            (None, Some(path)) => Source::Mbox(resolve(base, path)),
            (None, None) => Source::Imap(imap(name, raw, provider, base).map_err(within)?),
        };
        let trusted = if matches!(source, Source::Imap(_)) { trusted } else { trusted_in_files.clone() };
        Ok(Self { name: name.to_owned(), email, source, trusted, trusted_in_files, provider })
    }

    /// Whether its password stands in the configuration.
    pub(crate) fn has_literal_password(&self) -> bool {
        matches!(&self.source, Source::Imap(Imap { password: PasswordSource::Literal(_), .. }))
    }
}

/// The domain in `*.example.net`, which stands for itself and all below it.
fn domain(host: &str) -> String {
    host.trim().trim_start_matches("*.").to_lowercase()
}

/// Whom to believe: the ids that the user names, or the provider's own.
fn trusted(named: Option<&[String]>, provider: Option<&'static Provider>) -> Trusted {
    let named: Option<Vec<String>> = named.map(|ids| ids.iter().map(|id| id.trim().to_lowercase()).collect());
    // What is known of a provider holds for its ids too when the user names them.
    let known = named.as_ref().and_then(|ids| ids.iter().find_map(|id| provider::writing(id))).or(provider);
    Trusted {
        repeats: known.is_some_and(|p| p.repeats),
        is_divided: known.is_some_and(|p| p.is_divided),
        rewrites: known.is_some_and(|p| p.rewrites),
        is_nameless: named.is_none() && provider.is_some_and(|p| p.is_nameless),
        relays: known.map(|p| p.relays.clone()).unwrap_or_default(),
        networks: known.map(|p| p.networks.clone()).unwrap_or_default(),
        authserv_ids: named.or_else(|| provider.map(|p| p.authserv_ids.clone())).unwrap_or_default(),
    }
}

fn imap(name: &str, raw: RawAccount, provider: Option<&'static Provider>, base: &Path) -> Result<Imap, Fault> {
    let password = password(name, &raw, base)?;
    let starttls_port = provider.filter(|_| raw.host.is_none()).and_then(|p| p.starttls_port);
    let usual = if starttls_port.is_some() { RawSecurity::Starttls } else { RawSecurity::Tls };
    let security = match raw.security.unwrap_or(usual) {
        RawSecurity::Tls => Security::Tls,
        RawSecurity::Starttls => Security::StartTls,
        RawSecurity::Plaintext => Security::Plaintext,
    };
    let Some(host) = raw.host.clone().or_else(|| provider.map(|p| p.host.clone())) else {
        let domain = raw.email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let what = format!("`host` is missing, and the provider of `{domain}` is not known");
        return Err(Fault::new(what).remedy("add host = \"imap.…\""));
    };
    let local = raw.email.split_once('@').map_or(raw.email.as_str(), |(local, _)| local);
    let is_local = provider.is_some_and(|p| p.user == User::Local) && raw.host.is_none();
    let is_default_mailboxes = raw.mailboxes.is_none();
    let mailboxes = raw.mailboxes.or_else(|| provider.map(|p| p.mailboxes.clone()).filter(|m| !m.is_empty()));
    let mailboxes = mailboxes.unwrap_or_else(|| vec!["INBOX".to_owned(), "\\Junk".to_owned()]);
    if let Some(unknown) = mailboxes.iter().find(|m| m.starts_with('\\') && !is_special_use(m)) {
        let what = format!("`mailboxes`: `{unknown}` is not a special use");
        return Err(Fault::new(what).remedy("use \\All, \\Archive or \\Junk"));
    }
    if mailboxes.is_empty() {
        return Err(Fault::new("`mailboxes` is empty").remedy("name one, or remove the line"));
    }
    Ok(Imap {
        port: raw.port.or(starttls_port).unwrap_or(security.usual_port()),
        security,
        ca_file: raw.ca_file.map(|path| resolve(base, &path)),
        user: raw.user.unwrap_or_else(|| if is_local { local.to_owned() } else { raw.email.clone() }),
        password,
        mailboxes,
        is_default_mailboxes,
        timeout: timeout(raw.timeout.as_deref())?,
        host,
    })
}

fn is_special_use(name: &str) -> bool {
    ["\\All", "\\Archive", "\\Junk"].iter().any(|use_| use_.eq_ignore_ascii_case(name))
}

fn timeout(text: Option<&str>) -> Result<Duration, Fault> {
    let Some(text) = text else { return Ok(Duration::from_secs(30)) };
    let parsed: Option<SignedDuration> = text.parse().ok();
    parsed
        .filter(|d| (SignedDuration::from_millis(100)..=SignedDuration::from_mins(10)).contains(d))
        .and_then(|d| Duration::try_from(d).ok())
        .ok_or_else(|| {
            Fault::new(format!("`timeout = \"{text}\"`: write a time of at most ten minutes, such as \"30s\""))
        })
}

/// Where the password comes from; there must be exactly one way.
fn password(name: &str, raw: &RawAccount, base: &Path) -> Result<PasswordSource, Fault> {
    let oauth = raw.oauth.as_ref().map(|raw| oauth::client(raw, name, base)).transpose()?;
    let given = [
        raw.password_command.clone().map(PasswordSource::Command),
        raw.password_file.as_deref().map(|path| PasswordSource::File(resolve(base, path))),
        raw.password_env.clone().map(PasswordSource::Env),
        raw.password.clone().map(PasswordSource::Literal),
        raw.keyring.filter(|is_on| *is_on).map(|_| PasswordSource::Keyring(raw.email.clone())),
        raw.token_command.clone().map(PasswordSource::Token),
        oauth.map(|oauth| PasswordSource::Oauth(Box::new(oauth))),
    ];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => {
            Err(Fault::new("no way to its password").remedy("add password_command, password_file or password_env"))
        }
        (Some(_), Some(_)) => Err(Fault::new("several ways to its password").remedy("keep one")),
    }
}
