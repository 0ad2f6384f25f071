//! A kept mail: what is known of it, as it stands in the database.

use jiff::Timestamp;
use rusqlite::{Params, Row};
use strum::IntoStaticStr;

use super::column::{moment, optional_moment, optional_word, word};
use super::{Records, StoreError};
use crate::judge::Reason;
use crate::objection::{Cause, ObjectionId, State};
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
    /// The rule that recognised it.
    pub rule: Option<String>,
    /// What was made of it.
    pub outcome: Outcome,
    /// Why it is, or was, held.
    pub held_reason: Option<Reason>,
    /// The state of its objection before and after it.
    pub states: Option<(State, State)>,
    /// When it was judged.
    pub judged_at: Timestamp,
    /// Whether a person decided to which objection it belongs.
    pub is_by_hand: bool,
    /// What a person may take it for, if it is held and its sender is proven.
    pub suggestion: Option<Signal>,
    /// The texts in it that speak against that.
    pub against: Vec<String>,
    /// The objections that it fits.
    pub candidates: Vec<ObjectionId>,
}

/// A kept mail with its bytes.
#[derive(Debug, Clone)]
pub struct KeptMail {
    /// What was recorded about the mail.
    pub kept: Kept,
    /// Its bytes.
    pub raw: Vec<u8>,
}

impl Outcome {
    /// The objection that a mail belongs to.
    pub fn objection(self) -> Option<ObjectionId> {
        if let Self::Applied(id) = self { Some(id) } else { None }
    }

    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Mails, each with the newest event that it was to its objection.
const SELECT: &str =
    "SELECT mail.id AS id, account, mailbox, uid_validity, uid, message_id, author, recipients, subject,
    sent_at, received_at, sha256, verdict, verdict_reason, verdict_method, verdict_domain, verdict_selector,
    verdict_algorithm, verified_at, verdict_chain, signal, language, rule, outcome, held_reason,
    mail.objection AS objection, judged_at, suggestion, against, candidates, event.state_before AS state_before, event.state AS state_after,
    event.cause AS cause
    FROM mail LEFT JOIN event ON event.id = (SELECT max(id) FROM event WHERE event.mail = mail.id
        AND event.objection = mail.objection)";

impl Records<'_> {
    /// The first mail that a filter lets through.
    pub(super) fn one(&self, filter: &str, values: impl Params) -> Result<Option<Kept>, StoreError> {
        let mut statement = self.0.prepare_cached(&format!("{SELECT} {filter}"))?;
        statement.query_and_then(values, kept)?.next().transpose()
    }

    /// The mails that a filter lets through.
    pub(super) fn all(&self, filter: &str, values: impl Params) -> Result<Vec<Kept>, StoreError> {
        let mut statement = self.0.prepare_cached(&format!("{SELECT} {filter}"))?;
        statement.query_and_then(values, kept)?.collect()
    }
}

/// A row of [`SELECT`].
fn kept(row: &Row<'_>) -> Result<Kept, StoreError> {
    let states = optional_word(row, "state_before")?.zip(optional_word(row, "state_after")?);
    Ok(Kept {
        id: row.get("id")?,
        place: place(row)?,
        message_id: row.get("message_id")?,
        from: row.get("author")?,
        to: row.get("recipients")?,
        subject: row.get("subject")?,
        date: optional_moment(row, "sent_at")?,
        received_at: moment(row, "received_at")?,
        sha256: row.get("sha256")?,
        verdict: verdict(row)?,
        signal: word(row, "signal")?,
        language: row.get("language")?,
        rule: row.get("rule")?,
        outcome: outcome(row)?,
        held_reason: optional_word(row, "held_reason")?,
        states,
        judged_at: moment(row, "judged_at")?,
        is_by_hand: optional_word(row, "cause")? == Some(Cause::User),
        suggestion: optional_word(row, "suggestion")?,
        against: row.get::<_, String>("against")?.lines().map(str::to_owned).collect(),
        candidates: numbers(&row.get::<_, String>("candidates")?),
    })
}

fn place(row: &Row<'_>) -> Result<Place, StoreError> {
    Ok(Place {
        account: row.get("account")?,
        mailbox: row.get("mailbox")?,
        uid_validity: row.get("uid_validity")?,
        uid: row.get("uid")?,
    })
}

fn verdict(row: &Row<'_>) -> Result<Verdict, StoreError> {
    Ok(Verdict {
        result: word(row, "verdict")?,
        reason: row.get("verdict_reason")?,
        method: row.get("verdict_method")?,
        domain: row.get("verdict_domain")?,
        selector: row.get("verdict_selector")?,
        algorithm: row.get("verdict_algorithm")?,
        verified_at: optional_moment(row, "verified_at")?,
        chain: row.get::<_, String>("verdict_chain")?.lines().map(str::to_owned).collect(),
        unreachable: None,
    })
}

/// Numbers of objections, as they are written with blanks between them.
pub(super) fn numbers(text: &str) -> Vec<ObjectionId> {
    text.split(' ').filter_map(|number| number.parse().ok()).map(ObjectionId).collect()
}

fn outcome(row: &Row<'_>) -> Result<Outcome, StoreError> {
    let objection: Option<i64> = row.get("objection")?;
    Ok(match (row.get::<_, String>("outcome")?.as_str(), objection) {
        ("applied", Some(id)) => Outcome::Applied(ObjectionId(id)),
        ("held", _) => Outcome::Held,
        _ => Outcome::Ignored,
    })
}
