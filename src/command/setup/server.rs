//! Where a new account has its mail: on the server that is named, known or found.

use std::time::Duration;

use super::args::{Args, Protection};
use super::discover::{self, Found};
use super::new_account::{NewAccount, absolute};
use crate::command::{Context, Failure, read_input};
use crate::config::edit::Array;
use crate::config::provider::{self, Provider};
use crate::net::dns::Dns;
use crate::source::imap::{self, Security, Server};

/// How long a server may take to be reached.
const PATIENCE: Duration = Duration::from_secs(15);

impl NewAccount<'_> {
    /// Adds where the mail is. Returns the provider, if it is a known one.
    pub fn server(&mut self, context: &Context<'_>, args: &Args) -> Result<Option<&'static Provider>, Failure> {
        let email = self.email;
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let known = provider::of(email);
        let found = found(context, args, email)?;
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
        Ok(provider)
    }
}

/// The server that the configuration must name. It need not name a known provider's usual one.
fn found(context: &Context<'_>, args: &Args, email: &str) -> Result<Option<Found>, Failure> {
    Ok(match (&args.host, provider::of(email)) {
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
    })
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

/// The server that the domain publishes. If it publishes none, the user is asked for it.
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
        let found = named(args, &context.console.answer("host", "Its IMAP server")?);
        let (host, port, security) = (found.host.clone(), found.port, found.security);
        // The server is tried before the person is asked for a password.
        match imap::reach(&Server { host, port, security, ca_pem: None, timeout: PATIENCE }) {
            Ok(()) => return Ok(found),
            Err(why) => context.console.tell(why),
        }
    }
}
