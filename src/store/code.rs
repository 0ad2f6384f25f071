//! Verification codes: kept until they are of no more use, then without their digits.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Row, params};
use secrecy::{ExposeSecret, SecretString};

use super::column::moment;
use super::{MailId, Records, StoreError};
use crate::objection::{Code, ObjectionId};

/// A code that can be entered.
#[derive(Debug)]
pub struct UsableCode {
    /// The objection that it verifies.
    pub objection: ObjectionId,
    /// What to type.
    pub digits: SecretString,
    /// When its mail arrived.
    pub received_at: Timestamp,
    /// Until when it can be entered.
    pub expires_at: Timestamp,
    /// The mail it came in.
    pub mail: MailId,
}

impl Records<'_> {
    /// Keeps a code that came in a mail; without its digits if it was used already.
    pub(crate) fn keep_code(
        &self,
        objection: ObjectionId,
        mail: MailId,
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
    pub(crate) fn usable_code(
        &self,
        objection: Option<ObjectionId>,
        now: Timestamp,
    ) -> Result<Option<UsableCode>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT objection, digits, received_at, expires_at, mail FROM code
             WHERE digits IS NOT NULL AND expires_at > ?1 AND (?2 IS NULL OR objection = ?2)
             ORDER BY received_at DESC, id DESC LIMIT 1",
        )?;
        statement.query_and_then(params![now.as_second(), objection.map(|id| id.0)], usable)?.next().transpose()
    }

    /// Drops the codes of a mail that no longer belongs to their objection.
    pub(crate) fn drop_codes(&self, mail: MailId) -> Result<(), StoreError> {
        self.0.execute("DELETE FROM code WHERE mail = ?1", [mail])?;
        Ok(())
    }

    /// The mails whose codes of this objection were wiped.
    pub(crate) fn wiped_codes(&self, objection: ObjectionId) -> Result<Vec<MailId>, StoreError> {
        let mut statement =
            self.0.prepare("SELECT mail FROM code WHERE objection = ?1 AND digits IS NULL ORDER BY id")?;
        Ok(statement.query_map([objection.0], |row| row.get("mail"))?.collect::<Result<_, _>>()?)
    }

    /// Puts the digits of a wiped code back, which were read from its mail once more.
    pub(crate) fn restore_code(&self, mail: MailId, digits: &SecretString) -> Result<(), StoreError> {
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
            "SELECT objection, received_at, expires_at, is_assumed, digits IS NULL AS is_used FROM code
             ORDER BY received_at, id",
        )?;
        // A later code takes the place of an earlier one.
        statement.query_and_then([], known)?.collect()
    }
}

fn usable(row: &Row<'_>) -> Result<UsableCode, StoreError> {
    Ok(UsableCode {
        objection: ObjectionId(row.get("objection")?),
        digits: SecretString::from(row.get::<_, String>("digits")?),
        received_at: moment(row, "received_at")?,
        expires_at: moment(row, "expires_at")?,
        mail: row.get("mail")?,
    })
}

fn known(row: &Row<'_>) -> Result<(ObjectionId, Code), StoreError> {
    let code = Code {
        received_at: moment(row, "received_at")?,
        expires_at: moment(row, "expires_at")?,
        is_assumed: row.get("is_assumed")?,
        is_used: row.get("is_used")?,
    };
    Ok((ObjectionId(row.get("objection")?), code))
}
