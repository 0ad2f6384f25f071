//! Pages that are files of their own: they load nothing, by a content security policy, and all text from mails is escaped.

mod dossier;
mod summary;
mod timeline;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;

pub(crate) use dossier::dossier;
pub(crate) use summary::report;

use askama::Template;

use super::deadline::{if_paused, steps};
use super::line;
use crate::fault::Fault;
use crate::mail;
use crate::objection::{Cause, Event, Kind, Platform, Question, Standing};

const STYLE: &str = include_str!("style.css");

/// What every page has.
struct Page {
    title: String,
    made: String,
    style: &'static str,
    /// The one style that the page's policy allows (CSP Level 3, §2.3.1 hash-source).
    style_hash: String,
}

impl Page {
    fn new(title: String, now: Timestamp) -> Self {
        let made = format!("Made on {} by tracker {}, from its record alone.", moment(now), env!("CARGO_PKG_VERSION"));
        let style_hash = format!("sha256-{}", BASE64_STANDARD.encode(mail::digest(STYLE.as_bytes())));
        Self { title, made, style: STYLE, style_hash }
    }
}

/// A page as a file.
fn render(page: &impl Template) -> Result<String, Fault> {
    page.render().map_err(|error| Fault::new(error.to_string()).remedy("report it as a bug"))
}

/// A row of the history.
struct EventRow {
    at: String,
    what: String,
    state: String,
    cause: String,
    note: String,
}

fn rows(events: &[Event]) -> Vec<EventRow> {
    let row = |event: &Event| EventRow {
        at: moment(event.at),
        what: what(event, events),
        state: spaced(event.state.as_str()),
        cause: match (event.cause, event.mail) {
            (Cause::Mail, Some(mail)) => format!("mail {mail}"),
            (Cause::User, Some(mail)) => format!("the user, on mail {mail}"),
            (Cause::User, None) => "the user".to_owned(),
            (Cause::Mail, None) => "a mail".to_owned(),
        },
        note: event.note.as_deref().map(line).unwrap_or_default(),
    };
    events.iter().map(row).collect()
}

fn what(event: &Event, all: &[Event]) -> String {
    match event.kind {
        Kind::Submitted => "objection submitted".to_owned(),
        Kind::VerificationCode => "verification code received".to_owned(),
        Kind::Verified => "verification code entered".to_owned(),
        Kind::Acknowledged => "receipt confirmed".to_owned(),
        Kind::NeedsInfo => match event.question {
            Some(Question::Identity) => "proof of identity requested".to_owned(),
            _ => "further information requested".to_owned(),
        },
        Kind::Accepted => "objection accepted".to_owned(),
        Kind::Refused => "objection refused".to_owned(),
        Kind::Withdrawn => "objection withdrawn".to_owned(),
        Kind::Extended => "two further months announced".to_owned(),
        Kind::Sent => "the information reached the controller".to_owned(),
        Kind::Complained => "complaint sent".to_owned(),
        Kind::Edited => "the record corrected".to_owned(),
        Kind::Undone => {
            let undone = event.undoes.and_then(|id| all.iter().find(|e| e.id == id));
            undone.map_or("taken back".to_owned(), |e| format!("taken back: {}", what(e, &[])))
        }
    }
}

/// The facts of an objection, name and value.
fn facts(s: &Standing<'_>) -> Vec<(&'static str, String)> {
    let o = s.objection;
    let mut facts = vec![
        ("Service", platform(o.platform).to_owned()),
        ("Address given", line(&o.email)),
        ("Submitted", moment(o.submitted_at)),
    ];
    let optional = [("Country", &o.country), ("Label", &o.label), ("Form", &o.form_url)];
    facts.extend(optional.into_iter().filter_map(|(name, value)| Some((name, line(value.as_deref()?)))));
    if !o.case_numbers.is_empty() {
        facts.push(("Case number", line(&o.case_numbers.join(", "))));
    }
    facts.push(("State", spaced(o.state.as_str())));
    let mut due = s.due_on.to_string();
    if let Some(paused) = s.paused_due_on {
        due.push_str(&format!(", or {paused} {}", if_paused(s)));
    }
    if s.is_overdue {
        due.push_str(", overdue");
    }
    facts.push(("Answer due", due));
    facts
}

fn platform(platform: Platform) -> &'static str {
    platform.brand().unwrap_or("Meta account, or Accounts Centre as a whole")
}

fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

/// A moment for a reader anywhere.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
