//! Kept mails found again: by number, as copies of one another, by what was made of them.

use rusqlite::params;

use super::{Kept, KeptMail, MailId, Records, StoreError};
use crate::judge::Reason;
use crate::mail::Mail;
use crate::objection::ObjectionId;

impl Records<'_> {
    /// One kept mail.
    pub(crate) fn mail(&self, id: MailId) -> Result<Option<KeptMail>, StoreError> {
        let Some(kept) = self.one("WHERE mail.id = ?1", params![id])? else { return Ok(None) };
        let raw = self.0.query_row("SELECT raw FROM mail WHERE id = ?1", [id], |row| row.get("raw"))?;
        Ok(Some(KeptMail { kept, raw }))
    }

    /// The kept mail that this one is a copy of. It has the same bytes; or the same Message-ID and what does not change
    /// on the way, for a Message-ID alone would let a forger hide the genuine mail behind a forged one; or it is signed
    /// over the same content as one that was decided on, so that nothing is gained by sending a mail again under another
    /// Message-ID. Of several the one that tells most: applied or held before dismissed, proven before unproven.
    pub(crate) fn find_copy(&self, mail: &Mail) -> Result<Option<Kept>, StoreError> {
        let filter = "WHERE sha256 = ?1 OR (message_id = ?2 AND content_sha256 = ?3) OR (signed_sha256 = ?4
            AND outcome <> 'held') ORDER BY outcome = 'ignored', verdict <> 'authentic', mail.id LIMIT 1";
        self.one(filter, params![mail.sha256, mail.message_id, mail.content_sha256, mail.signed_sha256])
    }

    /// Whether another copy of a kept mail was applied: a mail counts once.
    pub(crate) fn is_applied_elsewhere(&self, id: MailId, mail: &Mail) -> Result<bool, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT 1 FROM mail WHERE id <> ?1 AND outcome = 'applied' AND (sha256 = ?2
                OR (message_id = ?3 AND content_sha256 = ?4) OR signed_sha256 = ?5)",
        )?;
        Ok(statement.exists(params![id, mail.sha256, mail.message_id, mail.content_sha256, mail.signed_sha256])?)
    }

    /// The mails that wait for a person: those whose sender is proven first, then the newest.
    pub(crate) fn held(&self) -> Result<Vec<Kept>, StoreError> {
        let order = "ORDER BY verdict <> 'authentic', received_at DESC, mail.id DESC";
        self.all(&format!("WHERE outcome = 'held' {order}"), params![])
    }

    /// The held mails that another set of objections could release, and that were judged before the newest objection or
    /// correction was recorded.
    pub(crate) fn held_before_newest_objection(&self) -> Result<Vec<Kept>, StoreError> {
        let filter = "WHERE outcome = 'held' AND judged_at <= (SELECT max(recorded_at) FROM event WHERE kind IN ('submitted', 'edited', 'undone'))
            ORDER BY received_at, mail.id";
        let held = self.all(filter, params![])?;
        Ok(held.into_iter().filter(|m| m.held_reason.is_some_and(Reason::is_about_objections)).collect())
    }

    /// The mails that no person has decided about, oldest first.
    pub(crate) fn undecided(&self) -> Result<Vec<Kept>, StoreError> {
        let kept = self.all("WHERE outcome <> 'ignored' ORDER BY received_at, mail.id", params![])?;
        Ok(kept.into_iter().filter(|m| !m.is_by_hand).collect())
    }

    /// Whether any mail's decision counts.
    pub(crate) fn has_decisions(&self) -> Result<bool, StoreError> {
        let decided = "SELECT 1 FROM mail WHERE outcome = 'applied' AND signal IN ('accepted', 'refused')";
        Ok(self.0.prepare_cached(decided)?.exists([])?)
    }

    /// The mails whose decision counts and that no person has decided about, oldest first.
    pub(crate) fn decisions(&self) -> Result<Vec<Kept>, StoreError> {
        let filter = "WHERE outcome = 'applied' AND signal IN ('accepted', 'refused') ORDER BY received_at, mail.id";
        Ok(self.all(filter, params![])?.into_iter().filter(|m| !m.is_by_hand).collect())
    }

    /// The mails of an objection, oldest first.
    pub(crate) fn mails_of(&self, objection: ObjectionId) -> Result<Vec<Kept>, StoreError> {
        self.all("WHERE mail.objection = ?1 ORDER BY received_at, mail.id", params![objection.0])
    }

    /// The mails of no objection, held or dismissed, oldest first.
    pub(crate) fn mails_of_none(&self) -> Result<Vec<Kept>, StoreError> {
        self.all("WHERE mail.objection IS NULL ORDER BY received_at, mail.id", params![])
    }

    /// Those mails with their bytes.
    pub(crate) fn with_bytes(&self, mails: &[Kept]) -> Result<Vec<KeptMail>, StoreError> {
        mails.iter().filter_map(|mail| self.mail(mail.id).transpose()).collect()
    }
}
