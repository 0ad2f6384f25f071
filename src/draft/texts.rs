//! The texts of each language, and how it writes a date.

use jiff::civil::Date;
use serde::Deserialize;

use super::{DraftError, RecordTexts};
use crate::fault::Fault;
use crate::objection::Platform;

/// The texts of a language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    /// The language's ISO 639 code.
    pub(crate) code: String,
    /// What the language calls itself.
    pub(crate) name: String,
    /// Who wrote the texts.
    written_by: String,
    /// Who else read them; nobody yet where it is absent.
    reviewed: Option<Review>,
    date: String,
    /// How a date is written within a sentence, where that is otherwise.
    on: Option<String>,
    /// The months within a sentence, where their form changes there.
    months_on: Option<[String; 12]>,
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
    /// What the dossier says.
    pub(crate) record: RecordTexts,
    /// What the law of the United Kingdom has instead; in English alone.
    british: Option<BritishTexts>,
}

/// A reading of the texts of a language by somebody who did not write them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    by: String,
    how: String,
    on: Date,
    /// Whether that was a person; a program's reading leaves the advice to read with care.
    is_person: bool,
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

fn colon() -> String {
    ":".to_owned()
}

impl Texts {
    /// The texts with the name and the address of the one who signs in their places, as far as they are known.
    pub(crate) fn signed_by(mut self, name: Option<&str>, address: Option<&str>) -> Self {
        let (a_name, an_address) = self.letter.sender.split_once('\n').unwrap_or((&self.letter.sender, ""));
        let address = address.map(|address| address.replace(", ", "\n"));
        self.letter.sender = format!("{}\n{}", name.unwrap_or(a_name), address.as_deref().unwrap_or(an_address));
        if let Some(name) = name {
            name.clone_into(&mut self.letter.name);
        }
        self
    }

    /// Who wrote the texts, and who checked them and how.
    pub(crate) fn checked(&self) -> String {
        let by = match &self.reviewed {
            Some(review) => format!("checked by {} on {}, by {}", review.by, review.on, review.how),
            None => "checked by nobody else yet".to_owned(),
        };
        format!("written by {}, {by}", self.written_by)
    }

    /// That no person has checked the texts, where that is so.
    pub(crate) fn unreviewed(&self) -> Option<String> {
        let Self { name, written_by: by, .. } = self;
        let checked = match &self.reviewed {
            Some(review) if review.is_person => return None,
            Some(review) => format!("only {} has checked it", review.by),
            None => "nobody else has checked it".to_owned(),
        };
        Some(format!("the wording in this language ({name}) is by {by} and {checked}: read it with care"))
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

    /// A date in words, as it stands by itself.
    pub(super) fn date(&self, date: Date) -> String {
        self.written(date, &self.date, &self.months)
    }

    /// A date in words, within a sentence.
    pub(super) fn on(&self, date: Date) -> String {
        self.written(date, self.on.as_ref().unwrap_or(&self.date), self.months_on.as_ref().unwrap_or(&self.months))
    }

    fn written(&self, date: Date, pattern: &str, months: &[String; 12]) -> String {
        let month = usize::try_from(date.month()).ok().and_then(|month| months.get(month.saturating_sub(1)));
        let day = match &self.first {
            Some(first) if date.day() == 1 => first.clone(),
            _ => date.day().to_string(),
        };
        let year = date.year().to_string();
        fill(pattern, &[("day", &day), ("month", month.map_or("", String::as_str)), ("year", &year)])
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
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
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
