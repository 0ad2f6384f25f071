//! The JSON of the contract (§5): fields may be added, never taken away or renamed.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::Recorded;
use super::deadline::steps;
use crate::check::Seen;
use crate::intake::Doubt;
use crate::judge::{Finding, Judgement, Reason};
use crate::objection::law::Rule;
use crate::objection::{Event, Objection, Question, Standing};
use crate::signal::{FoundCode, Signal};
use crate::store::{Kept, KeptMail, Outcome, UsableCode};

/// An objection.
pub(crate) fn objection(s: &Standing<'_>) -> Value {
    let o = s.objection;
    json!({
        "id": o.id.0,
        "platform": o.platform.as_str(),
        "email": o.email,
        "country": o.country,
        "label": o.label,
        "state": o.state.as_str(),
        "pending": o.state.is_pending(),
        "submitted_at": o.submitted_at,
        "due_on": s.first_due_on,
        "extended_due_on": s.extended_due_on,
        "paused_due_on": s.paused_due_on,
        "paused_since": s.paused_since,
        "overdue": s.is_overdue,
        "case_number": o.case_numbers.first(),
        "turn": s.next.turn.as_str(),
        "next": s.next.action.as_str(),
        "next_on": s.next.on,
        "code": o.code.map(|code| json!({
            "received_at": code.received_at,
            "expires_at": code.expires_at,
            "used": code.is_used,
        })),
        "updated_at": o.updated_at,
    })
}

/// An objection with its history.
pub(crate) fn objection_in_full(s: &Standing<'_>, events: &[Event], mails: &[Kept]) -> Value {
    let mut value = objection(s);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("reason".to_owned(), json!(s.objection.reason));
        fields.insert("form_url".to_owned(), json!(s.objection.form_url));
        fields.insert("deadline".to_owned(), json!(steps(s)));
        fields.insert("law".to_owned(), s.rules().map(rule).collect());
        fields.insert("events".to_owned(), events.iter().map(event).collect());
        fields.insert("mails".to_owned(), mails.iter().map(mail_in_full).collect());
    }
    value
}

/// A rule of the law.
fn rule(rule: &Rule) -> Value {
    json!({ "article": rule.article, "since": rule.from, "source": rule.source, "certainty": rule.certainty.as_str() })
}

/// Everything recorded: the objections with their mails, then the mails that belong to no objection, all with their bytes in
/// Base64.
pub(crate) fn everything(objections: &[Recorded<'_>], others: &[KeptMail], now: Timestamp) -> Value {
    let in_full = |recorded: &Recorded<'_>| {
        let mut value = objection_in_full(&recorded.standing, &recorded.events, &[]);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("mails".to_owned(), recorded.mails.iter().map(raw_mail).collect());
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
        "question": event.question.map(Question::as_str),
    })
}

/// A kept mail.
pub(crate) fn mail(mail: &Kept) -> Value {
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
        "suggestion": mail.suggestion.map(Signal::as_str),
        "against": mail.against,
        "state_before": mail.states.map(|(before, _)| before.as_str()),
        "state_after": mail.states.map(|(_, after)| after.as_str()),
    })
}

/// What `check` and `ingest` did, the objections whose mail did not come, and the decisions that would no longer be applied.
pub(crate) fn run(
    checked_at: Timestamp,
    accounts: &[Seen],
    mails: &[Kept],
    missing: &[Objection],
    doubts: &[Doubt],
) -> Value {
    let doubt = |doubt: &Doubt| json!({ "mail": mail(&doubt.mail), "against": doubt.against });
    json!({
        "checked_at": checked_at,
        "accounts": accounts.iter().map(account).collect::<Vec<_>>(),
        "mails": mails.iter().map(mail).collect::<Vec<_>>(),
        "missing": missing.iter().map(|o| objection(&o.at(checked_at))).collect::<Vec<_>>(),
        "doubts": doubts.iter().map(doubt).collect::<Vec<_>>(),
    })
}

/// What a look at an account saw. Its first trouble stands for all.
fn account(seen: &Seen) -> Value {
    let error = seen.troubles.first().map(|trouble| trouble.fault().to_string());
    json!({ "account": seen.account, "ok": seen.is_complete(), "error": error, "mailboxes": seen.mailboxes })
}

/// Why a mail is judged as it is.
pub(crate) fn explanation(j: &Judgement) -> Value {
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
        "suggestion": j.suggestion.map(Signal::as_str),
        "against": j.against,
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
pub(crate) fn code(code: &UsableCode) -> Value {
    json!({
        "objection": code.objection.0,
        "code": code.digits.expose_secret(),
        "received_at": code.received_at,
        "expires_at": code.expires_at,
        "mail": code.mail,
    })
}
