//! One objection, one mail or one judgement at length, for a person.

use std::fmt::Write;

use secrecy::ExposeSecret;

use super::deadline::steps;
use super::line;
use super::words::{meaning, next, when};
use crate::judge::{Finding, Judgement};
use crate::mail::text::printable;
use crate::mail::{Address, Mail};
use crate::objection::{Cause, Event, Kind, Objection, Standing};
use crate::signal::FoundCode;
use crate::store::{Kept, Outcome};
use crate::trust::Proof;

/// An objection with its history and what to do next.
#[must_use]
pub fn objection(s: &Standing<'_>, events: &[Event], mails: &[Kept]) -> String {
    let mut out = facts(s);
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = write!(out, "\n{title}\n{}\n", lines.join("\n"));
        }
    };
    list("Deadline", steps(s).iter().map(|step| format!("  {step}")).collect());
    list("Timeline", events.iter().map(|event| format!("  {}", event_line(event, events))).collect());
    list("Mails", mails.iter().map(mail_lines).collect());
    out
}

fn facts(s: &Standing<'_>) -> String {
    let o = s.objection;
    let mut out = String::new();
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(out, "{name:<12} {value}");
    };
    fact("Objection", &format!("{} about {}, for {}", o.id, o.platform, line(&o.email)));
    let optional = [("Label", &o.label), ("Country", &o.country), ("Form", &o.form_url), ("Reason", &o.reason)];
    for (name, value) in optional.into_iter().filter_map(|(name, value)| value.as_ref().map(|v| (name, v))) {
        fact(name, &line(value));
    }
    if !o.case_numbers.is_empty() {
        fact("Case", &line(&o.case_numbers.join(", ")));
    }
    fact("Submitted", &when(o.submitted_at));
    fact("State", o.state.as_str());
    let overdue = if s.is_overdue { ", overdue" } else { "" };
    let extended = if o.is_extended { format!(", extended from {}", s.first_due_on) } else { String::new() };
    let paused = s.paused_due_on.map(|day| format!(", or {day} if the time stood still")).unwrap_or_default();
    fact("Answer due", &format!("{}{paused}{extended}{overdue}", s.due_on));
    fact("Next", &next(s));
    out
}

fn mail_lines(mail: &Kept) -> String {
    let (from, subject) = (line(&mail.from), line(&mail.subject));
    let rule = line(mail.rule.as_deref().unwrap_or("none"));
    format!(
        "  {:>3}  {}  {from}  \"{subject}\"\n       {}: {}\n       {} by rule {rule}; sha256 {}",
        mail.id,
        when(mail.received_at),
        mail.verdict.result.as_str(),
        line(&mail.verdict.reason),
        mail.signal,
        mail.sha256
    )
}

fn event_line(event: &Event, all: &[Event]) -> String {
    let what = match (event.kind, event.undoes.and_then(|id| all.iter().find(|e| e.id == id))) {
        (Kind::Undone, Some(undone)) => format!("took back `{}` of {}", undone.kind, when(undone.at)),
        (kind, _) => kind.to_string(),
    };
    let cause = match (event.cause, event.mail) {
        (Cause::Mail, Some(mail)) => format!("mail {mail}"),
        (Cause::User, Some(mail)) => format!("you, on mail {mail}"),
        (Cause::User, None) => "you".to_owned(),
        (Cause::Mail, None) => "mail".to_owned(),
    };
    let note = event.note.as_ref().map(|note| format!(": {}", line(note))).unwrap_or_default();
    format!("{}  {what:<18} → {:<13} ({cause}){note}", when(event.at), event.state.as_str())
}

/// A kept mail, safe to look at: no control characters, its text as a reader sees it.
#[must_use]
pub fn kept_mail(kept: &Kept, mail: Option<&Mail>, objections: &[Objection]) -> String {
    let mut out = String::new();
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(out, "{name:<12} {value}");
    };
    fact("Mail", &kept.id.to_string());
    fact("From", &line(&kept.from));
    fact("To", &line(&kept.to));
    fact("Subject", &line(&kept.subject));
    fact("Date", &kept.date.map_or_else(|| "none".to_owned(), when));
    fact("Arrived", &when(kept.received_at));
    let place = [&kept.place.account, &kept.place.mailbox].into_iter().flatten().map(|p| line(p)).collect::<Vec<_>>();
    fact("Found in", &if place.is_empty() { "a file".to_owned() } else { place.join(", ") });
    fact("Sender", &format!("{}: {}", kept.verdict.result.as_str(), line(&kept.verdict.reason)));
    fact("Says", &format!("{} by rule {}", kept.signal, line(kept.rule.as_deref().unwrap_or("none"))));
    let held = kept.held_reason.map(|reason| format!("{reason}: {}", meaning(reason)));
    match (kept.outcome, held) {
        (Outcome::Applied(id), _) => fact("Outcome", &format!("applied to objection {id}")),
        (Outcome::Held, held) => fact("Held as", &held.unwrap_or_default()),
        (Outcome::Ignored, held) => fact("Dismissed", &held.unwrap_or_default()),
    }
    fact("SHA-256", &kept.sha256);
    let text = mail.and_then(|m| m.views.first());
    let _ = write!(out, "\n{}\n", text.map_or("(no readable text)".to_owned(), |text| readable(text)));
    if kept.outcome == Outcome::Held {
        let is_for = |objection: &&Objection| {
            let is_to = |address| mail.is_some_and(|mail| mail.recipients.iter().any(|to| to.is_same(&address)));
            // What nobody proved is not made easy to apply.
            kept.verdict.result == Proof::Authentic
                && objection.state.is_pending()
                && Address::parse(&objection.email).is_some_and(is_to)
        };
        let fits: Vec<String> = objections.iter().filter(is_for).map(|objection| objection.id.to_string()).collect();
        let objection = if let [only] = fits.as_slice() { only } else { "ID" };
        let (signal, choice) = match kept.signal.event() {
            Some(_) => ("", ""),
            None => (
                " --as SIGNAL",
                "\n                             SIGNAL is what it says: accepted, refused, acknowledged, needs_info, verification_code",
            ),
        };
        let _ = write!(
            out,
            "\nIf it answers an objection:  tracker held apply {id} --objection {objection}{signal}{choice}\n\
             If it means nothing:         tracker held dismiss {id}\n",
            id = kept.id
        );
        if fits.len() > 1 {
            let _ = writeln!(out, "Pending for its recipient:   {}", fits.join(", "));
        }
    }
    out
}

/// A mail's text for a terminal: runs of blank lines closed up.
fn readable(text: &str) -> String {
    let mut out = String::new();
    let mut blank = true;
    for row in printable(text, true).lines().map(str::trim) {
        if !(blank && row.is_empty()) {
            out.push_str("  ");
            out.push_str(row);
            out.push('\n');
        }
        blank = row.is_empty();
    }
    out.trim_end().to_owned()
}

/// The whole chain of a judgement.
#[must_use]
pub fn explanation(mail: &Mail, j: &Judgement) -> String {
    let mut out = String::new();
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(out, "{name:<12} {value}");
    };
    fact("From", &line(&mail.from));
    fact("Subject", &line(&mail.subject));
    fact("Sender", &format!("{}: {}", j.verdict.result.as_str(), line(&j.verdict.reason)));
    for witness in &j.verdict.chain {
        fact("", &line(witness));
    }
    let unclear = if j.reading.is_unclear { " (it says things that exclude each other)" } else { "" };
    fact("Says", &format!("{}{unclear}", j.reading.signal));
    if let Some(rule) = &j.reading.rule {
        fact("Rule", &format!("{} ({})", line(rule), line(j.reading.language.as_deref().unwrap_or("?"))));
    }
    for sentence in &j.reading.matched {
        fact("Because of", &format!("\"{}\"", line(sentence)));
    }
    match &j.reading.code {
        FoundCode::One(digits, _) => fact("Code", digits.expose_secret()),
        FoundCode::Several => fact("Code", "several that differ"),
        FoundCode::None => {}
    }
    for candidate in &j.candidates {
        let fits = if candidate.fits { "fits" } else { "does not fit" };
        fact("Objection", &format!("{} {fits}: {}", candidate.objection, line(&candidate.why)));
    }
    let outcome = match j.finding {
        Finding::Applied(id) => format!("applied to objection {id}"),
        Finding::Held(reason) => format!("held as {reason}: {}", meaning(reason)),
        Finding::Ignored => "ignored".to_owned(),
    };
    fact("Outcome", &outcome);
    out
}
