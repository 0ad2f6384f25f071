//! In which language and by whose clock a page speaks.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::EventRow;
use crate::draft::{RecordTexts, Texts, fill};
use crate::objection::deadline::Term;
use crate::objection::{Event, Platform, Standing};
use crate::report::deadline::{if_paused, steps};
use crate::report::line;

/// A language, and the user's own time.
pub(super) struct Voice<'t> {
    texts: &'t Texts,
    zone: TimeZone,
}

impl<'t> Voice<'t> {
    pub(super) fn new(texts: &'t Texts) -> Self {
        Self { texts, zone: TimeZone::system() }
    }

    pub(super) fn words(&self) -> &'t RecordTexts {
        &self.texts.record
    }

    /// The language's code.
    pub(super) fn code(&self) -> &'t str {
        &self.texts.code
    }

    /// When, by whom and by whose clock the page was made.
    pub(super) fn made(&self, now: Timestamp) -> String {
        let words = self.words();
        let made = fill(&words.made, &[("when", &self.moment(now)), ("version", env!("CARGO_PKG_VERSION"))]);
        let zone = self.zone.iana_name().unwrap_or("UTC");
        format!("{made} {}", fill(&words.zone, &[("zone", zone)]))
    }

    /// A moment in the user's own time, with the name of its zone.
    pub(super) fn moment(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
    }

    pub(super) fn platform(&self, platform: Platform) -> &'t str {
        platform.brand().unwrap_or(&self.words().meta)
    }

    /// The rows of a history.
    pub(super) fn rows(&self, events: &[Event]) -> Vec<EventRow> {
        let words = self.words();
        let row = |event: &Event| EventRow {
            at: self.moment(event.at),
            what: words.event(event, events),
            state: words.state_of(event.state).to_owned(),
            cause: words.cause_of(event),
            note: event.note.as_deref().map(line).unwrap_or_default(),
        };
        events.iter().map(row).collect()
    }

    /// The facts of an objection, name and value.
    pub(super) fn facts(&self, s: &Standing<'_>) -> Vec<(&'t str, String)> {
        let (o, words) = (s.objection, self.words());
        let mut facts: Vec<(&'t str, String)> = vec![
            (&words.service, self.platform(o.platform).to_owned()),
            (&words.email, line(&o.email)),
            (&words.submitted, self.moment(o.submitted_at)),
        ];
        let optional = [(&words.country, &o.country), (&words.label, &o.label), (&words.form, &o.form_url)];
        facts.extend(optional.into_iter().filter_map(|(name, value)| Some((name.as_str(), line(value.as_deref()?)))));
        if !o.case_numbers.is_empty() {
            facts.push((&words.cases, line(&o.case_numbers.join(", "))));
        }
        facts.push((&words.state, words.state_of(o.state).to_owned()));
        facts.push((&words.due, self.due(s)));
        facts
    }

    fn due(&self, s: &Standing<'_>) -> String {
        let mut due = s.due_on.to_string();
        if let Some(paused) = s.paused_due_on {
            let or = if self.is_english() { format!(", or {paused} {}", if_paused(s)) } else { format!(" / {paused}") };
            due.push_str(&or);
        }
        if s.is_overdue {
            due.push_str(&format!(", {}", self.words().overdue));
        }
        due
    }

    fn is_english(&self) -> bool {
        self.code() == "en"
    }

    /// How the due date comes about. What is not the Union's law is told in English.
    pub(super) fn steps(&self, s: &Standing<'_>) -> Vec<String> {
        let o = s.objection;
        if self.is_english() || o.is_british() {
            return steps(s);
        }
        let texts = &self.words().steps;
        let first = o.first_term();
        let mut told = vec![fill(&texts.received, &[("day", &first.received.to_string()), ("rule", &rule("3(1)"))])];
        told.extend(self.counted(&first));
        if let Some(due) = s.extended_due_on {
            told.push(format!("{} (EU 2016/679, Art. 12(3))", texts.extended));
            told.extend(self.counted(&o.term()));
            told.push(on(&texts.due, due));
        } else {
            told.push(on(&texts.due, first.due));
        }
        told.extend(s.paused_due_on.map(|day| on(&texts.paused, day)));
        if o.state.is_pending() {
            told.push(on(&texts.waits, s.complain_on));
        }
        told
    }

    fn counted(&self, term: &Term) -> Vec<String> {
        let texts = &self.words().steps;
        let last = if term.is_shortened() { &texts.shortened } else { &texts.date };
        let (months, article) = (term.months.to_string(), rule("3(2)(c)"));
        let values = [("months", months.as_str()), ("day", &term.last.to_string()), ("rule", &article)];
        let mut counted = vec![fill(last, &values)];
        if !term.rest.is_empty() {
            let days: Vec<String> = term.rest.iter().map(|(day, _)| day.to_string()).collect();
            let values = [("days", days.join(", ")), ("day", term.due.to_string()), ("rule", rule("3(4)"))];
            counted.push(fill(&texts.rest, &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
        }
        counted
    }
}

fn rule(article: &str) -> String {
    format!("EEC/Euratom 1182/71, Art. {article}")
}

fn on(text: &str, day: Date) -> String {
    fill(text, &[("day", &day.to_string())])
}
