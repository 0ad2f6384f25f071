//! Verification codes, and their end.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use secrecy::{ExposeSecret, SecretString};

use super::{Records, StoreError, moment};
use crate::objection::{Code, ObjectionId};

/// A code that can be entered.
#[derive(Debug)]
pub struct UsableCode {
    /// Whose.
    pub objection: ObjectionId,
    /// What to type.
    pub digits: SecretString,
    /// When its mail arrived.
    pub received_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// The mail it came in.
    pub mail: i64,
}

impl Records<'_> {
    /// Keeps a code that came in a mail.
    ///
    /// # Errors
    /// SQLite's.
    pub fn keep_code(
        &self,
        objection: ObjectionId,
        mail: i64,
        digits: &SecretString,
        code: Code,
    ) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO code (objection, mail, digits, received_at, expires_at, is_assumed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                objection.0,
                mail,
                (!code.is_used).then(|| digits.expose_secret()),
                code.received_at.as_second(),
                code.expires_at.as_second(),
                code.is_assumed
            ],
        )?;
        Ok(())
    }

    /// The newest code that can still be entered, of one objection or of all.
    ///
    /// # Errors
    /// SQLite's.
    pub fn usable_code(
        &self,
        objection: Option<ObjectionId>,
        now: Timestamp,
    ) -> Result<Option<UsableCode>, StoreError> {
        let row = self
            .0
            .query_row(
                "SELECT objection, digits, received_at, expires_at, mail FROM code
                 WHERE digits IS NOT NULL AND expires_at > ?1 AND (?2 IS NULL OR objection = ?2)
                 ORDER BY received_at DESC, id DESC LIMIT 1",
                params![now.as_second(), objection.map(|id| id.0)],
                |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
            )
            .optional()?;
        row.map(|(id, digits, received, expires, mail)| {
            Ok(UsableCode {
                objection: ObjectionId(id),
                digits: SecretString::from(digits),
                received_at: moment(received)?,
                expires_at: moment(expires)?,
                mail,
            })
        })
        .transpose()
    }

    /// Forgets the codes of an objection that came in one mail, which no longer belongs to it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn drop_codes(&self, mail: i64) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM code WHERE mail = ?1", [mail])?;
        Ok(())
    }

    /// The mails whose codes of this objection were wiped.
    ///
    /// # Errors
    /// SQLite's.
    pub fn wiped_codes(&self, objection: ObjectionId) -> Result<Vec<i64>, StoreError> {
        let mut statement =
            self.0.prepare("SELECT mail FROM code WHERE objection = ?1 AND digits IS NULL ORDER BY id")?;
        Ok(statement.query_map([objection.0], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Puts the digits of a wiped code back, read from its mail once more.
    ///
    /// # Errors
    /// SQLite's.
    pub fn restore_code(&self, mail: i64, digits: &SecretString) -> Result<(), StoreError> {
        self.0.execute("UPDATE code SET digits = ?2 WHERE mail = ?1", params![mail, digits.expose_secret()])?;
        Ok(())
    }

    /// Wipes the digits of an objection's codes.
    pub(super) fn wipe_codes(&self, objection: ObjectionId) -> Result<(), StoreError> {
        self.0.execute("UPDATE code SET digits = NULL WHERE objection = ?1", [objection.0])?;
        Ok(())
    }

    /// The newest code of each objection.
    pub(super) fn codes(&self) -> Result<HashMap<ObjectionId, Code>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT objection, received_at, expires_at, is_assumed, digits IS NULL FROM code ORDER BY received_at, id",
        )?;
        let mut codes = HashMap::new();
        let mut rows = statement.query(params![])?;
        while let Some(row) = rows.next()? {
            let code = Code {
                received_at: moment(row.get(1)?)?,
                expires_at: moment(row.get(2)?)?,
                is_assumed: row.get(3)?,
                is_used: row.get(4)?,
            };
            codes.insert(ObjectionId(row.get(0)?), code);
        }
        Ok(codes)
    }
}
