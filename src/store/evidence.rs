//! Kept mails for others to see: all of them, with their bytes.

use rusqlite::params;

use super::{Kept, KeptMail, Records, StoreError};

impl Records<'_> {
    /// The mails of no objection, held or dismissed, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn mails_of_none(&self) -> Result<Vec<Kept>, StoreError> {
        self.all("WHERE mail.objection IS NULL ORDER BY received_at, mail.id", params![])
    }

    /// Those mails with their bytes.
    ///
    /// # Errors
    /// SQLite's.
    pub fn with_bytes(&self, mails: &[Kept]) -> Result<Vec<KeptMail>, StoreError> {
        let found = mails.iter().filter_map(|mail| self.mail(mail.id).transpose());
        found.collect()
    }
}
