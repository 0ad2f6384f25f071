//! Mails that were applied or held, as they came, with what was made of them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, named_params, params};
use strum::IntoStaticStr;

use super::row::{self, SELECT};
use super::{Records, StoreError};
use crate::judge::{Finding, Judgement, Reason};
use crate::mail::Mail;
use crate::objection::{ObjectionId, State};
use crate::signal::Signal;
use crate::trust::Verdict;

/// The number of a kept mail.
pub type MailId = i64;

/// Where a mail was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The account, if it has one.
    pub account: Option<String>,
    /// The mailbox's raw name.
    pub mailbox: Option<String>,
    /// The mailbox's UIDVALIDITY.
    pub uid_validity: Option<u32>,
    /// Its UID there.
    pub uid: Option<u32>,
}

/// A mail to be kept.
pub struct NewMail<'a> {
    /// Where it was found.
    pub place: &'a Place,
    /// Its bytes.
    pub raw: &'a [u8],
    /// What was read out of them.
    pub mail: &'a Mail,
    /// When the account's server took it in.
    pub received_at: Timestamp,
    /// What it was judged to be.
    pub judgement: &'a Judgement,
    /// When it was judged.
    pub judged_at: Timestamp,
}

/// What is to be done, or was done, about a kept mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// It belongs to this objection.
    Applied(ObjectionId),
    /// A person must judge it.
    Held,
    /// A person dismissed it.
    Ignored,
}

/// A kept mail, without its bytes.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its number.
    pub id: MailId,
    /// Where it was found.
    pub place: Place,
    /// Its Message-ID.
    pub message_id: Option<String>,
    /// Its From header, decoded.
    pub from: String,
    /// Its recipients.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its Date header.
    pub date: Option<Timestamp>,
    /// When the account's server took it in.
    pub received_at: Timestamp,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Who really sent it.
    pub verdict: Verdict,
    /// What it says.
    pub signal: Signal,
    /// The language it says it in.
    pub language: Option<String>,
    /// The rule that told.
    pub rule: Option<String>,
    /// What was made of it.
    pub outcome: Outcome,
    /// Why it is, or was, held.
    pub held_reason: Option<Reason>,
    /// The state of its objection before and after it.
    pub states: Option<(State, State)>,
    /// When it was judged.
    pub judged_at: Timestamp,
    /// Whether a person decided to what it belongs.
    pub is_by_hand: bool,
}

/// A kept mail with its bytes.
#[derive(Debug, Clone)]
pub struct KeptMail {
    /// What is known of it.
    pub kept: Kept,
    /// Its bytes.
    pub raw: Vec<u8>,
}

impl Records<'_> {
    /// Keeps a mail, of which the user is to be told.
    ///
    /// # Errors
    /// SQLite's.
    pub fn keep(&self, new: &NewMail<'_>) -> Result<MailId, StoreError> {
        self.0.execute(
            "INSERT INTO mail (account, mailbox, uid_validity, uid, message_id, author, recipients, subject, sent_at,
                received_at, raw, sha256, content_sha256, signed_sha256, verdict, verdict_reason, signal, case_numbers, outcome,
                held_reason, judged_at)
             VALUES (:account, :mailbox, :uid_validity, :uid, :message_id, :author, :recipients, :subject, :sent_at,
                :received_at, :raw, :sha256, :content_sha256, :signed_sha256, 'unverified', '', 'none', '', 'ignored', NULL, 0)",
            named_params! {
                ":account": new.place.account, ":mailbox": new.place.mailbox,
                ":uid_validity": new.place.uid_validity, ":uid": new.place.uid, ":message_id": new.mail.message_id,
                ":author": new.mail.from, ":recipients": recipients(new.mail), ":subject": new.mail.subject,
                ":sent_at": new.mail.date.map(Timestamp::as_second), ":received_at": new.received_at.as_second(),
                ":raw": new.raw, ":sha256": new.mail.sha256, ":content_sha256": new.mail.content_sha256,
                ":signed_sha256": new.mail.signed_sha256,
            },
        )?;
        let id = self.0.last_insert_rowid();
        self.judged(id, new.judgement, new.judged_at)?;
        self.tell_of(id)?;
        Ok(id)
    }

    /// Writes down what a kept mail was judged to be.
    ///
    /// # Errors
    /// SQLite's.
    pub fn judged(&self, id: MailId, judgement: &Judgement, now: Timestamp) -> Result<(), StoreError> {
        let verdict = &judgement.verdict;
        let (outcome, reason, objection) = match judgement.finding {
            Finding::Applied(objection) => (Outcome::Applied(objection), None, Some(objection.0)),
            Finding::Held(reason) => (Outcome::Held, Some(reason.as_str()), None),
            Finding::Ignored => (Outcome::Ignored, None, None),
        };
        self.0.execute(
            "UPDATE mail SET verdict = :verdict, verdict_reason = :reason, verdict_method = :method,
                verdict_domain = :domain, verdict_selector = :selector, verdict_algorithm = :algorithm,
                verified_at = :verified, verdict_chain = :chain, signal = :signal, language = :language,
                rule = :rule, case_numbers = :cases, outcome = :outcome, held_reason = :held, objection = :objection,
                judged_at = :now WHERE id = :id",
            named_params! {
                ":id": id, ":verdict": verdict.result.as_str(), ":reason": verdict.reason, ":method": verdict.method,
                ":domain": verdict.domain, ":selector": verdict.selector, ":algorithm": verdict.algorithm,
                ":verified": verdict.verified_at.map(Timestamp::as_second), ":chain": verdict.chain.join("\n"),
                ":signal": judgement.reading.signal.as_str(), ":language": judgement.reading.language,
                ":rule": judgement.reading.rule, ":cases": judgement.case_numbers.join(" "),
                ":outcome": outcome.as_str(), ":held": reason, ":objection": objection, ":now": now.as_second(),
            },
        )?;
        Ok(())
    }

    /// Writes down what a person decided about a held mail, or that the decision was taken back.
    ///
    /// # Errors
    /// SQLite's.
    pub fn decide(&self, id: MailId, outcome: Outcome) -> Result<(), StoreError> {
        self.0.execute(
            "UPDATE mail SET outcome = ?2, objection = ?3 WHERE id = ?1",
            params![id, outcome.as_str(), outcome.objection().map(|id| id.0)],
        )?;
        // Nobody need be told of what they decided.
        self.told_of(id)
    }

    /// The kept mail that this one is a copy of: by its bytes, by its Message-ID and what does not change on the way, or
    /// by what is signed once that was decided on, so that nothing is gained by sending a mail on under another
    /// Message-ID. A Message-ID alone would let a forger hide the genuine mail behind a forged one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn known(&self, mail: &Mail) -> Result<Option<Kept>, StoreError> {
        let filter = "WHERE sha256 = ?1 OR (message_id = ?2 AND content_sha256 = ?3) OR (signed_sha256 = ?4
            AND outcome <> 'held') ORDER BY outcome = 'ignored', mail.id LIMIT 1";
        self.one(filter, params![mail.sha256, mail.message_id, mail.content_sha256, mail.signed_sha256])
    }

    /// Whether another copy of a kept mail was applied: a mail counts once.
    ///
    /// # Errors
    /// SQLite's.
    pub fn is_applied_elsewhere(&self, id: MailId, mail: &Mail) -> Result<bool, StoreError> {
        let found = self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM mail WHERE id <> ?1 AND outcome = 'applied' AND (sha256 = ?2
                OR (message_id = ?3 AND content_sha256 = ?4) OR signed_sha256 = ?5))",
            params![id, mail.sha256, mail.message_id, mail.content_sha256, mail.signed_sha256],
            |row| row.get(0),
        )?;
        Ok(found)
    }

    /// One kept mail.
    ///
    /// # Errors
    /// SQLite's.
    pub fn mail(&self, id: MailId) -> Result<Option<KeptMail>, StoreError> {
        let Some(kept) = self.one("WHERE mail.id = ?1", params![id])? else { return Ok(None) };
        let raw = self.0.query_row("SELECT raw FROM mail WHERE id = ?1", [id], |row| row.get(0))?;
        Ok(Some(KeptMail { kept, raw }))
    }

    /// The mails that wait for a person, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn held(&self) -> Result<Vec<Kept>, StoreError> {
        self.all("WHERE outcome = 'held' ORDER BY received_at, mail.id", params![])
    }

    /// The mails that no person has decided about, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn undecided(&self) -> Result<Vec<Kept>, StoreError> {
        let kept = self.all("WHERE outcome <> 'ignored' ORDER BY received_at, mail.id", params![])?;
        Ok(kept.into_iter().filter(|m| !m.is_by_hand).collect())
    }

    /// The mails of an objection, oldest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn mails_of(&self, objection: ObjectionId) -> Result<Vec<Kept>, StoreError> {
        self.all("WHERE mail.objection = ?1 ORDER BY received_at, mail.id", params![objection.0])
    }

    /// The held mails that were judged before the newest objection was recorded.
    ///
    /// # Errors
    /// SQLite's.
    pub fn held_before_newest_objection(&self) -> Result<Vec<Kept>, StoreError> {
        let filter = "WHERE outcome = 'held' AND judged_at <= (SELECT max(recorded_at) FROM objection)
            ORDER BY received_at, mail.id";
        let held = self.all(filter, params![])?;
        Ok(held.into_iter().filter(|m| m.held_reason.is_some_and(Reason::is_about_objections)).collect())
    }

    fn one(&self, filter: &str, values: impl rusqlite::Params) -> Result<Option<Kept>, StoreError> {
        self.0.query_row(&format!("{SELECT} {filter}"), values, |row| Ok(row::kept(row))).optional()?.transpose()
    }

    pub(super) fn all(&self, filter: &str, values: impl rusqlite::Params) -> Result<Vec<Kept>, StoreError> {
        let mut statement = self.0.prepare_cached(&format!("{SELECT} {filter}"))?;
        statement.query_map(values, |row| Ok(row::kept(row)))?.map(|mail| mail?).collect()
    }
}

impl Outcome {
    /// The objection that a mail belongs to.
    #[must_use]
    pub fn objection(self) -> Option<ObjectionId> {
        if let Self::Applied(id) = self { Some(id) } else { None }
    }

    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

fn recipients(mail: &Mail) -> String {
    let all = if mail.recipients.is_empty() { &mail.delivered_to } else { &mail.recipients };
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
