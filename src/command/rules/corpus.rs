//! The sample mails of a checkout, judged by other rules than those that came with the program.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::checkout::Checkout;
use crate::command::Failure;
use crate::intake::Letter;
use crate::judge::{Finding, Judgement};
use crate::mail::Mail;
use crate::objection::{Objection, ObjectionId, Platform};
use crate::signal::{FoundCode, Rules};
use crate::store::{NewObjection, Store};
use crate::trust::{Trusted, Witnesses};

/// What became of the sample mails.
#[derive(Default)]
pub struct Samples {
    pub judged: usize,
    pub faults: Vec<Misjudged>,
}

/// A sample mail that does not come out as its `.toml` says.
pub struct Misjudged {
    pub file: String,
    pub what: String,
}

/// What must come of a sample mail.
#[derive(Deserialize)]
struct Expected {
    signal: String,
    outcome: String,
    objection: Option<i64>,
    code: Option<String>,
    held_reason: Option<String>,
    miss: Option<String>,
}

/// Judges the sample mails of languages.
///
/// # Errors
/// If one can't be read.
pub fn judge(checkout: &Checkout, rules: &Rules, languages: &[String]) -> Result<Samples, Failure> {
    let objections = objections()?;
    let mut samples = Samples::default();
    for path in languages.iter().flat_map(|language| checkout.samples(language)) {
        samples.judged = samples.judged.saturating_add(1);
        let what =
            fault(&path, rules, &objections).map_err(|what| Failure::usage(format!("`{}`: {what}", path.display())))?;
        samples.faults.extend(what.map(|what| Misjudged { file: path.display().to_string(), what }));
    }
    Ok(samples)
}

/// The world that every sample is judged in.
fn objections() -> Result<Vec<Objection>, Failure> {
    let submitted_at: Timestamp = Timestamp::constant(1_795_168_800, 0);
    let mut store = Store::in_memory()?;
    let objections = store.transaction(|records| {
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
    })?;
    Ok(objections)
}

/// How a sample comes out otherwise than its `.toml` says.
fn fault(path: &Path, rules: &Rules, objections: &[Objection]) -> Result<Option<String>, String> {
    let raw = fs::read(path).map_err(|error| error.to_string())?;
    let expected = fs::read_to_string(path.with_extension("toml")).map_err(|error| format!("its `.toml`: {error}"))?;
    let expected: Expected = toml::from_str(&expected).map_err(|error| format!("its `.toml`: {}", error.message()))?;
    let arrived_at = Mail::parse(&raw).ok().and_then(|mail| mail.date).ok_or("a sample must be a mail with a date")?;
    let letter = Letter::open(raw, Some(arrived_at), arrived_at, rules).map_err(|error| format!("it is {error}"))?;
    let trusted = Trusted { authserv_ids: vec!["mx.example.org".to_owned()], ..Trusted::default() };
    let verdict = letter.verdict(&Witnesses { trusted: &trusted, keys: None });
    let judgement = letter.judge(verdict, rules, objections);
    let (got, wanted) = (got(&judgement), wanted(&expected));
    let is_known_miss = expected.miss.is_some() && !matches!(judgement.finding, Finding::Applied(_));
    Ok((got != wanted && !is_known_miss).then(|| format!("{got}, not {wanted}")))
}

fn got(judgement: &Judgement) -> String {
    let reading = &judgement.reading;
    let code = match &reading.code {
        FoundCode::One(digits, _) => Some(digits.expose_secret()),
        _ => None,
    };
    match judgement.finding {
        Finding::Applied(ObjectionId(id)) => applied(reading.signal.as_str(), id, code),
        Finding::Held(reason) => format!("held as {reason}"),
        Finding::Ignored => "ignored".to_owned(),
    }
}

fn wanted(expected: &Expected) -> String {
    match expected.outcome.as_str() {
        "applied" => applied(&expected.signal, expected.objection.unwrap_or(0), expected.code.as_deref()),
        "held" => format!("held as {}", expected.held_reason.as_deref().unwrap_or("?")),
        other => other.to_owned(),
    }
}

fn applied(signal: &str, objection: i64, code: Option<&str>) -> String {
    let code = code.map(|code| format!(" with code {code}")).unwrap_or_default();
    format!("applied to objection {objection} as {signal}{code}")
}
