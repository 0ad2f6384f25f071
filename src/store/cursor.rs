//! How far each mailbox was read, what it would not give, and when an account was last read to the end.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{Records, StoreError, moment};
use crate::objection::ObjectionId;

/// How far a mailbox was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The account.
    pub account: String,
    /// The mailbox's raw name.
    pub mailbox: String,
    /// Whose mailbox on which server, and whom to believe: an account whose configuration changes is another.
    pub login: String,
    /// The UIDVALIDITY under which the UIDs count (RFC 3501 §2.3.1.1).
    pub uid_validity: u32,
    /// Every mail with a smaller UID was looked at.
    pub uid_next: u32,
    /// ... if it came since then.
    pub searched_since: Timestamp,
    /// The newest objection that was known.
    pub objection: ObjectionId,
}

/// A mail that the server would not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Its UID.
    pub uid: u32,
    /// How often it was asked for.
    pub attempts: u32,
    /// Why it could not be had the last time.
    pub error: String,
    /// Since when it waits for DNS, if it is for want of that that it was put back.
    pub waits_since: Option<Timestamp>,
}

impl Records<'_> {
    /// How far a mailbox was read.
    ///
    /// # Errors
    /// SQLite's.
    pub fn cursor(&self, account: &str, mailbox: &str) -> Result<Option<Cursor>, StoreError> {
        let row = self
            .0
            .query_row(
                "SELECT account, mailbox, login, uid_validity, uid_next, searched_since, objection FROM cursor
                 WHERE account = ?1 AND mailbox = ?2",
                params![account, mailbox],
                |row| Ok(read(row)),
            )
            .optional()?;
        row.transpose()
    }

    /// Moves a cursor.
    ///
    /// # Errors
    /// SQLite's.
    pub fn move_cursor(&self, cursor: &Cursor) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO cursor (account, mailbox, login, uid_validity, uid_next, searched_since, objection)
             VALUES (:account, :mailbox, :login, :uid_validity, :uid_next, :since, :objection)
             ON CONFLICT (account, mailbox) DO UPDATE SET login = :login, uid_validity = :uid_validity,
             uid_next = :uid_next, searched_since = :since, objection = :objection",
            named_params! {
                ":account": cursor.account, ":mailbox": cursor.mailbox, ":login": cursor.login,
                ":uid_validity": cursor.uid_validity, ":uid_next": cursor.uid_next,
                ":since": cursor.searched_since.as_second(), ":objection": cursor.objection.0,
            },
        )?;
        Ok(())
    }

    /// The mails that a mailbox would not give, those that were asked for least first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn retries(&self, cursor: &Cursor) -> Result<Vec<Retry>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT uid, attempts, error, waits_since FROM retry WHERE account = ?1 AND mailbox = ?2 AND uid_validity = ?3
             ORDER BY attempts, uid",
        )?;
        let rows = statement.query_map(params![cursor.account, cursor.mailbox, cursor.uid_validity], |row| {
            let (uid, attempts, error) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let waits_since = row.get::<_, Option<i64>>(3)?.map(moment).transpose();
            Ok(waits_since.map(|waits_since| Retry { uid, attempts, error, waits_since }))
        })?;
        rows.map(|row| row?).collect()
    }

    /// Puts a mail back that waits for DNS since a moment.
    ///
    /// # Errors
    /// SQLite's.
    pub fn wait_for_dns(&self, cursor: &Cursor, uid: u32, why: &str, since: Timestamp) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO retry (account, mailbox, uid_validity, uid, attempts, error, waits_since)
             VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)
             ON CONFLICT DO UPDATE SET error = excluded.error, waits_since = excluded.waits_since",
            params![cursor.account, cursor.mailbox, cursor.uid_validity, uid, why, since.as_second()],
        )?;
        Ok(())
    }

    /// Notes that a mail was not to be had, once more.
    ///
    /// # Errors
    /// SQLite's.
    pub fn retry_later(&self, cursor: &Cursor, uid: u32, error: &str) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO retry (account, mailbox, uid_validity, uid, attempts, error) VALUES (?1, ?2, ?3, ?4, 1, ?5)
             ON CONFLICT DO UPDATE SET attempts = attempts + 1, error = excluded.error",
            params![cursor.account, cursor.mailbox, cursor.uid_validity, uid, error],
        )?;
        Ok(())
    }

    /// Notes that a mail needs no more asking for.
    ///
    /// # Errors
    /// SQLite's.
    pub fn retried(&self, cursor: &Cursor, uid: u32) -> Result<(), StoreError> {
        self.0.execute(
            "DELETE FROM retry WHERE account = ?1 AND mailbox = ?2 AND uid_validity = ?3 AND uid = ?4",
            params![cursor.account, cursor.mailbox, cursor.uid_validity, uid],
        )?;
        Ok(())
    }

    /// Forgets what was to be asked for again under another UIDVALIDITY.
    ///
    /// # Errors
    /// SQLite's.
    pub fn forget_other_retries(&self, cursor: &Cursor) -> Result<(), StoreError> {
        self.0.execute(
            "DELETE FROM retry WHERE account = ?1 AND mailbox = ?2 AND uid_validity <> ?3",
            params![cursor.account, cursor.mailbox, cursor.uid_validity],
        )?;
        Ok(())
    }

    /// Notes that an account was read to the end.
    ///
    /// # Errors
    /// SQLite's.
    pub fn checked(&self, account: &str, now: Timestamp) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO account (name, checked_at) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at, unfinished_since = NULL",
            params![account, now.as_second()],
        )?;
        Ok(())
    }

    /// Notes that the server refused an account's login.
    ///
    /// # Errors
    /// SQLite's.
    pub fn refused(&self, account: &str) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO account (name, refusals) VALUES (?1, 1) ON CONFLICT DO UPDATE SET refusals = refusals + 1",
            [account],
        )?;
        Ok(())
    }

    /// Notes that the server accepted an account's login.
    ///
    /// # Errors
    /// SQLite's.
    pub fn admitted(&self, account: &str) -> Result<(), StoreError> {
        self.0.execute("UPDATE account SET refusals = 0 WHERE name = ?1 AND refusals > 0", [account])?;
        Ok(())
    }

    /// How often in a row the server refused an account's login.
    ///
    /// # Errors
    /// SQLite's.
    pub fn refusals(&self, account: &str) -> Result<u32, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT refusals FROM account WHERE name = ?1")?;
        Ok(statement.query_row([account], |row| row.get(0)).optional()?.unwrap_or(0))
    }

    /// Notes that a check looks at mail since a moment, and has decided something before its end.
    ///
    /// # Errors
    /// SQLite's.
    pub fn unfinish(&self, account: &str, since: Timestamp) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO account (name, unfinished_since) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET unfinished_since = coalesce(min(unfinished_since, ?2), ?2)",
            params![account, since.as_second()],
        )?;
        Ok(())
    }

    /// Since when a check looked at mail that decided something and did not come to its end.
    ///
    /// # Errors
    /// SQLite's.
    pub fn unfinished(&self, account: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT unfinished_since FROM account WHERE name = ?1")?;
        let since = statement.query_row([account], |row| row.get::<_, Option<i64>>(0)).optional()?;
        since.flatten().map(moment).transpose()
    }

    /// When an account was last read to the end.
    ///
    /// # Errors
    /// SQLite's.
    pub fn last_check(&self, account: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT checked_at FROM account WHERE name = ?1")?;
        let at: Option<Option<i64>> = statement.query_row([account], |row| row.get(0)).optional()?;
        at.flatten().map(moment).transpose()
    }
}

fn read(row: &Row<'_>) -> Result<Cursor, StoreError> {
    Ok(Cursor {
        account: row.get(0)?,
        mailbox: row.get(1)?,
        login: row.get(2)?,
        uid_validity: row.get(3)?,
        uid_next: row.get(4)?,
        searched_since: moment(row.get(5)?)?,
        objection: ObjectionId(row.get(6)?),
    })
}
