//! Erases an objection with its mails (as GDPR Art. 17 would have it), and their bytes in the file.

use std::collections::HashSet;

use rusqlite::params;

use super::{MailId, Records, Store, StoreError};
use crate::mail::Address;
use crate::objection::Objection;

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// How many events.
    pub events: usize,
    /// How many mails.
    pub mails: usize,
}

/// Empties a mail of all that it says, unless it belongs to another objection by now.
const TAKE_AWAY: &str = "UPDATE mail SET raw = x'', author = '', recipients = '', subject = '', message_id = NULL,
    sha256 = '', content_sha256 = '', signed_sha256 = NULL, verdict_reason = '', verdict_chain = '', verdict_method = NULL,
    verdict_domain = NULL, verdict_selector = NULL, verdict_algorithm = NULL, verified_at = NULL, case_numbers = '',
    outcome = 'ignored', objection = NULL
    WHERE id = ?1 AND (objection IS NULL OR objection = ?2)";

/// Deletes a mail that belongs to no objection and that no history refers to.
const DROP: &str = "DELETE FROM mail
    WHERE id = ?1 AND objection IS NULL AND NOT EXISTS (SELECT 1 FROM event WHERE event.mail = ?1)";

impl Records<'_> {
    /// Erases an objection: its events, codes and notices, its mails, and the mails that wait for a person and are
    /// addressed to nobody else who objected.
    pub(crate) fn forget(&self, objection: &Objection) -> Result<Forgotten, StoreError> {
        let id = objection.id;
        let events = self.events(id)?;
        let mut mails: HashSet<MailId> = events.iter().filter_map(|e| e.mail).collect();
        mails.extend(self.mails_of(id)?.iter().map(|mail| mail.id));
        mails.extend(self.waiting_for(objection)?);
        for mail in &mails {
            self.0.execute(TAKE_AWAY, params![mail, id.0])?;
        }
        self.0.execute("DELETE FROM objection WHERE id = ?1", [id.0])?;
        for mail in &mails {
            // A mail that the history of another objection refers to stays, emptied.
            self.0.execute(DROP, [mail])?;
        }
        Ok(Forgotten { events: events.len(), mails: mails.len() })
    }

    /// The mails of no objection that are addressed to this one's address, where no other objection has it.
    fn waiting_for(&self, objection: &Objection) -> Result<Vec<MailId>, StoreError> {
        let is_same = |text: &str| match (Address::parse(text), Address::parse(&objection.email)) {
            (Some(a), Some(b)) => a.is_same(&b),
            _ => false,
        };
        if self.objections()?.iter().any(|other| other.id != objection.id && is_same(&other.email)) {
            return Ok(Vec::new());
        }
        let waiting = self.mails_of_none()?;
        Ok(waiting.iter().filter(|mail| mail.to.split(", ").any(is_same)).map(|mail| mail.id).collect())
    }
}

impl Store {
    /// Removes what was erased from the file too: `secure_delete` has overwritten it, `VACUUM` writes the file anew, and
    /// the write-ahead log is cut off. Returns `false` if another process uses the log, so that traces stay for now.
    pub(crate) fn scrub(&self) -> Result<bool, StoreError> {
        // Without this, VACUUM would write a copy of the record into a temporary file.
        self.connection.execute_batch("PRAGMA temp_store = MEMORY; VACUUM;")?;
        let busy: i64 = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }
}
