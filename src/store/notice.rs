//! What was said of mail that did not come, so that it is said once.

use rusqlite::params;

use super::{Records, StoreError};
use crate::objection::{Next, ObjectionId};

impl Records<'_> {
    /// Notes that a user is told what to do next. `false` if that was said before.
    ///
    /// # Errors
    /// SQLite's.
    pub fn notice(&self, objection: ObjectionId, next: &Next) -> Result<bool, StoreError> {
        let since = next.on.map(|day| day.to_string()).unwrap_or_default();
        let new = self.0.execute(
            "INSERT INTO notice (objection, action, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![objection.0, next.action.as_str(), since],
        )?;
        Ok(new > 0)
    }
}
