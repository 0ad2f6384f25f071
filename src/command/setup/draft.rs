//! An account to be: put together from options and answers, tried on the server, and only then written.

use std::fs;
use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::args::{Args, Protection};
use super::asked;
use crate::check::{CheckError, Diagnosis, diagnose};
use crate::command::failure::parted;
use crate::command::{Context, Failure, file, read_input};
use crate::config::edit::{Array, Line, Value as Setting, with_account};
use crate::config::{Account, Config, Source, provider};
use crate::net::discover::{self, Found};
use crate::net::dns::Dns;
use crate::secret::keyring;
use crate::secret::{Oauth, PasswordSource};
use crate::source::imap::{self, Security, Server};

/// So often a person may mistype a password; servers lock out those who try more.
const MAX_TRIES: usize = 3;
/// How long a server may take to be reached.
const PATIENCE: Duration = Duration::from_secs(15);

/// An account to be.
pub struct Draft<'a> {
    pub path: &'a Path,
    pub name: &'a str,
    pub lines: Vec<Line>,
    pub comment: String,
    /// A password to be kept in a file of its own, or in the keyring.
    pub kept: Option<SecretString>,
    pub email: &'a str,
    pub in_keyring: bool,
    /// What tokens are kept for already.
    pub agreed: Option<Oauth>,
}

impl Draft<'_> {
    pub fn line(&mut self, key: &'static str, value: impl Into<Setting>, comment: &str) {
        self.lines.push(Line { key, value: value.into(), comment: comment.to_owned() });
    }

    pub fn believe(&mut self, ids: &[String]) {
        let ids: Array = ids.iter().collect();
        self.line("authserv_ids", ids, "The provider's server: what it says about who sent a mail is believed.");
    }

    /// Where the mail is, and how to log in.
    pub fn server(&mut self, context: &Context<'_>, args: &Args) -> Result<(), Failure> {
        let email = self.email;
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let known = provider::of(email);
        let found = match (&args.host, known) {
            (Some(host), _) => Some(named(args, host)),
            (None, Some(provider)) if args.port.is_some() || args.security.is_some() => {
                let mut found = named(args, &provider.host);
                if let Some(port) = provider.starttls_port.filter(|_| args.security != Some(Protection::Tls)) {
                    (found.security, found.port) = (Security::StartTls, args.port.unwrap_or(port));
                }
                Some(found)
            }
            (None, Some(_)) => None,
            (None, None) => Some(searched(context, args, email)?),
        };
        let provider = known.or_else(|| found.as_ref().and_then(|found| provider::at(&found.host)));
        if let Some(found) = &found {
            let comment = if found.by.is_empty() { String::new() } else { format!("Found by {}.", found.by) };
            self.line("host", found.host.as_str(), &comment);
            if found.port != found.security.usual_port() {
                self.line("port", i64::from(found.port), "");
            }
            match found.security {
                Security::Tls => {}
                Security::StartTls => self.line("security", "starttls", ""),
                Security::Plaintext => self.line("security", "plaintext", ""),
            }
        } else if let Some(provider) = known {
            self.comment = format!("{domain}: settings known to tracker, checked {}.", provider.checked);
        }
        if let Some(user) = args.user.clone().or_else(|| found.as_ref().and_then(|found| found.user.clone())) {
            self.line("user", user, "");
        }
        if let Some(ca_file) = &args.ca_file {
            self.line("ca_file", absolute(ca_file), "");
        }
        if !args.mailboxes.is_empty() {
            let mailboxes: Array = args.mailboxes.iter().collect();
            self.line("mailboxes", mailboxes, "");
        }
        self.secret(context.console, args, provider)
    }

    /// The configuration with the account in it, and the account as `check` would use it.
    fn with(&self) -> Result<(String, Account), Failure> {
        let old = match fs::read_to_string(self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(file::fault(self.path, &error)),
        };
        let text = with_account(&old, self.name, &self.comment, self.lines.clone())
            .map_err(|why| Failure::usage(parted(&why)).within(format!("configuration `{}`", self.path.display())))?;
        let account = Config::parse(self.path, &text)?.account(self.name)?.clone();
        Ok((text, account))
    }

    /// The account after it was tried: where a person typed the password, it may be typed again.
    pub fn tried(&mut self, context: &Context<'_>) -> Result<(Account, Diagnosis), Failure> {
        let mut tries = 1;
        loop {
            let (_, mut account) = self.with()?;
            if let (Source::Imap(imap), Some(secret)) = (&mut account.source, &self.kept) {
                imap.password = PasswordSource::Literal(secret.clone());
                context.console.note(format!("Trying to log in at {} …", imap.host));
            }
            self.agree(context, &account)?;
            match diagnose(&account, context.now) {
                Ok(found) if found.mailboxes.is_empty() => {
                    return Err(Failure::usage("nothing was written: none of those mailboxes is there")
                        .remedy("correct --mailbox"));
                }
                Ok(found) => return Ok((account, found)),
                Err(error @ CheckError::Login(_))
                    if tries < MAX_TRIES && self.kept.is_some() && context.console.can_ask() =>
                {
                    context.console.tell(&error);
                    self.keep(context.console.password("Password, once more")?)?;
                    tries = tries.saturating_add(1);
                }
                Err(error) => return Err(Failure::unavailable(parted(&error)).within("nothing was written")),
            }
        }
    }

    /// Writes the password and then the configuration, readable by their owner only.
    pub fn write(&mut self) -> Result<Account, Failure> {
        // Read again: a person may have written to it meanwhile.
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

fn named(args: &Args, host: &str) -> Found {
    let security = match args.security.unwrap_or(Protection::Tls) {
        Protection::Tls => Security::Tls,
        Protection::Starttls => Security::StartTls,
        Protection::Plaintext => Security::Plaintext,
    };
    // `imap.example.org:1993`, but not an IPv6 address.
    let with_port = host.rsplit_once(':').filter(|(name, _)| !name.contains(':'));
    let (host, port) = match with_port.map(|(name, port)| (name, port.parse())) {
        Some((name, Ok(port))) => (name, Some(port)),
        _ => (host, None),
    };
    let port = args.port.or(port).unwrap_or(security.usual_port());
    Found { host: host.to_owned(), port, security, user: None, by: String::new() }
}

/// The server that the domain's owner publishes; on a terminal, one that the user knows.
fn searched(context: &Context<'_>, args: &Args, email: &str) -> Result<Found, Failure> {
    let ca_pem = args.ca_file.as_ref().map(|path| read_input(path)).transpose()?;
    let mut dns = Dns::new(&context.config.dkim);
    let found = discover::server(email, args.autoconfig.as_deref(), ca_pem.as_deref(), &mut dns);
    if let Some(found) = found {
        context.console.note(format!("Found {}, port {}, by {}.", found.host, found.port, found.by));
        return Ok(found);
    }
    if context.console.can_ask() {
        context.console.tell(format!("No server is published for {email}; your provider's help pages name it."));
    }
    loop {
        let found = named(args, &asked(context.console, "host", "Its IMAP server", None)?);
        let (host, port, security) = (found.host.clone(), found.port, found.security);
        // Before a person is asked for a password.
        match imap::reach(&Server { host, port, security, ca_pem: None, timeout: PATIENCE }) {
            Ok(()) => return Ok(found),
            Err(why) => context.console.tell(why),
        }
    }
}

/// A path that cron finds too.
pub fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
