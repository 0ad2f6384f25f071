//! The JSON of the contract (§5): fields may be added, never taken away or renamed.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Value, json};

use super::deadline::steps;
use crate::judge::{Finding, Judgement, Reason};
use crate::objection::{Event, Objection};
use crate::signal::FoundCode;
use crate::store::{Kept, KeptMail, Outcome, UsableCode};

/// What a check saw of an account.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// Its name.
    pub account: String,
    /// Whether it was read to the end.
    pub ok: bool,
    /// What kept it from being so.
    pub error: Option<String>,
    /// Whether that is the configuration.
    #[serde(skip)]
    pub is_misconfigured: bool,
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
        "paused_due_on": o.paused_due_on(now),
        "paused_since": o.paused_since(),
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
        fields.insert("deadline".to_owned(), json!(steps(o, now)));
        fields.insert("events".to_owned(), events.iter().map(event).collect());
        fields.insert("mails".to_owned(), mails.iter().map(mail_in_full).collect());
    }
    value
}

/// Everything recorded: the objections with their mails, then the mails of none, all with their bytes in Base64.
#[must_use]
pub fn everything(objections: &[(Objection, Vec<Event>, Vec<KeptMail>)], others: &[KeptMail], now: Timestamp) -> Value {
    let in_full = |(o, events, mails): &(Objection, Vec<Event>, Vec<KeptMail>)| {
        let mut value = objection_in_full(o, events, &[], now);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("mails".to_owned(), mails.iter().map(raw_mail).collect());
        }
        value
    };
    json!({
        "exported_at": now,
        "exported_by": concat!("tracker ", env!("CARGO_PKG_VERSION")),
        "objections": objections.iter().map(in_full).collect::<Vec<_>>(),
        "other_mails": others.iter().map(raw_mail).collect::<Vec<_>>(),
    })
}

fn raw_mail(kept: &KeptMail) -> Value {
    let mut value = mail_in_full(&kept.kept);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("raw_base64".to_owned(), json!(BASE64_STANDARD.encode(&kept.raw)));
    }
    value
}

/// A kept mail with what each witness said of its sender.
fn mail_in_full(kept: &Kept) -> Value {
    let mut value = mail(kept);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("chain".to_owned(), json!(kept.verdict.chain));
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

/// What `check` and `ingest` did, and the objections whose mail did not come.
#[must_use]
pub fn run(checked_at: Timestamp, accounts: &[Account], mails: &[Kept], missing: &[Objection]) -> Value {
    json!({
        "checked_at": checked_at,
        "accounts": accounts,
        "mails": mails.iter().map(mail).collect::<Vec<_>>(),
        "missing": missing.iter().map(|o| objection(o, checked_at)).collect::<Vec<_>>(),
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
