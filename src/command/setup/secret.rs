//! How an account to be logs in.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::args::Args;
use super::asked;
use super::draft::{Draft, absolute};
use crate::command::{Console, Context, Failure, ask, file, login};
use crate::config::edit::{InlineTable, Value};
use crate::config::{Account, Imap, Source, provider::Provider};
use crate::secret::PasswordSource;
use crate::secret::oauth;

impl Draft<'_> {
    /// The way to the password or token: named, or asked for.
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

    pub fn keep(&mut self, secret: SecretString) -> Result<(), Failure> {
        if secret.expose_secret().is_empty() {
            return Err(ask::no_password());
        }
        if self.kept.replace(secret).is_some() {
            return Ok(());
        }
        if self.in_keyring {
            self.line("keyring", true, "");
            return Ok(());
        }
        is_free(&self.password_file())?;
        // A relative name is one beside the configuration.
        self.line("password_file", format!("{}.password", self.name), "");
        Ok(())
    }

    pub fn password_file(&self) -> PathBuf {
        self.path.with_file_name(format!("{}.password", self.name))
    }

    /// Where there is nobody who takes a password.
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
            None => asked(console, "client-id", "The id of the client that you registered with the provider", None)?,
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

    /// Lets a person agree that the mail is read, where that is the way in. The tokens go with the draft, unless it is
    /// written.
    pub fn agree(&mut self, context: &Context<'_>, account: &Account) -> Result<(), Failure> {
        let Source::Imap(Imap { password: PasswordSource::Oauth(settings), .. }) = &account.source else {
            return Ok(());
        };
        is_free(&settings.tokens)?;
        if let Some(directory) = self.path.parent() {
            std::fs::create_dir_all(directory).map_err(|error| file::fault(directory, &error))?;
        }
        self.agreed = Some((**settings).clone());
        login::agree(settings, context)
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if let Some(settings) = &self.agreed {
            oauth::forget(settings);
        }
    }
}

fn is_free(file: &Path) -> Result<(), Failure> {
    if !file.exists() {
        return Ok(());
    }
    Err(Failure::usage(format!("`{}` is there already", file.display()))
        .remedy("choose another --name, or remove it first"))
}
