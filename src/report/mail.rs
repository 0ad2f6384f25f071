//! One kept mail, or one judgement, at length, for a person.

use secrecy::ExposeSecret;

use super::line;
use super::show::in_lines;
use super::words::{meaning, when};
use crate::judge::{Finding, Judgement};
use crate::mail::Mail;
use crate::mail::text::printable;
use crate::signal::FoundCode;
use crate::store::{Kept, Outcome};
use crate::trust::{Proof, Verdict};

/// A kept mail, safe to look at: no control characters, its text as a reader sees it; and how to decide about it where it
/// is held.
pub(crate) fn kept_mail(kept: &Kept, mail: Option<&Mail>) -> String {
    let text = mail.and_then(|mail| mail.views.first());
    let text = text.map_or("(no readable text)".to_owned(), |text| readable(text));
    let choices = if kept.outcome == Outcome::Held { choices(kept) } else { String::new() };
    format!("{}\n{text}\n{choices}", in_lines(&facts(kept)))
}

fn facts(kept: &Kept) -> Vec<(&'static str, String)> {
    let place = [&kept.place.account, &kept.place.mailbox].into_iter().flatten().map(|part| line(part));
    let place = place.collect::<Vec<_>>().join(", ");
    let held = kept.held_reason.map(|reason| format!("{reason}: {}", meaning(reason))).unwrap_or_default();
    let mut facts = vec![
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
    ];
    facts.extend(kept.suggestion.map(|signal| ("Reads as", signal.to_string())));
    facts.extend(kept.against.iter().map(|text| ("But it says", format!("\"{}\"", line(text)))));
    facts
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

/// The commands that decide about a held mail. One whose sender is not proven is not made easy to apply.
fn choices(kept: &Kept) -> String {
    let id = kept.id;
    let dismiss = format!("If it means nothing:         tracker held dismiss {id}\n");
    if kept.verdict.result != Proof::Authentic {
        return format!("\n{dismiss}");
    }
    let fits: Vec<String> = kept.candidates.iter().map(ToString::to_string).collect();
    let objection = if fits.len() == 1 { "" } else { " --objection ID" };
    let (signal, meant) = match kept.suggestion {
        Some(_) => ("", ""),
        None => (
            " --as SIGNAL",
            "\n                             SIGNAL is what it says: accepted, refused, acknowledged, needs_info, verification_code",
        ),
    };
    let fitting =
        if fits.len() > 1 { format!("It may answer objections:    {}\n", fits.join(", ")) } else { String::new() };
    format!("\nIf it answers an objection:  tracker held apply {id}{objection}{signal}{meant}\n{dismiss}{fitting}")
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
    facts.extend(j.suggestion.map(|signal| ("Reads as", signal.to_string())));
    facts.extend(j.against.iter().map(|text| ("But it says", format!("\"{}\"", line(text)))));
    let outcome = match j.finding {
        Finding::Applied(id) => format!("applied to objection {id}"),
        Finding::Held(reason) => format!("held as {reason}: {}", meaning(reason)),
        Finding::Ignored => "ignored".to_owned(),
    };
    facts.push(("Outcome", outcome));
    in_lines(&facts)
}
