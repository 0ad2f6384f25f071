//! The texts of each language, and how it writes a date.

use jiff::civil::Date;
use serde::Deserialize;

use super::DraftError;
use crate::fault::Fault;
use crate::objection::Platform;

const FILES: [(&str, &str); 8] = [
    ("de", include_str!("letters/de.toml")),
    ("en", include_str!("letters/en.toml")),
    ("es", include_str!("letters/es.toml")),
    ("fr", include_str!("letters/fr.toml")),
    ("it", include_str!("letters/it.toml")),
    ("nl", include_str!("letters/nl.toml")),
    ("pl", include_str!("letters/pl.toml")),
    ("pt", include_str!("letters/pt.toml")),
];

/// The ISO 639 codes of the languages that have texts.
fn codes() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(code, _)| *code)
}

/// The texts of a language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    /// The language's ISO 639 code.
    pub(crate) code: String,
    /// What the language calls itself.
    #[serde(rename = "name")]
    _name: String,
    date: String,
    /// How the first day of a month is written.
    first: Option<String>,
    months: [String; 12],
    law: String,
    british_law: String,
    /// What stands between a date and what happened then: a colon, in French with a space before it.
    #[serde(default = "colon")]
    pub(super) colon: String,
    /// What `Platform::Meta` is called; the other platforms are called the same in every language.
    meta: String,
    pub(super) reason: ReasonTexts,
    pub(super) letter: LetterTexts,
    pub(super) history: HistoryTexts,
    pub(super) reminder: ReminderTexts,
    pub(super) complaint: ComplaintTexts,
    pub(super) refusal: RefusalTexts,
    /// What the law of the United Kingdom has instead; in English alone.
    british: Option<BritishTexts>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonTexts {
    pub opening: String,
    pub closing: String,
    pub grounds: Grounds,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grounds {
    pub privacy: String,
    pub consent: String,
    pub misuse: String,
    pub permanence: String,
    pub others: String,
}

/// What reminder and complaint have in common.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LetterTexts {
    pub sender: String,
    pub greeting: String,
    pub farewell: String,
    pub name: String,
    pub objected: String,
    pub form: String,
    pub cases: String,
    pub received: String,
    pub nothing: String,
    pub month: String,
    pub extended: String,
    pub paused: String,
    pub open: String,
}

/// What happened, a phrase for each event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryTexts {
    pub verification_code: String,
    pub verified: String,
    pub acknowledged: String,
    pub needs_info: String,
    pub extended: String,
    pub refused: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReminderTexts {
    pub subject: String,
    pub asks: String,
    pub warning: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComplaintTexts {
    pub subject: String,
    pub about: String,
    pub reason: String,
    pub breach: String,
    pub asks: String,
    pub lead: String,
    pub enclosed: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefusalTexts {
    pub subject: String,
    pub breach: String,
}

/// What is written under the law of the United Kingdom as it stands since 5 February and 19 June 2026.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BritishTexts {
    /// The time to answer (Art. 12A UK GDPR).
    pub month: String,
    pub paused: String,
    /// The same where it is known that the time began anew.
    pub restarted: String,
    pub restarted_extended: String,
    pub restarted_end: String,
    pub reminder_subject: String,
    /// That the reminder is the complaint to the controller too.
    pub reminder_complaint: String,
    pub reminder_warning: String,
    pub complaint_subject: String,
    pub refusal_subject: String,
    pub complained: String,
    pub complaint_asks: String,
}

fn unknown(code: &str) -> DraftError {
    let known = codes().collect::<Vec<_>>().join(", ");
    DraftError::Usage(Fault::new(format!("no texts in the language `{code}`")).remedy(format!("use {known}")))
}

fn colon() -> String {
    ":".to_owned()
}

impl Texts {
    /// The texts of a language, by its code; `pt-BR` is `pt`.
    pub(crate) fn new(code: &str) -> Result<Self, DraftError> {
        let lower = code.trim().to_lowercase();
        let main = lower.split(['-', '_']).next().unwrap_or_default();
        let (_, text) = FILES.iter().find(|(known, _)| *known == main).ok_or_else(|| unknown(code))?;
        super::built_in(text)
    }

    /// What the law of the United Kingdom has instead.
    pub(super) fn british(&self) -> Result<&BritishTexts, DraftError> {
        let none = || {
            DraftError::Usage(
                Fault::new("letters under the law of the United Kingdom are in English").remedy("leave out --language"),
            )
        };
        self.british.as_ref().ok_or_else(none)
    }

    /// Whether a language has texts.
    pub(super) fn is_known(code: &str) -> bool {
        codes().any(|known| known == code)
    }

    /// The language of most people of a country, where it has texts.
    pub(crate) fn language_of(country: &str) -> Option<&'static str> {
        Some(match country {
            "DE" | "AT" | "LI" | "CH" => "de",
            "FR" | "LU" => "fr",
            "ES" => "es",
            "IT" => "it",
            "NL" | "BE" => "nl",
            "PL" => "pl",
            "PT" | "BR" => "pt",
            "IE" | "GB" | "UK" | "MT" => "en",
            _ => return None,
        })
    }

    /// A date in words.
    pub(super) fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month()).ok().and_then(|month| self.months.get(month.saturating_sub(1)));
        let day = match &self.first {
            Some(first) if date.day() == 1 => first.clone(),
            _ => date.day().to_string(),
        };
        let year = date.year().to_string();
        fill(&self.date, &[("day", &day), ("month", month.map_or("", String::as_str)), ("year", &year)])
    }

    /// What the law is called: the GDPR, or that of the United Kingdom.
    pub(super) fn law(&self, is_british: bool) -> &str {
        if is_british { &self.british_law } else { &self.law }
    }

    /// What a platform is called.
    pub(super) fn platform(&self, platform: Platform) -> &str {
        platform.brand().unwrap_or(&self.meta)
    }
}

/// A text with each `{name}` in it replaced by its value. Values are not searched for names: they may come from a mail.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}
