//! The evidence for an authority: a page, the same as JSON, the raw mails, and the sums of them all.

use askama::Template;
use serde_json::json;

use super::timeline::Timeline;
use super::{EventRow, Page, Voice, render};
use crate::config::Person;
use crate::draft::{RecordTexts, Texts, fill};
use crate::fault::Fault;
use crate::mail::text::printable;
use crate::mail::{Mail, sha256};
use crate::report::{Recorded, json, line};
use crate::store::{Kept, KeptMail};
use crate::trust::Verdict;

#[derive(Template)]
#[template(path = "dossier.html")]
struct Index<'t> {
    page: Page,
    words: &'t RecordTexts,
    facts: Vec<(&'t str, String)>,
    reason: Option<String>,
    timeline: Timeline,
    events: Vec<EventRow>,
    steps: Vec<String>,
    mails: Vec<MailView<'t>>,
}

/// A mail for a reader.
struct MailView<'t> {
    subject: String,
    facts: Vec<(&'t str, String)>,
    text: String,
}

/// The files of a dossier: name and bytes. The last one is `SHA256SUMS`, with the sums of the others.
pub(crate) fn dossier(
    recorded: &Recorded<'_>,
    texts: &Texts,
    person: &Person,
) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let index = index(recorded, &Voice::new(texts), person);
    let mut files = vec![
        ("index.html".to_owned(), render(&index)?.into_bytes()),
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

fn index<'t>(recorded: &Recorded<'_>, voice: &Voice<'t>, person: &Person) -> Index<'t> {
    let (s, words) = (&recorded.standing, voice.words());
    let o = s.objection;
    let title = fill(&words.title, &[("id", &o.id.to_string()), ("platform", voice.platform(o.platform))]);
    let who = [(&words.person, &person.name), (&words.address, &person.address)];
    let who = who.into_iter().filter_map(|(name, value)| Some((name.as_str(), line(value.as_deref()?))));
    Index {
        page: Page::new(voice, title, s.at),
        words,
        facts: who.chain(voice.facts(s)).collect(),
        reason: o.reason.as_deref().map(printable),
        timeline: Timeline::new(s, &recorded.events, voice),
        events: voice.rows(&recorded.events),
        steps: voice.steps(s),
        mails: recorded.mails.iter().map(|mail| view(mail, voice)).collect(),
    }
}

fn view<'t>(mail: &KeptMail, voice: &Voice<'t>) -> MailView<'t> {
    let (kept, words) = (&mail.kept, &voice.words().fields);
    let verdict = &kept.verdict;
    let mut facts: Vec<(&'t str, String)> = vec![
        (&words.mail, kept.id.to_string()),
        (&words.from, line(&kept.from)),
        (&words.to, line(&kept.to)),
        (&words.dated, kept.date.map_or_else(|| "–".to_owned(), |at| voice.moment(at))),
        (&words.received, voice.moment(kept.received_at)),
        (&words.sender, format!("{}: {}", words.proof(verdict.result), line(&verdict.reason))),
        (&words.proven, proof(verdict, voice)),
        (&words.witnesses, verdict.chain.iter().map(|witness| line(witness)).collect::<Vec<_>>().join("\n")),
        (&words.says, format!("{} ({})", kept.signal, line(kept.rule.as_deref().unwrap_or("–")))),
        ("Message-ID", line(kept.message_id.as_deref().unwrap_or("–"))),
        (&words.file, file(kept)),
        ("SHA-256", sha256(&mail.raw)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let text = Mail::parse(&mail.raw).ok().and_then(|mail| mail.views.into_iter().next());
    let text = text.map_or("–".to_owned(), |text| without_gaps(&printable(&text)));
    let subject = if kept.subject.trim().is_empty() { "–".to_owned() } else { line(&kept.subject) };
    MailView { subject, facts, text }
}

/// By what the sender was proven, and when; empty where it was not proven.
fn proof(verdict: &Verdict, voice: &Voice<'_>) -> String {
    let named = [
        ("by", &verdict.method),
        ("domain", &verdict.domain),
        ("selector", &verdict.selector),
        ("algorithm", &verdict.algorithm),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", line(value.as_deref()?))));
    let seen = verdict.verified_at.map(|at| format!("seen on {}", voice.moment(at)));
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
