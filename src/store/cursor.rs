//! How far each mailbox was read.

use jiff::Timestamp;
use rusqlite::{Row, named_params, params};

use super::column::moment;
use super::{Records, StoreError};
use crate::objection::ObjectionId;

/// How far a mailbox was read: every mail below `uid_next` that came since `searched_since` was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The account.
    pub account: String,
    /// The mailbox's raw name.
    pub mailbox: String,
    /// The user, the server and whom to believe, as they were configured. Where one of them changes, the mailbox is read
    /// anew.
    pub login: String,
    /// The UIDVALIDITY under which the UIDs count (RFC 3501 §2.3.1.1).
    pub uid_validity: u32,
    /// The smallest UID that was not looked at.
    pub uid_next: u32,
    /// The arrival time from which mail was looked at.
    pub searched_since: Timestamp,
    /// The newest objection that was known then.
    pub objection: ObjectionId,
}

impl Cursor {
    /// Its UIDVALIDITY; `None` where the server gives none, which is recorded as 0.
    pub(crate) fn known_validity(&self) -> Option<u32> {
        (self.uid_validity > 0).then_some(self.uid_validity)
    }
}

impl Records<'_> {
    /// How far a mailbox was read.
    pub(crate) fn cursor(&self, account: &str, mailbox: &str) -> Result<Option<Cursor>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT account, mailbox, login, uid_validity, uid_next, searched_since, objection FROM cursor
             WHERE account = ?1 AND mailbox = ?2",
        )?;
        statement.query_and_then(params![account, mailbox], read)?.next().transpose()
    }

    /// Moves a cursor.
    pub(crate) fn move_cursor(&self, cursor: &Cursor) -> Result<(), StoreError> {
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
}

fn read(row: &Row<'_>) -> Result<Cursor, StoreError> {
    Ok(Cursor {
        account: row.get("account")?,
        mailbox: row.get("mailbox")?,
        login: row.get("login")?,
        uid_validity: row.get("uid_validity")?,
        uid_next: row.get("uid_next")?,
        searched_since: moment(row, "searched_since")?,
        objection: ObjectionId(row.get("objection")?),
    })
}
