//! `tracker login`: lets a person agree that tracker reads the mail (OAuth 2.0).

use serde_json::json;

use super::{Context, Failure, Output, Status};
use crate::check::diagnose;
use crate::cli::Login;
use crate::config::{Imap, PasswordSource, Source};
use crate::oauth;
use crate::report::line;

pub fn run(context: &Context<'_>, args: &Login) -> Result<Output, Failure> {
    let account = context.config.account(&args.account)?;
    let Source::Imap(Imap { password: PasswordSource::Oauth(settings), .. }) = &account.source else {
        let message = format!(
            "account `{}` has no `oauth`; add oauth = {{ provider = \"microsoft\", client_id = \"…\" }} instead of a password",
            account.name
        );
        return Err(Failure::new(Status::Usage, &message));
    };
    let result = match (&settings.device_url, &settings.auth_url) {
        (Some(url), _) => oauth::by_device(settings, url, context.now, |url, code| {
            eprintln!("Open {} and enter the code {}", line(url), line(code));
        }),
        (None, Some(url)) => oauth::by_browser(settings, url, context.now, |url| {
            eprintln!("Open this address in a browser on this machine:\n{}", line(url));
        }),
        (None, None) => Err("`oauth` names neither device_url nor auth_url; add one".to_owned()),
    };
    result.map_err(|why| Failure::new(Status::Unavailable, &line(&why)))?;
    let found = diagnose(account, context.now).map_err(|error| {
        Failure::new(Status::Unavailable, &format!("the tokens are kept, but account `{}`: {error}", account.name))
    })?;
    Ok(context.output(
        || json!({ "account": account.name, "mailboxes": found.mailboxes }),
        || format!("account {}: logged in; reads {}\n", account.name, found.mailboxes.join(", ")),
    ))
}
