//! How a new account logs in.

use secrecy::ExposeSecret;

use super::args::Args;
use super::new_account::{NewAccount, absolute};
use crate::command::{Console, Failure, ask};
use crate::config::edit::{InlineTable, Value};
use crate::config::provider::Provider;

impl NewAccount<'_> {
    /// Adds where the password or token comes from: as an option says, or as the person answers.
    pub fn secret(&mut self, console: Console, args: &Args, provider: Option<&Provider>) -> Result<(), Failure> {
        if let Some(command) = &args.password_command {
            self.line("password_command", command.as_str(), "");
        } else if let Some(path) = &args.password_file {
            self.line("password_file", absolute(path), "");
        } else if let Some(variable) = &args.password_env {
            self.line("password_env", variable.as_str(), "");
        } else if let Some(command) = &args.token_command {
            self.line("token_command", command.as_str(), "");
        } else if let Some(service) = &args.oauth {
            self.oauth(console, args, service)?;
        } else if args.password_stdin {
            self.keep(ask::first_line()?)?;
        } else if console.can_ask() {
            if let Some(hint) = provider.and_then(Provider::hint) {
                console.tell(format!("{hint}."));
            }
            if let Some(service) = provider.and_then(|provider| provider.oauth.as_deref()) {
                return self.token(console, args, service);
            }
            let place = if self.in_keyring { "the keyring" } else { "a file that only you can read" };
            self.keep(console.password(&format!("Password (not shown; kept in {place})"))?)?;
        } else {
            return Err(Failure::usage("no way to its password").remedy(
                "add --password-command, --password-file, --password-env, --password-stdin, --token-command or --oauth",
            ));
        }
        Ok(())
    }

    /// Adds where the token comes from, for a provider that takes no passwords.
    fn token(&mut self, console: Console, args: &Args, service: &str) -> Result<(), Failure> {
        if args.client_id.is_some() || console.confirm("Have you registered a client with the provider")? {
            return self.oauth(console, args, service);
        }
        let question = format!("A command that prints an access token, such as `oama access {}`", self.email);
        let command = console.ask(&question, None)?;
        self.line("token_command", command, "");
        Ok(())
    }

    fn oauth(&mut self, console: Console, args: &Args, service: &str) -> Result<(), Failure> {
        let client_id = match &args.client_id {
            Some(id) => id.clone(),
            None => console.answer("client-id", "The id of the client that you registered with the provider")?,
        };
        let mut table = InlineTable::new();
        table.insert("provider", service.into());
        table.insert("client_id", client_id.into());
        if args.client_secret_stdin {
            table.insert("client_secret", ask::first_line()?.expose_secret().into());
        } else if args.oauth.is_none() || console.can_ask() {
            let secret = console.secret("Its secret (not shown; empty if it has none)")?;
            if !secret.expose_secret().is_empty() {
                table.insert("client_secret", secret.expose_secret().into());
            }
        }
        for (key, url) in &args.oauth_urls {
            table.insert(key, url.into());
        }
        self.line("oauth", Value::InlineTable(table), "");
        Ok(())
    }
}
