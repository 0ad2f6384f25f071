//! `tracker setup`: from a mail address to an account that works.
//!
//! The new account is put together first, then tried on the server, and only then written.

mod args;
mod discover;
mod new_account;
mod secret;
mod server;
mod trial;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Console, Context, Failure, Output, typed};
use crate::check::Diagnosis;
use crate::config::{self, Account, Config};
use crate::mail::text::printable;
use crate::mail::{Address, relay};
use new_account::{NewAccount, absolute};

pub use args::Args;

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let email = address(context.console, args)?;
    refuse(context, args, &email)?;
    let path = path(context)?;
    let name = name(args, &email, &context.config)?;
    let mut new = NewAccount::new(&path, &name, &email, args.keyring);
    match (&args.maildir, &args.mbox) {
        (Some(place), _) => new.line("maildir", absolute(place), ""),
        (None, Some(place)) => new.line("mbox", absolute(place), ""),
        (None, None) => {
            let provider = new.server(context, args)?;
            new.secret(context.console, args, provider)?;
        }
    }
    if !args.authserv_ids.is_empty() {
        new.believe(&args.authserv_ids);
    }
    let (account, found) = new.tried(context)?;
    let mut proposal = found.proposal(&account.trusted).map(str::to_owned);
    if context.console.can_ask()
        && let Some(id) = &proposal
        && is_theirs(context.console, id, &found)?
    {
        new.believe(std::slice::from_ref(id));
        proposal = None;
    }
    let account = new.write()?;
    context.admitted(&account.name)?;
    let place = path.display().to_string();
    Ok(context.output(
        || json(&account, &found, &place, proposal.as_deref()),
        || text(&account, &found, &place, proposal.as_deref()),
    ))
}

/// Refuses an address that is read already, and one of a relay's, which keeps no mail.
fn refuse(context: &Context<'_>, args: &Args, email: &str) -> Result<(), Failure> {
    if let (None, Some(known)) = (&args.name, context.config.accounts.iter().find(|a| a.email == email)) {
        return Err(Failure::refused(format!("account `{}` reads the mail of `{email}` already", known.name))
            .remedy("try it with tracker doctor, or add another one with --name"));
    }
    let is_placed = args.host.is_some() || args.maildir.is_some() || args.mbox.is_some();
    if let (Some(relay), false) = (Address::parse(email).as_ref().and_then(relay::giving), is_placed) {
        return Err(Failure::usage(format!("`{email}` is an alias of {}, which keeps no mail", relay.name))
            .remedy("give the address that it sends your mail on to"));
    }
    Ok(())
}

/// The path of the configuration. A symbolic link is resolved, so that the link itself is not replaced.
fn path(context: &Context<'_>) -> Result<PathBuf, Failure> {
    let path = context.config_file.map(Path::to_owned).or_else(config::default_path).ok_or_else(|| {
        Failure::usage("no home directory, so no place for the configuration").remedy("name one with --config")
    })?;
    Ok(fs::canonicalize(&path).unwrap_or(path))
}

/// The mail address, given with `--email` or asked for until it is one.
fn address(console: Console, args: &Args) -> Result<String, Failure> {
    loop {
        let email = match &args.email {
            Some(email) => email.clone(),
            None => console.answer("email", "Your mail address")?,
        };
        match typed::address(&email) {
            Ok(_) => return Ok(email),
            Err(failure) if args.email.is_some() => return Err(failure),
            Err(failure) => console.tell(failure),
        }
    }
}

fn is_theirs(console: Console, id: &str, found: &Diagnosis) -> Result<bool, Failure> {
    let count = found.authserv_ids.get(id).copied().unwrap_or_default();
    console.tell(format!("{count} of {} recent mails bear a line by `{id}` about who sent them.", found.sampled));
    console
        .tell("If that is your provider's own server, its word can be believed. If it is not believed, a mail counts");
    console.tell("only when we can verify its DKIM signature ourselves; any other is held for you to judge.");
    console.confirm(&format!("Is `{id}` your provider's server"))
}

/// The account's name: given with `--name`, or made from the address's domain.
fn name(args: &Args, email: &str, config: &Config) -> Result<String, Failure> {
    let Some(name) = &args.name else { return Ok(name_for(email, config)) };
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        return Ok(name.clone());
    }
    Err(Failure::usage(format!("`--name {name}`: use letters, digits, - and _ only")))
}

fn name_for(email: &str, config: &Config) -> String {
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
    let label = domain.split('.').next().unwrap_or_default();
    let base: String = label.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let base = if base.is_empty() { "home".to_owned() } else { base };
    let is_free = |name: &String| config.account(name).is_err();
    let numbered = (2..).map(|n: u32| format!("{base}{n}"));
    std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base)
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
        "proposed_rewrites": found.is_rewritten(&account.trusted),
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
    let rewrites = if found.is_rewritten(&account.trusted) {
        format!(
            "No signature of recent mail fits, though the server says that all are good: its store re-encodes mail. Add to \
             [accounts.{}]: rewrites = true\n",
            account.name
        )
    } else {
        String::new()
    };
    let text = format!(
        "Wrote [accounts.{}] to {path}.\nReads {}.\n{believed}{rewrites}\nNext:\n  tracker add --platform facebook --email {}   after \
         you sent the form\n  tracker schedule   so that the inbox is looked at by itself\n",
        account.name,
        found.mailboxes.join(", "),
        account.email,
    );
    printable(&text)
}
