//! What the user is told of: each change and each mail that did not come, once, and none not at all.

use rusqlite::{OptionalExtension, params};

use super::{Kept, MailId, Records, StoreError};
use crate::objection::{Next, ObjectionId};

impl Records<'_> {
    /// Notes that the user is to be told of a mail.
    ///
    /// # Errors
    /// SQLite's.
    pub fn tell_of(&self, mail: MailId) -> Result<(), StoreError> {
        self.0.execute("INSERT INTO untold (mail) VALUES (?1) ON CONFLICT DO NOTHING", [mail])?;
        Ok(())
    }

    /// The mails of which the user was not told, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn untold(&self) -> Result<Vec<Kept>, StoreError> {
        let filter = "WHERE mail.id IN (SELECT mail FROM untold) AND outcome <> 'ignored' ORDER BY mail.id";
        self.all(filter, params![])
    }

    /// Notes that the user was told of a mail.
    ///
    /// # Errors
    /// SQLite's.
    pub fn told_of(&self, mail: MailId) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM untold WHERE mail = ?1", [mail])?;
        Ok(())
    }

    /// Whether the user was told what to do next.
    ///
    /// # Errors
    /// SQLite's.
    pub fn is_noticed(&self, objection: ObjectionId, next: &Next) -> Result<bool, StoreError> {
        let known = self.0.query_row(
            "SELECT 1 FROM notice WHERE objection = ?1 AND action = ?2 AND since = ?3",
            params![objection.0, next.action.as_str(), since(next)],
            |_| Ok(()),
        );
        Ok(known.optional()?.is_some())
    }

    /// Notes that the user was told what to do next.
    ///
    /// # Errors
    /// SQLite's.
    pub fn notice(&self, objection: ObjectionId, next: &Next) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO notice (objection, action, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![objection.0, next.action.as_str(), since(next)],
        )?;
        Ok(())
    }
}

/// The day from which it counts.
fn since(next: &Next) -> String {
    next.on.map(|day| day.to_string()).unwrap_or_default()
}
