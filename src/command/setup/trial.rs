//! Tries a new account before it is written.

use super::new_account::{NewAccount, is_free};
use crate::check::{Diagnosis, diagnose};
use crate::command::{Context, Failure, file, login};
use crate::config::{Account, Imap, Source};
use crate::secret::PasswordSource;

/// How often a person may mistype the password. Servers lock out those who try more often.
const MAX_TRIES: usize = 3;

impl NewAccount<'_> {
    /// Logs in to the account. A person who mistyped the password may type it again.
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
                Err(error)
                    if error.is_login() && tries < MAX_TRIES && self.kept.is_some() && context.console.can_ask() =>
                {
                    context.console.tell(&error);
                    self.keep(context.console.password("Password, once more")?)?;
                    tries = tries.saturating_add(1);
                }
                Err(error) => return Err(Failure::from(error).within("nothing was written")),
            }
        }
    }

    /// With OAuth, lets a person agree that tracker reads the mail. That stores tokens, which are removed again unless the
    /// account is written.
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
