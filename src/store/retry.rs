//! Mails that are to be asked for again at the next check: the server would not give them, or DNS did not answer.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::column::optional_moment;
use super::{Cursor, Records, StoreError};

/// A mail that is to be asked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Its UID.
    pub uid: u32,
    /// How often the server would not give it.
    pub attempts: u32,
    /// Why it was put back the last time.
    pub error: String,
    /// Since when it waits for DNS; `None` if the server would not give it.
    pub waits_since: Option<Timestamp>,
}

impl Records<'_> {
    /// The mails of a mailbox that are to be asked for again, those with the fewest attempts first.
    pub(crate) fn retries(&self, cursor: &Cursor) -> Result<Vec<Retry>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT uid, attempts, error, waits_since FROM retry WHERE account = ?1 AND mailbox = ?2 AND uid_validity = ?3
             ORDER BY attempts, uid",
        )?;
        statement.query_and_then(params![cursor.account, cursor.mailbox, cursor.uid_validity], read)?.collect()
    }

    /// Notes that a mail can't be judged because DNS does not answer, and since when it waits for that.
    pub(crate) fn note_dns_wait(
        &self,
        cursor: &Cursor,
        uid: u32,
        why: &str,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO retry (account, mailbox, uid_validity, uid, attempts, error, waits_since)
             VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)
             ON CONFLICT DO UPDATE SET error = excluded.error, waits_since = excluded.waits_since",
            params![cursor.account, cursor.mailbox, cursor.uid_validity, uid, why, since.as_second()],
        )?;
        Ok(())
    }

    /// Counts one more attempt at a mail that the server would not give.
    pub(crate) fn note_attempt(&self, cursor: &Cursor, uid: u32, error: &str) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO retry (account, mailbox, uid_validity, uid, attempts, error) VALUES (?1, ?2, ?3, ?4, 1, ?5)
             ON CONFLICT DO UPDATE SET attempts = attempts + 1, error = excluded.error",
            params![cursor.account, cursor.mailbox, cursor.uid_validity, uid, error],
        )?;
        Ok(())
    }

    /// Notes that a mail need not be asked for again.
    pub(crate) fn drop_retry(&self, cursor: &Cursor, uid: u32) -> Result<(), StoreError> {
        self.0.execute(
            "DELETE FROM retry WHERE account = ?1 AND mailbox = ?2 AND uid_validity = ?3 AND uid = ?4",
            params![cursor.account, cursor.mailbox, cursor.uid_validity, uid],
        )?;
        Ok(())
    }

    /// Drops what was to be asked for again under another UIDVALIDITY, where its UIDs mean nothing now.
    pub(crate) fn drop_stale_retries(&self, cursor: &Cursor) -> Result<(), StoreError> {
        self.0.execute(
            "DELETE FROM retry WHERE account = ?1 AND mailbox = ?2 AND uid_validity <> ?3",
            params![cursor.account, cursor.mailbox, cursor.uid_validity],
        )?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<Retry, StoreError> {
    Ok(Retry {
        uid: row.get("uid")?,
        attempts: row.get("attempts")?,
        error: row.get("error")?,
        waits_since: optional_moment(row, "waits_since")?,
    })
}
