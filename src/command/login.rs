//! `tracker login`: lets a person agree that tracker reads the mail (OAuth 2.0), or keeps a password in the keyring.

use serde_json::json;

use super::{Context, Failure, Output, complete};
use crate::check::diagnose;
use crate::config::{Account, Imap, Source};
use crate::fault::Fault;
use crate::secret::keyring;
use crate::secret::oauth;
use crate::secret::{Oauth, PasswordSource};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker login home

The account needs, in the configuration:
  oauth = { provider = \"microsoft\", client_id = \"…\" }    the id of a client that you registered
  oauth = { provider = \"google\", client_id = \"…\", client_secret = \"…\" }
  keyring = true                 the password is asked for, or read from standard input, and kept in the keyring")]
pub struct Args {
    /// The account
    #[arg(add = complete::accounts())]
    pub account: String,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let account = context.config.account(&args.account)?;
    if let Source::Imap(Imap { password: PasswordSource::Keyring(email), .. }) = &account.source {
        let secret = context.console.new_password()?;
        keyring::set(email, &secret).map_err(|why| {
            Failure::unavailable(format!("the keyring can't keep the password: {why}"))
                .remedy("use password_command or password_file instead")
        })?;
        return tried(context, account);
    }
    let Source::Imap(Imap { password: PasswordSource::Oauth(settings), .. }) = &account.source else {
        return Err(Failure::usage(format!("account `{}` has neither `oauth` nor `keyring`", account.name))
            .remedy("add oauth = { provider = \"microsoft\", client_id = \"…\" } instead of a password"));
    };
    agree(settings, context)?;
    tried(context, account)
}

/// Lets a person agree on the provider's own page, and stores the tokens.
pub fn agree(settings: &Oauth, context: &Context<'_>) -> Result<(), Failure> {
    let (console, now) = (context.console, context.now);
    let result = match (&settings.device_url, &settings.auth_url) {
        (Some(url), _) => oauth::by_device(settings, url, now, |url, code| {
            console.tell(format!("Open {url} and enter the code {code}"));
        }),
        (None, Some(url)) => oauth::by_browser(settings, url, now, |url| {
            console.tell("Open this address in a browser on this machine:");
            console.tell(url);
        }),
        (None, None) => Err(Fault::new("`oauth` names neither device_url nor auth_url").remedy("add one")),
    };
    result.map_err(Failure::unavailable)
}

/// Logs in with the password or tokens that were just stored.
fn tried(context: &Context<'_>, account: &Account) -> Result<Output, Failure> {
    let found = diagnose(account, context.now)
        .map_err(|error| Failure::from(error).within(format!("it is kept, but account `{}`", account.name)))?;
    context.admitted(&account.name)?;
    Ok(context.output(
        || json!({ "account": account.name, "mailboxes": found.mailboxes }),
        || format!("account {}: logged in; reads {}\n", account.name, found.mailboxes.join(", ")),
    ))
}
