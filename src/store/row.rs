//! A kept mail as it stands in the database.

use rusqlite::Row;

use super::mail::{Kept, Outcome, Place};
use super::{StoreError, moment, word};
use crate::objection::{Cause, ObjectionId};
use crate::trust::{Proof, Verdict};

/// What [`kept`] reads, with the newest event of the mail at its objection.
pub(super) const SELECT: &str =
    "SELECT mail.id, account, mailbox, uid_validity, uid, message_id, author, recipients, subject,
    sent_at, received_at, sha256, verdict, verdict_reason, verdict_method, verdict_domain, verdict_selector, signal,
    language, rule, outcome, held_reason, mail.objection, judged_at, event.state_before, event.state, verdict_algorithm,
    verified_at, verdict_chain, event.cause
    FROM mail LEFT JOIN event ON event.id = (SELECT max(id) FROM event WHERE event.mail = mail.id
        AND event.objection = mail.objection)";

/// A row of [`SELECT`].
pub(super) fn kept(row: &Row<'_>) -> Result<Kept, StoreError> {
    let optional = |at: usize| row.get::<_, Option<String>>(at);
    let objection = row.get::<_, Option<i64>>(22)?.map(ObjectionId);
    Ok(Kept {
        id: row.get(0)?,
        place: Place { account: optional(1)?, mailbox: optional(2)?, uid_validity: row.get(3)?, uid: row.get(4)? },
        message_id: optional(5)?,
        from: row.get(6)?,
        to: row.get(7)?,
        subject: row.get(8)?,
        date: row.get::<_, Option<i64>>(9)?.map(moment).transpose()?,
        received_at: moment(row.get(10)?)?,
        sha256: row.get(11)?,
        verdict: Verdict {
            result: word::<Proof>(&row.get::<_, String>(12)?)?,
            reason: row.get(13)?,
            method: optional(14)?,
            domain: optional(15)?,
            selector: optional(16)?,
            algorithm: optional(26)?,
            verified_at: row.get::<_, Option<i64>>(27)?.map(moment).transpose()?,
            chain: row.get::<_, String>(28)?.lines().map(str::to_owned).collect(),
            unreachable: None,
        },
        signal: word(&row.get::<_, String>(17)?)?,
        language: optional(18)?,
        rule: optional(19)?,
        outcome: match (row.get::<_, String>(20)?.as_str(), objection) {
            ("applied", Some(objection)) => Outcome::Applied(objection),
            ("held", _) => Outcome::Held,
            _ => Outcome::Ignored,
        },
        held_reason: optional(21)?.as_deref().map(word).transpose()?,
        judged_at: moment(row.get(23)?)?,
        is_by_hand: optional(29)?.is_some_and(|cause| cause == Cause::User.as_str()),
        states: optional(24)?.as_deref().map(word).transpose()?.zip(optional(25)?.as_deref().map(word).transpose()?),
    })
}
