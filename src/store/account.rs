//! What is known of an account: its last whole check, one that was cut off, and how often its login was refused.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::column::optional_moment;
use super::{Records, StoreError};

impl Records<'_> {
    /// Notes that an account was read to the end.
    pub(crate) fn note_check(&self, account: &str, now: Timestamp) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO account (name, checked_at) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at, unfinished_since = NULL",
            params![account, now.as_second()],
        )?;
        Ok(())
    }

    /// When an account was last read to the end.
    pub(crate) fn last_check(&self, account: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT checked_at FROM account WHERE name = ?1")?;
        let mut rows = statement.query_and_then([account], |row| optional_moment(row, "checked_at"))?;
        Ok(rows.next().transpose()?.flatten())
    }

    /// Notes that a check has decided something and is not at its end yet. `since` is the oldest mail's time from which
    /// it looks: after a check that is cut off, the next one looks from there again.
    pub(crate) fn note_unfinished(&self, account: &str, since: Timestamp) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO account (name, unfinished_since) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET unfinished_since = coalesce(min(unfinished_since, ?2), ?2)",
            params![account, since.as_second()],
        )?;
        Ok(())
    }

    /// From when on a check that was cut off had looked at mail; `None` if the last one came to its end.
    pub(crate) fn unfinished_since(&self, account: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT unfinished_since FROM account WHERE name = ?1")?;
        let mut rows = statement.query_and_then([account], |row| optional_moment(row, "unfinished_since"))?;
        Ok(rows.next().transpose()?.flatten())
    }

    /// Counts one more refusal of an account's login by its server.
    pub(crate) fn note_refusal(&self, account: &str, now: Timestamp) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO account (name, refusals, refused_at) VALUES (?1, 1, ?2)
             ON CONFLICT DO UPDATE SET refusals = refusals + 1, refused_at = excluded.refused_at",
            params![account, now.as_second()],
        )?;
        Ok(())
    }

    /// When the server last refused an account's login.
    pub(crate) fn last_refusal(&self, account: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT refused_at FROM account WHERE name = ?1")?;
        let mut rows = statement.query_and_then([account], |row| optional_moment(row, "refused_at"))?;
        Ok(rows.next().transpose()?.flatten())
    }

    /// Counts from zero again, because the server accepted the account's login.
    pub(crate) fn clear_refusals(&self, account: &str) -> Result<(), StoreError> {
        self.0.execute("UPDATE account SET refusals = 0 WHERE name = ?1 AND refusals > 0", [account])?;
        Ok(())
    }

    /// How often in a row the server refused an account's login.
    pub(crate) fn refusals(&self, account: &str) -> Result<u32, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT refusals FROM account WHERE name = ?1")?;
        Ok(statement.query_row([account], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}
