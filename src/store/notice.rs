//! What the user is told of: each change and each mail that did not come, once.

use rusqlite::params;

use super::{Kept, MailId, Records, StoreError};
use crate::objection::{Next, ObjectionId};

impl Records<'_> {
    /// Notes that the user is to be told of a mail.
    pub(crate) fn note_untold(&self, mail: MailId) -> Result<(), StoreError> {
        self.0.execute("INSERT INTO untold (mail) VALUES (?1) ON CONFLICT DO NOTHING", [mail])?;
        Ok(())
    }

    /// Notes that the user was told of a mail, or need not be.
    pub(crate) fn note_told(&self, mail: MailId) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM untold WHERE mail = ?1", [mail])?;
        Ok(())
    }

    /// The mails of which the user was not told yet, oldest first.
    pub(crate) fn untold(&self) -> Result<Vec<Kept>, StoreError> {
        let filter = "WHERE mail.id IN (SELECT mail FROM untold) AND outcome <> 'ignored' ORDER BY mail.id";
        self.all(filter, params![])
    }

    /// Notes that the user was told which decisions of kept mails would no longer be applied by these rules.
    pub(crate) fn note_reviewed(&self, basis: &str) -> Result<(), StoreError> {
        self.0.execute("INSERT INTO reviewed (basis) VALUES (?1) ON CONFLICT DO NOTHING", [basis])?;
        Ok(())
    }

    /// Whether the decisions of kept mails were looked at again by these rules.
    pub(crate) fn is_reviewed(&self, basis: &str) -> Result<bool, StoreError> {
        Ok(self.0.prepare_cached("SELECT 1 FROM reviewed WHERE basis = ?1")?.exists([basis])?)
    }

    /// Notes that the user was told what to do next about an objection.
    pub(crate) fn record_notice(&self, objection: ObjectionId, next: &Next) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO notice (objection, action, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![objection.0, next.action.as_str(), since(next)],
        )?;
        Ok(())
    }

    /// Whether the user was told what to do next about an objection.
    pub(crate) fn has_notice(&self, objection: ObjectionId, next: &Next) -> Result<bool, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT 1 FROM notice WHERE objection = ?1 AND action = ?2 AND since = ?3")?;
        Ok(statement.exists(params![objection.0, next.action.as_str(), since(next)])?)
    }
}

/// The day from which it is to be done.
fn since(next: &Next) -> String {
    next.on.map(|day| day.to_string()).unwrap_or_default()
}
