//! One objection at length, for a person.

use super::deadline::{if_paused, steps};
use super::line;
use super::words::{next, when};
use crate::objection::{Cause, Event, Kind, Standing};
use crate::store::Kept;

/// An objection with its history and what to do next.
pub(crate) fn objection(s: &Standing<'_>, events: &[Event], mails: &[Kept]) -> String {
    let mut out = in_lines(&facts(s));
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push_str(&format!("\n{title}\n{}\n", lines.join("\n")));
        }
    };
    list("Deadline", steps(s).iter().map(|step| format!("  {step}")).collect());
    list("Timeline", events.iter().map(|event| format!("  {}", event_line(event, events))).collect());
    list("Mails", mails.iter().map(mail_lines).collect());
    out
}

/// A line for each fact: its name, then its value.
pub(super) fn in_lines(facts: &[(&str, String)]) -> String {
    facts.iter().map(|(name, value)| format!("{name:<12} {value}\n")).collect()
}

fn facts(s: &Standing<'_>) -> Vec<(&'static str, String)> {
    let o = s.objection;
    let mut facts = vec![("Objection", format!("{} about {}, for {}", o.id, o.platform, line(&o.email)))];
    let optional = [("Label", &o.label), ("Country", &o.country), ("Form", &o.form_url), ("Reason", &o.reason)];
    facts.extend(optional.into_iter().filter_map(|(name, value)| Some((name, line(value.as_deref()?)))));
    if !o.case_numbers.is_empty() {
        facts.push(("Case", line(&o.case_numbers.join(", "))));
    }
    let overdue = if s.is_overdue { ", overdue" } else { "" };
    let extended = if o.is_extended { format!(", extended from {}", s.first_due_on) } else { String::new() };
    let paused = s.paused_due_on.map(|day| format!(", or {day} {}", if_paused(s))).unwrap_or_default();
    facts.extend([
        ("Submitted", when(o.submitted_at)),
        ("State", o.state.to_string()),
        ("Answer due", format!("{}{paused}{extended}{overdue}", s.due_on)),
        ("Next", next(s)),
    ]);
    facts
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
