//! Keeps the record small whoever floods it: of forged mail beyond a measure, and of mail dismissed long ago, the header
//! and the hash stay.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{named_params, params};

use super::{MailId, NewMail, Records, StoreError};
use crate::judge::{Finding, Reason};
use crate::mail::header_block;

/// So many forged mails of an account are kept whole a day.
const MAX_FORGED: i64 = 200;
/// So many bytes of them.
const MAX_FORGED_BYTES: i64 = 20 * 1024 * 1024;
const DAY: i64 = 24 * 60 * 60;
/// So long after it was dismissed a mail is kept whole.
const DISMISSED: SignedDuration = SignedDuration::from_hours(24 * 90);

impl Records<'_> {
    /// The bytes of a mail that are kept.
    pub(super) fn bytes_to_keep<'a>(&self, new: &NewMail<'a>) -> Result<&'a [u8], StoreError> {
        if new.judgement.finding != Finding::Held(Reason::SenderFailed) {
            return Ok(new.raw);
        }
        let at = new.judged_at.as_second();
        // No more rows than the measure are looked at, however many there are.
        let (count, size): (i64, i64) = self
            .0
            .prepare_cached(
                "SELECT count(*) AS count, coalesce(sum(size), 0) AS size FROM (SELECT length(raw) AS size FROM mail
                 WHERE held_reason = 'sender_failed' AND account IS :account AND judged_at >= :from AND judged_at < :to
                 LIMIT :most)",
            )?
            .query_row(
                named_params! {
                    ":account": new.place.account, ":from": at.saturating_sub(at.rem_euclid(DAY)),
                    ":to": at.saturating_sub(at.rem_euclid(DAY)).saturating_add(DAY), ":most": MAX_FORGED,
                },
                |row| Ok((row.get("count")?, row.get("size")?)),
            )?;
        let is_much = count >= MAX_FORGED || size >= MAX_FORGED_BYTES;
        Ok(if is_much { header_block(new.raw) } else { new.raw })
    }

    /// Lets the bodies of mails go that were dismissed long ago.
    pub(crate) fn drop_old_bodies(&self, now: Timestamp) -> Result<(), StoreError> {
        let until = now.saturating_sub(DISMISSED).unwrap_or(now).as_second();
        let mut statement = self.0.prepare_cached(
            "SELECT id, raw FROM mail WHERE outcome = 'ignored' AND dismissed_at < ?1 AND length(raw) > 0",
        )?;
        let old: Vec<(MailId, Vec<u8>)> =
            statement.query_map([until], |row| Ok((row.get("id")?, row.get("raw")?)))?.collect::<Result<_, _>>()?;
        for (id, raw) in old {
            // Done once: the day is not looked at again.
            let update = "UPDATE mail SET raw = ?2, dismissed_at = NULL WHERE id = ?1";
            self.0.execute(update, params![id, header_block(&raw)])?;
        }
        Ok(())
    }
}
