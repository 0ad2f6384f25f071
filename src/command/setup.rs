//! `tracker setup`: from a mail address to an account that works.
//!
//! What is to be written is put together first, tried on the server, and only then written.

use std::fs;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{Context, Failure, Output, Status, ask, file, read_input};
use crate::check::{CheckError, Diagnosis, diagnose};
use crate::cli::{Protection, Setup};
use crate::config::edit::{Array, Line, Value as Setting, with_account};
use crate::config::{self, Account, Config, PasswordSource, Source, provider};
use crate::discover::{self, Found};
use crate::dns::Dns;
use crate::keyring;
use crate::mail::Address;
use crate::mail::text::printable;
use crate::report;
use crate::source::imap::Security;

/// So often a person may mistype a password; servers lock out those who try more.
const MAX_TRIES: usize = 3;

pub fn run(context: &Context<'_>, args: &Setup) -> Result<Output, Failure> {
    let email = match &args.email {
        Some(email) => email.clone(),
        None => asked("email", "Your mail address", None)?,
    };
    if Address::parse(&email).is_none() {
        return Err(Failure::new(Status::Usage, &format!("`{email}` is not a mail address; write it as name@domain")));
    }
    let path = context.global.config.clone().or_else(config::default_path).ok_or_else(|| {
        Failure::new(Status::Usage, "no home directory, so no place for the configuration; name one with --config")
    })?;
    // A link stays one.
    let path = fs::canonicalize(&path).unwrap_or(path);
    let name = args.name.clone().unwrap_or_else(|| name_for(&email, &context.config));
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) || name.is_empty() {
        return Err(Failure::new(Status::Usage, &format!("`--name {name}`: use letters, digits, - and _ only")));
    }
    let mut draft = Draft {
        path: &path,
        name: &name,
        lines: Vec::new(),
        comment: String::new(),
        kept: None,
        email: &email,
        in_keyring: args.keyring,
    };
    draft.line("email", &email, "");
    match (&args.maildir, &args.mbox) {
        (Some(place), _) => draft.line("maildir", absolute(place), ""),
        (None, Some(place)) => draft.line("mbox", absolute(place), ""),
        (None, None) => draft.server(context, args, &email)?,
    }
    if !args.authserv_ids.is_empty() {
        draft.believe(&args.authserv_ids);
    }
    let (account, found) = draft.tried(context)?;
    let proposal = found.proposal(&account.trusted).map(str::to_owned);
    let believed = match &proposal {
        Some(id) if ask::is_possible() && is_theirs(id, &found)? => {
            draft.believe(std::slice::from_ref(id));
            true
        }
        _ => false,
    };
    let account = draft.write()?;
    let proposal = proposal.filter(|_| !believed);
    let place = path.display().to_string();
    Ok(context.output(
        || json(&account, &found, &place, proposal.as_deref()),
        || text(&account, &found, &place, proposal.as_deref()),
    ))
}

/// An account to be.
struct Draft<'a> {
    path: &'a Path,
    name: &'a str,
    lines: Vec<Line>,
    comment: String,
    /// A password to be kept in a file of its own, or in the keyring.
    kept: Option<SecretString>,
    email: &'a str,
    in_keyring: bool,
}

impl Draft<'_> {
    fn line(&mut self, key: &'static str, value: impl Into<Setting>, comment: &str) {
        self.lines.push(Line { key, value: value.into(), comment: comment.to_owned() });
    }

    fn believe(&mut self, ids: &[String]) {
        let ids: Array = ids.iter().collect();
        self.line("authserv_ids", ids, "The provider's server: what it says about who sent a mail is believed.");
    }

    /// Where the mail is, and how to log in.
    fn server(&mut self, context: &Context<'_>, args: &Setup, email: &str) -> Result<(), Failure> {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let known = provider::of(email);
        let found = match (&args.host, known) {
            (Some(host), _) => Some(named(args, host)),
            (None, Some(provider)) if args.port.is_some() || args.security.is_some() => {
                Some(named(args, &provider.host))
            }
            (None, Some(_)) => None,
            (None, None) => Some(searched(context, args, email)?),
        };
        let provider = known.or_else(|| found.as_ref().and_then(|found| provider::at(&found.host)));
        if let Some(found) = &found {
            let comment = if found.by.is_empty() { String::new() } else { format!("Found by {}.", found.by) };
            self.line("host", found.host.as_str(), &comment);
            let usual = if found.security == Security::Tls { 993 } else { 143 };
            if found.port != usual {
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
        self.secret(args, provider.and_then(|provider| provider.hint.as_deref()))
    }

    fn secret(&mut self, args: &Setup, hint: Option<&str>) -> Result<(), Failure> {
        if let Some(command) = &args.password_command {
            self.line("password_command", command.as_str(), "");
        } else if let Some(path) = &args.password_file {
            self.line("password_file", absolute(path), "");
        } else if let Some(variable) = &args.password_env {
            self.line("password_env", variable.as_str(), "");
        } else if let Some(command) = &args.token_command {
            self.line("token_command", command.as_str(), "");
        } else if args.password_stdin {
            let text = String::from_utf8(read_input(Path::new("-"))?).unwrap_or_default();
            self.keep(SecretString::from(text.lines().next().unwrap_or_default()))?;
        } else if ask::is_possible() {
            if let Some(hint) = hint {
                eprintln!("{hint}.");
            }
            let place = if self.in_keyring { "the keyring" } else { "a file that only you can read" };
            self.keep(ask::secret(&format!("Password (not shown; kept in {place})"))?)?;
        } else {
            let message = "no way to its password; add --password-command, --password-file, --password-env, \
                           --token-command or --password-stdin";
            return Err(Failure::new(Status::Usage, message));
        }
        Ok(())
    }

    fn keep(&mut self, secret: SecretString) -> Result<(), Failure> {
        if secret.expose_secret().is_empty() {
            return Err(Failure::new(Status::Usage, "the password is empty; give it on the first line"));
        }
        if self.kept.replace(secret).is_some() {
            return Ok(());
        }
        let file = self.path.with_file_name(format!("{}.password", self.name));
        if !self.in_keyring && file.exists() {
            let what = format!("`{}` is there already; choose another --name, or remove it first", file.display());
            return Err(Failure::new(Status::Usage, &what));
        }
        if self.in_keyring {
            self.line("keyring", true, "");
        } else {
            self.line("password_file", format!("{}.password", self.name), "");
        }
        Ok(())
    }

    fn password_file(&self) -> PathBuf {
        self.path.with_file_name(format!("{}.password", self.name))
    }

    /// The configuration with the account in it, and the account as `check` would use it.
    fn with(&self) -> Result<(String, Account), Failure> {
        let old = match fs::read_to_string(self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(file::fault(self.path, &error)),
        };
        let fault = |why: &str| Failure::new(Status::Usage, &format!("configuration `{}`: {why}", self.path.display()));
        let lines = self.lines.iter().map(|l| Line { key: l.key, value: l.value.clone(), comment: l.comment.clone() });
        let text = with_account(&old, self.name, &self.comment, lines.collect()).map_err(|why| fault(&why))?;
        let account = Config::parse(self.path, &text)?.account(self.name)?.clone();
        Ok((text, account))
    }

    /// The account after it was tried: where a person typed the password, it may be typed again.
    fn tried(&mut self, context: &Context<'_>) -> Result<(Account, Diagnosis), Failure> {
        let mut tries = 1;
        loop {
            let (_, mut account) = self.with()?;
            if let (Source::Imap(imap), Some(secret)) = (&mut account.source, &self.kept) {
                imap.password = PasswordSource::Literal(secret.clone());
                eprintln!("Trying to log in at {} …", report::line(&imap.host));
            }
            match diagnose(&account, context.now) {
                Ok(found) if found.mailboxes.is_empty() => {
                    let what = "nothing was written: none of those mailboxes is there; correct --mailbox";
                    return Err(Failure::new(Status::Usage, what));
                }
                Ok(found) => return Ok((account, found)),
                Err(error) if tries < MAX_TRIES && self.kept.is_some() && is_login(&error) && ask::is_possible() => {
                    eprintln!("{error}");
                    self.keep(ask::secret("Password, once more")?)?;
                    tries = tries.saturating_add(1);
                }
                Err(error) => {
                    return Err(Failure::new(Status::Unavailable, &format!("nothing was written: {error}")));
                }
            }
        }
    }

    /// Writes the password and then the configuration, readable by their owner only.
    fn write(&self) -> Result<Account, Failure> {
        // Read again: a person may have written to it meanwhile.
        let (text, account) = self.with()?;
        if let Some(directory) = self.path.parent() {
            fs::create_dir_all(directory).map_err(|error| file::fault(directory, &error))?;
        }
        if let Some(secret) = self.kept.as_ref().filter(|_| self.in_keyring) {
            keyring::set(self.email, secret).map_err(|why| {
                let what =
                    format!("nothing was written: the keyring can't keep the password: {why}; leave out --keyring");
                Failure::new(Status::Unavailable, &what)
            })?;
        } else if let Some(secret) = &self.kept {
            file::replace(&self.password_file(), format!("{}\n", secret.expose_secret()).as_bytes())?;
        }
        file::replace(self.path, text.as_bytes())?;
        Ok(account)
    }
}

/// An answer that no option gave.
fn asked(option: &str, question: &str, default: Option<&str>) -> Result<String, Failure> {
    if ask::is_possible() {
        return ask::line(question, default);
    }
    Err(Failure::new(
        Status::Usage,
        &format!("{question} is not known, and there is no terminal to ask on; add --{option}"),
    ))
}

fn named(args: &Setup, host: &str) -> Found {
    let security = match args.security.unwrap_or(Protection::Tls) {
        Protection::Tls => Security::Tls,
        Protection::Starttls => Security::StartTls,
        Protection::Plaintext => Security::Plaintext,
    };
    let usual = if security == Security::Tls { 993 } else { 143 };
    let port = args.port.unwrap_or(usual);
    Found { host: host.to_owned(), port, security, user: None, by: String::new() }
}

/// The server that the domain's owner publishes; on a terminal, one that the user knows.
fn searched(context: &Context<'_>, args: &Setup, email: &str) -> Result<Found, Failure> {
    let ca_pem = args.ca_file.as_ref().map(|path| read_input(path)).transpose()?;
    let mut dns = Dns::new(&context.config.dkim);
    let found = discover::server(email, args.autoconfig.as_deref(), ca_pem.as_deref(), &mut dns);
    if let Some(found) = found {
        eprintln!("Found {}, port {}, by {}.", report::line(&found.host), found.port, report::line(&found.by));
        return Ok(found);
    }
    Ok(named(args, &asked("host", "Its IMAP server", None)?))
}

fn is_theirs(id: &str, found: &Diagnosis) -> Result<bool, Failure> {
    let count = found.authserv_ids.get(id).copied().unwrap_or_default();
    eprintln!(
        "{count} of {} recent mails bear a line by `{}` about who sent them.\n\
         If that is your provider's own server, its word can be believed.",
        found.sampled,
        report::line(id)
    );
    ask::whether(&format!("Is `{}` your provider's server", report::line(id)))
}

fn is_login(error: &CheckError) -> bool {
    matches!(error, CheckError::Login(_))
}

/// A name that no account has yet: from the address's domain.
fn name_for(email: &str, config: &Config) -> String {
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
    let label = domain.split('.').next().unwrap_or_default();
    let base: String = label.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let base = if base.is_empty() { "home".to_owned() } else { base };
    let is_free = |name: &String| config.account(name).is_err();
    let numbered = (2..).map(|n: u32| format!("{base}{n}"));
    std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base)
}

/// A path that cron finds too.
fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

fn json(account: &Account, found: &Diagnosis, path: &str, proposal: Option<&str>) -> Value {
    json!({
        "account": account.name,
        "path": path,
        "mailboxes": found.mailboxes,
        "authserv_ids": account.trusted.authserv_ids,
        "seen_authserv_ids": found.authserv_ids,
        "sampled": found.sampled,
        "proposed_authserv_id": proposal,
    })
}

fn text(account: &Account, found: &Diagnosis, path: &str, proposal: Option<&str>) -> String {
    let believed = match (account.trusted.authserv_ids.as_slice(), proposal) {
        (_, Some(id)) => format!(
            "{} of {} recent mails bear a line by `{id}` about who sent them. If that is your provider's server, add to \
             [accounts.{}]: authserv_ids = [\"{id}\"]\n",
            found.authserv_ids.get(id).copied().unwrap_or_default(),
            found.sampled,
            account.name,
        ),
        ([], None) => "No server's word on who sent a mail is believed; DKIM signatures are verified.\n".to_owned(),
        (ids, None) => format!("Believes {} about who sent a mail, beside DKIM signatures.\n", ids.join(", ")),
    };
    let text = format!(
        "Wrote [accounts.{}] to {path}.\nReads {}.\n{believed}\nNext:\n  tracker add --platform facebook --email {}   after \
         you sent the form\n  tracker schedule   so that the inbox is looked at by itself\n",
        account.name,
        found.mailboxes.join(", "),
        account.email,
    );
    printable(&text, true)
}
