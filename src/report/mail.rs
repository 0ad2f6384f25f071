//! One kept mail, or one judgement, at length, for a person.

use secrecy::ExposeSecret;

use super::line;
use super::show::in_lines;
use super::words::{meaning, when};
use crate::judge::{Finding, Judgement};
use crate::mail::text::printable;
use crate::mail::{Address, Mail};
use crate::objection::Objection;
use crate::signal::FoundCode;
use crate::store::{Kept, Outcome};
use crate::trust::{Proof, Verdict};

/// A kept mail, safe to look at: no control characters, its text as a reader sees it; and how to decide about it where it
/// is held.
pub(crate) fn kept_mail(kept: &Kept, mail: Option<&Mail>, objections: &[Objection]) -> String {
    let text = mail.and_then(|mail| mail.views.first());
    let text = text.map_or("(no readable text)".to_owned(), |text| readable(text));
    let choices = if kept.outcome == Outcome::Held { choices(kept, mail, objections) } else { String::new() };
    format!("{}\n{text}\n{choices}", in_lines(&facts(kept)))
}

fn facts(kept: &Kept) -> Vec<(&'static str, String)> {
    let place = [&kept.place.account, &kept.place.mailbox].into_iter().flatten().map(|part| line(part));
    let place = place.collect::<Vec<_>>().join(", ");
    let held = kept.held_reason.map(|reason| format!("{reason}: {}", meaning(reason))).unwrap_or_default();
    vec![
        ("Mail", kept.id.to_string()),
        ("From", line(&kept.from)),
        ("To", line(&kept.to)),
        ("Subject", line(&kept.subject)),
        ("Date", kept.date.map_or_else(|| "none".to_owned(), when)),
        ("Arrived", when(kept.received_at)),
        ("Found in", if place.is_empty() { "a file".to_owned() } else { place }),
        ("Sender", sender(&kept.verdict)),
        ("Says", format!("{} by rule {}", kept.signal, line(kept.rule.as_deref().unwrap_or("none")))),
        match kept.outcome {
            Outcome::Applied(id) => ("Outcome", format!("applied to objection {id}")),
            Outcome::Held => ("Held as", held),
            Outcome::Ignored => ("Dismissed", held),
        },
        ("SHA-256", kept.sha256.clone()),
    ]
}

fn sender(verdict: &Verdict) -> String {
    format!("{}: {}", verdict.result.as_str(), line(&verdict.reason))
}

/// A mail's text for a terminal, indented. Of several blank lines in a row one is left.
fn readable(text: &str) -> String {
    let mut out = String::new();
    let mut is_blank = true;
    for row in printable(text).lines().map(str::trim) {
        if !(is_blank && row.is_empty()) {
            out.push_str(&format!("  {row}\n"));
        }
        is_blank = row.is_empty();
    }
    out.trim_end().to_owned()
}

/// The commands that decide about a held mail.
fn choices(kept: &Kept, mail: Option<&Mail>, objections: &[Objection]) -> String {
    let fits = may_answer(kept, mail, objections);
    let objection = if let [only] = fits.as_slice() { only } else { "ID" };
    let (signal, meant) = match kept.signal.event() {
        Some(_) => ("", ""),
        None => (
            " --as SIGNAL",
            "\n                             SIGNAL is what it says: accepted, refused, acknowledged, needs_info, verification_code",
        ),
    };
    let mut out = format!(
        "\nIf it answers an objection:  tracker held apply {id} --objection {objection}{signal}{meant}\n\
         If it means nothing:         tracker held dismiss {id}\n",
        id = kept.id
    );
    if fits.len() > 1 {
        out.push_str(&format!("Pending for its recipient:   {}\n", fits.join(", ")));
    }
    out
}

/// The pending objections of a mail's recipients. None where the sender is not proven: such a mail is not made easy to
/// apply.
fn may_answer(kept: &Kept, mail: Option<&Mail>, objections: &[Objection]) -> Vec<String> {
    let is_recipient = |address| mail.is_some_and(|mail| mail.recipients.iter().any(|to| to.is_same(&address)));
    let fits = objections.iter().filter(|objection| {
        kept.verdict.result == Proof::Authentic
            && objection.state.is_pending()
            && Address::parse(&objection.email).is_some_and(is_recipient)
    });
    fits.map(|objection| objection.id.to_string()).collect()
}

/// How a judgement came about, step by step.
pub(crate) fn explanation(mail: &Mail, j: &Judgement) -> String {
    let mut facts = vec![("From", line(&mail.from)), ("Subject", line(&mail.subject)), ("Sender", sender(&j.verdict))];
    facts.extend(j.verdict.chain.iter().map(|witness| ("", line(witness))));
    let unclear = if j.reading.is_unclear { " (it says things that exclude each other)" } else { "" };
    facts.push(("Says", format!("{}{unclear}", j.reading.signal)));
    if let Some(rule) = &j.reading.rule {
        facts.push(("Rule", format!("{} ({})", line(rule), line(j.reading.language.as_deref().unwrap_or("?")))));
    }
    facts.extend(j.reading.matched.iter().map(|sentence| ("Because of", format!("\"{}\"", line(sentence)))));
    match &j.reading.code {
        FoundCode::One(digits, _) => facts.push(("Code", digits.expose_secret().to_owned())),
        FoundCode::Several => facts.push(("Code", "several that differ".to_owned())),
        FoundCode::None => {}
    }
    facts.extend(j.candidates.iter().map(|candidate| {
        let fits = if candidate.fits { "fits" } else { "does not fit" };
        ("Objection", format!("{} {fits}: {}", candidate.objection, line(&candidate.why)))
    }));
    let outcome = match j.finding {
        Finding::Applied(id) => format!("applied to objection {id}"),
        Finding::Held(reason) => format!("held as {reason}: {}", meaning(reason)),
        Finding::Ignored => "ignored".to_owned(),
    };
    facts.push(("Outcome", outcome));
    in_lines(&facts)
}
