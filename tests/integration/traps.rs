//! Traps: what a proven sender's mail may say that must not move an objection to a final state, class by language.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use objection_tracker::judge::{Finding, Judgement};
use objection_tracker::objection::Objection;
use objection_tracker::signal::{Rules, Signal};
use serde::Deserialize;

use crate::corpus::{judged, objections};

/// One mail, and what must come of it: `accepted`, `held`, `not final` where a receipt would be right too, or `no code`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trap {
    language: Option<String>,
    outcome: String,
    /// The subject, where the trap is in it.
    subject: Option<String>,
    text: String,
}

/// Traps that belong into no table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    trap: Vec<Trap>,
}

/// Mails to measure with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Natural {
    mail: Vec<NaturalMail>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NaturalMail {
    language: String,
    signal: String,
    text: String,
}

/// A plain mail of the support's with such a text.
fn mail(subject: Option<&str>, text: &str) -> String {
    let subject = subject.unwrap_or("Facebook #2238836460406700");
    format!(
        "Authentication-Results: mx.example.org; dkim=pass header.d=support.facebook.com; dmarc=pass header.from=support.facebook.com\n\
         Date: Sat, 21 Nov 2026 09:00:22 +0000\n\
         From: Facebook <case++7s4NJoprxK8R0E@support.facebook.com>\n\
         To: anna@example.org\n\
         Subject: {subject}\n\
         MIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\n\n\
         {text}\n\n\
         Privacy Operations\n\n\
         Meta Platforms Ireland Limited, Merrion Road, Dublin 4, D04 X2K5, Ireland\n"
    )
}

fn traps() -> Vec<(String, BTreeMap<String, Trap>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/traps");
    let entries = fs::read_dir(folder).expect("the traps");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort_unstable();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a file");
        let traps = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), traps)
    };
    paths.iter().map(read).collect()
}

fn is_final(judgement: &Judgement) -> bool {
    matches!(judgement.finding, Finding::Applied(_))
        && matches!(judgement.reading.signal, Signal::Accepted | Signal::Refused)
}

fn is_right(trap: &Trap, judgement: &Judgement) -> bool {
    match trap.outcome.as_str() {
        "held" => matches!(judgement.finding, Finding::Held(_)),
        "not final" => !is_final(judgement),
        "no code" => judgement.reading.signal != Signal::VerificationCode,
        signal => is_final(judgement) && judgement.reading.signal.as_str() == signal,
    }
}

fn faults(rules: &Rules, objections: &[Objection]) -> Vec<String> {
    let mut faults = Vec::new();
    let traps = traps();
    assert_eq!(traps.len(), rules.languages().count(), "every language of the rules has its traps");
    let classes: Vec<&String> = traps.iter().flat_map(|(_, traps)| traps.keys()).collect();
    for (language, traps) in &traps {
        assert!(classes.iter().all(|class| traps.contains_key(*class)), "{language} lacks a class");
        for (class, trap) in traps {
            let judgement = judged(&mail(trap.subject.as_deref(), &trap.text), rules, objections);
            if !is_right(trap, &judgement) {
                let got = (judgement.finding, judgement.reading.signal, &judgement.reading.matched);
                faults.push(format!("{language} {class}: {got:?}, not {}", trap.outcome));
            }
        }
    }
    faults
}

#[test]
fn no_trap_moves_an_objection_to_a_final_state_and_no_harmless_word_keeps_it_from_one() {
    let faults = faults(&Rules::built_in().expect("rules"), &objections());
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_other_trap_moves_an_objection_to_a_final_state() {
    let (rules, objections) = (Rules::built_in().expect("rules"), objections());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/traps.toml");
    let More { trap: traps } = toml::from_str(&fs::read_to_string(path).expect("a file")).expect("traps");
    assert!(traps.len() > 20, "{} traps", traps.len());
    let faults: Vec<String> = traps
        .iter()
        .map(|trap| (trap, judged(&mail(trap.subject.as_deref(), &trap.text), &rules, &objections)))
        .filter(|(trap, judgement)| !is_right(trap, judgement))
        .map(|(trap, judgement)| format!("{:?}: {} {:?}", trap.language, trap.text, judgement.finding))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn natural_mails_are_applied_or_suggested() {
    let (rules, objections) = (Rules::built_in().expect("rules"), objections());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/natural.toml");
    let Natural { mail: mails } = toml::from_str(&fs::read_to_string(path).expect("a file")).expect("mails");
    assert!(mails.len() > 30, "{} mails", mails.len());
    let mut applied = 0;
    for natural in &mails {
        let judgement = judged(&mail(None, &natural.text), &rules, &objections);
        let is_read = judgement.reading.signal.as_str() == natural.signal;
        let NaturalMail { language, signal, .. } = natural;
        if is_final(&judgement) {
            assert!(is_read, "{language} {signal}: read as {}", judgement.reading.signal);
            applied += 1;
        } else {
            let suggestion = judgement.suggestion.map(Signal::as_str);
            assert_eq!(suggestion, Some(signal.as_str()), "{language}: {:?}", judgement.reading);
            println!("{language} {signal}: suggested, against {:?}", judgement.against);
        }
    }
    println!("{applied} of {} applied", mails.len());
    assert!(applied * 10 >= mails.len() * 9, "{applied} of {} applied", mails.len());
}
