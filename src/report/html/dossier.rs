//! The evidence for an authority: a page, the same as JSON, the raw mails, and the sums of them all.

use askama::Template;
use serde_json::json;

use super::timeline::Timeline;
use super::{EventRow, Page, facts, moment, platform, render, rows, steps};
use crate::fault::Fault;
use crate::mail::text::printable;
use crate::mail::{Mail, sha256};
use crate::report::{Recorded, json, line};
use crate::store::{Kept, KeptMail};
use crate::trust::Verdict;

#[derive(Template)]
#[template(path = "dossier.html")]
struct Index {
    page: Page,
    facts: Vec<(&'static str, String)>,
    reason: Option<String>,
    timeline: Timeline,
    events: Vec<EventRow>,
    steps: Vec<String>,
    mails: Vec<MailView>,
}

/// A mail for a reader.
struct MailView {
    subject: String,
    facts: Vec<(&'static str, String)>,
    text: String,
}

/// The files of a dossier: name and bytes. The last one is `SHA256SUMS`, with the sums of the others.
pub(crate) fn dossier(recorded: &Recorded<'_>) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let mut files = vec![
        ("index.html".to_owned(), render(&index(recorded))?.into_bytes()),
        ("timeline.json".to_owned(), timeline(recorded).into_bytes()),
    ];
    if let Some(reason) = &recorded.standing.objection.reason {
        files.push(("reason.txt".to_owned(), format!("{reason}\n").into_bytes()));
    }
    files.extend(recorded.mails.iter().map(|mail| (file(&mail.kept), mail.raw.clone())));
    let sums: String = files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes))).collect();
    files.push(("SHA256SUMS".to_owned(), sums.into_bytes()));
    Ok(files)
}

fn index(recorded: &Recorded<'_>) -> Index {
    let s = &recorded.standing;
    let o = s.objection;
    Index {
        page: Page::new(format!("Objection {}: use of personal data for AI, {}", o.id, platform(o.platform)), s.at),
        facts: facts(s),
        reason: o.reason.as_deref().map(printable),
        timeline: Timeline::new(s, &recorded.events),
        events: rows(&recorded.events),
        steps: steps(s),
        mails: recorded.mails.iter().map(view).collect(),
    }
}

fn view(mail: &KeptMail) -> MailView {
    let kept = &mail.kept;
    let verdict = &kept.verdict;
    let mut facts = vec![
        ("Mail", kept.id.to_string()),
        ("From", line(&kept.from)),
        ("To", line(&kept.to)),
        ("Dated", kept.date.map_or_else(|| "no date".to_owned(), moment)),
        ("Received", moment(kept.received_at)),
        ("Sender", format!("{}: {}", verdict.result.as_str(), line(&verdict.reason))),
        ("Proven", proof(verdict)),
        ("Witnesses", verdict.chain.iter().map(|witness| line(witness)).collect::<Vec<_>>().join("\n")),
        ("Says", format!("{}, by rule {}", kept.signal, line(kept.rule.as_deref().unwrap_or("none")))),
        ("Message-ID", line(kept.message_id.as_deref().unwrap_or("none"))),
        ("File", file(kept)),
        ("SHA-256", sha256(&mail.raw)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let text = Mail::parse(&mail.raw).ok().and_then(|mail| mail.views.into_iter().next());
    let text = text.map_or("(no readable text)".to_owned(), |text| without_gaps(&printable(&text)));
    let subject = if kept.subject.trim().is_empty() { "(no subject)".to_owned() } else { line(&kept.subject) };
    MailView { subject, facts, text }
}

/// By what the sender was proven, and when; empty where it was not proven.
fn proof(verdict: &Verdict) -> String {
    let named = [
        ("by", &verdict.method),
        ("domain", &verdict.domain),
        ("selector", &verdict.selector),
        ("algorithm", &verdict.algorithm),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", line(value.as_deref()?))));
    let seen = verdict.verified_at.map(|at| format!("seen on {}", moment(at)));
    named.chain(seen).collect::<Vec<_>>().join(", ")
}

/// The text with one blank line where there were several in a row.
fn without_gaps(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|next, last| next.trim().is_empty() && last.trim().is_empty());
    lines.join("\n").trim().to_owned()
}

/// The same facts as JSON, with the file of each mail.
fn timeline(recorded: &Recorded<'_>) -> String {
    let kept: Vec<Kept> = recorded.mails.iter().map(|mail| mail.kept.clone()).collect();
    let mut value = json::objection_in_full(&recorded.standing, &recorded.events, &kept);
    if let Some(fields) = value.as_object_mut() {
        let files = recorded.mails.iter().map(|mail| json!({ "mail": mail.kept.id, "file": file(&mail.kept) }));
        fields.insert("files".to_owned(), files.collect());
        fields.insert("made_at".to_owned(), json!(recorded.standing.at));
        fields.insert("made_by".to_owned(), json!(concat!("tracker ", env!("CARGO_PKG_VERSION"))));
    }
    format!("{value:#}\n")
}

fn file(mail: &Kept) -> String {
    format!("mails/{:04}.eml", mail.id)
}
