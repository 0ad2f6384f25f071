//! The corpus: mails of every language, each with what must come out, in every encoding.
//!
//! A mail that should be recognised and is not bears a `miss` with the reason in its `.toml`; it must be held or ignored
//! all the same, never taken for something else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use objection_tracker::intake::Letter;
use objection_tracker::judge::{Finding, Judgement};
use objection_tracker::mail::Mail;
use objection_tracker::objection::{Objection, ObjectionId, Platform};
use objection_tracker::signal::{FoundCode, Rules};
use objection_tracker::store::{NewObjection, Store};
use objection_tracker::trust::{Trusted, Witnesses};
use secrecy::ExposeSecret;
use serde::Deserialize;

/// What must come of a mail.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[allow(dead_code, reason = "for the reader of the file; its presence is checked")]
    what: String,
    signal: String,
    language: Option<String>,
    outcome: String,
    objection: Option<i64>,
    code: Option<String>,
    held_reason: Option<String>,
    miss: Option<String>,
}

struct Case {
    name: String,
    folder: String,
    raw: String,
    expected: Expected,
}

fn corpus() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = |path: &Path| -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(path).expect("a folder").map(|e| e.expect("an entry").path()).collect();
        paths.sort_unstable();
        paths
    };
    let files = entries(&root).into_iter().filter(|path| path.is_dir()).flat_map(|folder| entries(&folder));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "eml")).map(|path| case(&path)).collect()
}

fn case(path: &Path) -> Case {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let expected = read(&path.with_extension("toml"));
    let folder = path.parent().and_then(Path::file_name).expect("a folder").to_string_lossy().into_owned();
    let name = format!("{folder}/{}", path.file_stem().expect("a name").to_string_lossy());
    let expected = toml::from_str(&expected).unwrap_or_else(|error| panic!("{name}.toml: {error}"));
    Case { name, folder, raw: read(path), expected }
}

/// The world that every mail of the corpus is judged in.
pub fn objections() -> Vec<Objection> {
    let mut store = Store::in_memory().expect("a database");
    let submitted_at = "2026-11-20T10:00:00Z".parse().expect("a time");
    store
        .transaction(|records| {
            for platform in [Platform::Facebook, Platform::Instagram, Platform::Whatsapp] {
                let new = NewObjection {
                    platform,
                    email: "anna@example.org".to_owned(),
                    country: None,
                    label: None,
                    reason: None,
                    form_url: None,
                    submitted_at,
                };
                records.add(&new, submitted_at)?;
            }
            records.objections()
        })
        .expect("objections")
}

pub fn judged(raw: &str, rules: &Rules, objections: &[Objection]) -> Judgement {
    let trusted = Trusted { authserv_ids: vec!["mx.example.org".to_owned()], ..Trusted::default() };
    let arrived_at = Mail::parse(raw.as_bytes()).expect("a mail").date.expect("a date");
    let letter = Letter::open(raw.into(), Some(arrived_at), arrived_at, rules).expect("a mail");
    let verdict = letter.verdict(&Witnesses { trusted: &trusted, keys: None });
    letter.judge(verdict, rules, objections)
}

/// The same mail as other servers and programs would have it: other line ends, other encodings, HTML alone.
fn variants(raw: &str) -> Vec<(&'static str, String)> {
    let mut variants = vec![("lf", raw.to_owned()), ("crlf", raw.replace('\n', "\r\n"))];
    let (head, body) = raw.split_once("\n\n").expect("a body");
    let plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit";
    if let Some((before, after)) = head.split_once(plain) {
        let with = |kind: &str, encoding: &str, body: &str| {
            format!(
                "{before}Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}{after}\n\n{body}"
            )
        };
        variants.push(("base64", with("plain", "base64", &lines(&BASE64_STANDARD.encode(body)))));
        variants.push(("quoted-printable", with("plain", "quoted-printable", &quoted_printable::encode_to_str(body))));
        variants.push(("html", with("html", "8bit", &html(body))));
    }
    variants
}

/// Cut into lines of 76 characters (RFC 2045 §6.8).
fn lines(text: &str) -> String {
    text.as_bytes().chunks(76).map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect()
}

fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = |line: &&str| line.starts_with("&gt;");
    let blocks = escaped.split("\n\n").map(|block| {
        let lines: Vec<&str> = block.lines().collect();
        // A mail program makes a quotation of lines that begin with `>`.
        let tag = if !lines.is_empty() && lines.iter().all(quoted) { "blockquote" } else { "p" };
        format!("<{tag} style=\"margin:0\">{}</{tag}>\n", lines.join("<br>\n"))
    });
    format!(
        "<html><head><style>p {{ color: #123456 }}</style></head><body>{}</body></html>",
        blocks.collect::<String>()
    )
}

/// What came out, in the words of the expectation.
fn outcome(judgement: &Judgement) -> (String, Option<i64>, Option<String>, Option<String>) {
    let code = match &judgement.reading.code {
        FoundCode::One(digits, _) => Some(digits.expose_secret().to_owned()),
        _ => None,
    };
    match judgement.finding {
        Finding::Applied(ObjectionId(id)) => ("applied".to_owned(), Some(id), None, code),
        Finding::Held(reason) => ("held".to_owned(), None, Some(reason.to_string()), None),
        Finding::Ignored => ("ignored".to_owned(), None, None, None),
    }
}

/// Recall and false positives of a language or a signal.
#[derive(Default)]
struct Count {
    wanted: usize,
    found: usize,
    others: usize,
    mistaken: usize,
}

#[test]
fn every_mail_comes_out_as_a_person_would_read_it() {
    let (rules, objections) = (Rules::built_in().expect("rules"), objections());
    let cases = corpus();
    assert!(cases.len() > 500, "{} cases", cases.len());
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let (mut faults, mut misses) = (Vec::new(), BTreeSet::new());
    for case in &cases {
        let expected = &case.expected;
        let wanted =
            (expected.outcome.clone(), expected.objection, expected.held_reason.clone(), expected.code.clone());
        for (variant, raw) in variants(&case.raw) {
            let judgement = judged(&raw, &rules, &objections);
            let got = outcome(&judgement);
            let is_applied = got.0 == "applied";
            let says_so = !is_applied || judgement.reading.signal.as_str() == expected.signal;
            let is_right = got == wanted && says_so;
            for name in [format!("language {}", case.folder), format!("signal {}", expected.signal)] {
                let count = counts.entry(name).or_default();
                if wanted.0 == "applied" {
                    (count.wanted, count.found) = (count.wanted + 1, count.found + usize::from(is_right));
                } else {
                    (count.others, count.mistaken) = (count.others + 1, count.mistaken + usize::from(is_applied));
                }
            }
            let is_language_right =
                !is_applied || expected.language.is_none() || judgement.reading.language == expected.language;
            let is_unknown = !rules.languages().any(|language| language == case.folder);
            match &expected.miss {
                // Its neighbour's rules may read it rightly.
                None if is_unknown && (is_right || !is_applied) => {
                    if !is_right && wanted.0 == "applied" && variant == "lf" {
                        misses.insert(format!("{}: no rules for its language yet", case.name));
                    }
                }
                Some(why) if !is_applied => drop(misses.insert(format!("{}: {why}", case.name))),
                Some(_) if is_right && variant == "lf" => {
                    faults.push(format!("{}: it is recognised now; remove its `miss`", case.name));
                }
                Some(_) if is_right => {}
                _ if is_right && is_language_right => {}
                _ => faults.push(format!(
                    "{} ({variant}): {got:?} as {} by {:?} in {:?} of {:?} against {:?}",
                    case.name,
                    judgement.reading.signal,
                    judgement.reading.rule,
                    judgement.reading.language,
                    judgement.reading.matched,
                    judgement.against
                )),
            }
        }
    }
    for (name, count) in &counts {
        let Count { wanted, found, others, mistaken } = count;
        println!("{name:<28} recall {found:>4}/{wanted:<4} false positives {mistaken}/{others}");
    }
    println!("known misses:\n{}", misses.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}
