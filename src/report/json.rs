//! The JSON of the contract (§5): fields may be added, never taken away or renamed.

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Value, json};

use crate::judge::{Finding, Judgement, Reason};
use crate::objection::{Event, Objection};
use crate::signal::FoundCode;
use crate::store::{Kept, Outcome, UsableCode};

/// What a check saw of an account.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// Its name.
    pub account: String,
    /// Whether it was read to the end.
    pub ok: bool,
    /// What kept it from being so.
    pub error: Option<String>,
    /// Its mailboxes.
    pub mailboxes: Vec<Mailbox>,
}

/// What a check saw of a mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Mailbox {
    /// Its name, decoded.
    pub mailbox: String,
    /// Its UIDVALIDITY.
    pub uid_validity: u32,
    /// Up to where it was read.
    pub uid_next: u32,
    /// How many new mails were from the controller.
    pub candidates: usize,
}

/// An objection.
#[must_use]
pub fn objection(o: &Objection, now: Timestamp) -> Value {
    let next = o.next(now);
    json!({
        "id": o.id.0,
        "platform": o.platform.as_str(),
        "email": o.email,
        "country": o.country,
        "label": o.label,
        "state": o.state.as_str(),
        "pending": o.state.is_pending(),
        "submitted_at": o.submitted_at,
        "due_on": o.first_due_on(),
        "extended_due_on": o.extended_due_on(),
        "overdue": o.is_overdue(now),
        "case_number": o.case_numbers.first(),
        "turn": next.turn.as_str(),
        "next": next.action.as_str(),
        "next_on": next.on,
        "code": o.code.map(|code| json!({
            "received_at": code.received_at,
            "expires_at": code.expires_at,
            "used": code.is_used,
        })),
        "updated_at": o.updated_at,
    })
}

/// An objection with its history.
#[must_use]
pub fn objection_in_full(o: &Objection, events: &[Event], mails: &[Kept], now: Timestamp) -> Value {
    let mut value = objection(o, now);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("reason".to_owned(), json!(o.reason));
        fields.insert("form_url".to_owned(), json!(o.form_url));
        fields.insert("events".to_owned(), events.iter().map(event).collect());
        fields.insert("mails".to_owned(), mails.iter().map(mail).collect());
    }
    value
}

fn event(event: &Event) -> Value {
    json!({
        "id": event.id.0,
        "at": event.at,
        "kind": event.kind.as_str(),
        "state": event.state.as_str(),
        "cause": event.cause.as_str(),
        "mail": event.mail,
        "note": event.note,
        "undoes": event.undoes.map(|id| id.0),
    })
}

/// A kept mail.
#[must_use]
pub fn mail(mail: &Kept) -> Value {
    let objection = if let Outcome::Applied(id) = mail.outcome { Some(id.0) } else { None };
    json!({
        "id": mail.id,
        "account": mail.place.account,
        "mailbox": mail.place.mailbox,
        "uid": mail.place.uid,
        "message_id": mail.message_id,
        "from": mail.from,
        "to": mail.to,
        "subject": mail.subject,
        "date": mail.date,
        "received_at": mail.received_at,
        "sha256": mail.sha256,
        "verdict": mail.verdict.result.as_str(),
        "verdict_reason": mail.verdict.reason,
        "method": mail.verdict.method,
        "domain": mail.verdict.domain,
        "selector": mail.verdict.selector,
        "algorithm": mail.verdict.algorithm,
        "verified_at": mail.verdict.verified_at,
        "signal": mail.signal.as_str(),
        "language": mail.language,
        "rule": mail.rule,
        "outcome": mail.outcome.as_str(),
        "held_reason": mail.held_reason.map(Reason::as_str),
        "objection": objection,
        "state_before": mail.states.map(|(before, _)| before.as_str()),
        "state_after": mail.states.map(|(_, after)| after.as_str()),
    })
}

/// What `check` and `ingest` did.
#[must_use]
pub fn run(checked_at: Timestamp, accounts: &[Account], mails: &[Kept]) -> Value {
    json!({
        "checked_at": checked_at,
        "accounts": accounts,
        "mails": mails.iter().map(mail).collect::<Vec<_>>(),
    })
}

/// Why a mail is judged as it is.
#[must_use]
pub fn explanation(j: &Judgement) -> Value {
    let (outcome, held_reason, objection) = match j.finding {
        Finding::Applied(id) => ("applied", None, Some(id.0)),
        Finding::Held(reason) => ("held", Some(reason.as_str()), None),
        Finding::Ignored => ("ignored", None, None),
    };
    let code = match &j.reading.code {
        FoundCode::One(digits, _) => Some(digits.expose_secret()),
        _ => None,
    };
    json!({
        "verdict": {
            "result": j.verdict.result.as_str(),
            "domain": j.verdict.domain,
            "method": j.verdict.method,
            "selector": j.verdict.selector,
            "algorithm": j.verdict.algorithm,
            "verified_at": j.verdict.verified_at,
            "reason": j.verdict.reason,
            "chain": j.verdict.chain,
        },
        "signal": j.reading.signal.as_str(),
        "language": j.reading.language,
        "rule": j.reading.rule,
        "matched": j.reading.matched,
        "code": code,
        "outcome": outcome,
        "held_reason": held_reason,
        "objection": objection,
        "candidates": j.candidates.iter().map(|c| json!({
            "objection": c.objection.0, "fits": c.fits, "why": c.why,
        })).collect::<Vec<_>>(),
    })
}

/// A code to type.
#[must_use]
pub fn code(code: &UsableCode) -> Value {
    json!({
        "objection": code.objection.0,
        "code": code.digits.expose_secret(),
        "received_at": code.received_at,
        "expires_at": code.expires_at,
        "mail": code.mail,
    })
}
