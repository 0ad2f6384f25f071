//! The law as data: which rule holds where and since when, and where that is read from.
//!
//! `docs/law.md` says in our words what each of them means here and how sure it is.

use jiff::civil::{Date, date};
use strum::IntoStaticStr;

/// Whose law an objection is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Regime {
    /// The European Union and the European Economic Area.
    Union,
    /// The United Kingdom.
    Kingdom,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The time to answer.
    Month,
    /// That the time stands still while information is asked for.
    Pause,
    /// That the time begins with the arrival of information on who the data subject is.
    Restart,
    /// How the time is counted.
    Count,
    /// The complaint to the controller itself.
    ComplaintToController,
    /// The complaint to the supervisory authority.
    Complaint,
    /// The time after which the authority must have told of progress.
    Progress,
}

/// How sure it is that a rule says what is made of it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Certainty {
    /// Its text, or a quotation of it, was read.
    Read,
    /// Others report it in their words.
    Reported,
    /// It is general knowledge, which no source at hand confirms.
    Unconfirmed,
}

/// A rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) topic: Topic,
    pub(crate) regime: Regime,
    /// The first day on which it holds.
    pub(crate) from: Date,
    /// The day on which it no longer holds.
    pub(crate) until: Option<Date>,
    /// What it is called where it is cited.
    pub(crate) article: &'static str,
    /// Where it is read from.
    pub(crate) source: &'static str,
    pub(crate) certainty: Certainty,
}

/// The day from which the GDPR applies (its Art. 99(2)).
const GDPR: Date = date(2018, 5, 25);
/// The day on which the United Kingdom's own version took its place there.
const UK_GDPR: Date = date(2021, 1, 1);
/// The days on which parts of the Data (Use and Access) Act 2025 came into force: SI 2026/82 reg. 2 and reg. 3.
const TIME_LIMITS: Date = date(2026, 2, 5);
const COMPLAINTS: Date = date(2026, 6, 19);

const fn union(topic: Topic, article: &'static str, source: &'static str, certainty: Certainty) -> Rule {
    Rule { topic, regime: Regime::Union, from: GDPR, until: None, article, source, certainty }
}

const fn kingdom(
    topic: Topic,
    days: (Date, Option<Date>),
    article: &'static str,
    source: &'static str,
    certainty: Certainty,
) -> Rule {
    Rule { topic, regime: Regime::Kingdom, from: days.0, until: days.1, article, source, certainty }
}

const QUOTED: &str = "its text as several public documents quote it";
const DUAA: &str = "https://www.legislation.gov.uk/ukpga/2025/18/section/103";

/// All of them. Those that later ones replace stay: a case keeps the law of its day.
pub(crate) static RULES: [Rule; 13] = {
    use Certainty::{Read, Reported, Unconfirmed};
    use Topic::{Complaint, ComplaintToController, Count, Month, Pause, Progress, Restart};
    [
        union(Month, "GDPR Art. 12(3)", QUOTED, Read),
        union(Pause, "GDPR Art. 12(6)", "https://blog.eprivacy.eu/?p=1491 on a case under Art. 60", Reported),
        union(Count, "Regulation 1182/71", "Art. 3(1), 3(2)(c) and 3(4) as public documents quote them", Read),
        union(Complaint, "GDPR Art. 77", QUOTED, Read),
        union(Progress, "GDPR Art. 78(2)", QUOTED, Read),
        kingdom(Month, (UK_GDPR, Some(TIME_LIMITS)), "UK GDPR Art. 12(3)", "taken over from the Union", Unconfirmed),
        kingdom(Pause, (UK_GDPR, Some(TIME_LIMITS)), "UK GDPR Art. 12(6)", "taken over from the Union", Unconfirmed),
        kingdom(
            Count,
            (UK_GDPR, None),
            "the ICO's rule",
            "the ICO, as mishcon.com and elrgpfed.com report it",
            Reported,
        ),
        kingdom(Complaint, (UK_GDPR, Some(COMPLAINTS)), "UK GDPR Art. 77", "taken over from the Union", Unconfirmed),
        kingdom(Month, (TIME_LIMITS, None), "UK GDPR Art. 12(3) and 12A", "SI 2026/82 reg. 2, as quoted", Reported),
        kingdom(
            Restart,
            (TIME_LIMITS, None),
            "UK GDPR Art. 12A",
            "SI 2026/82 reg. 2; DPA 2018 s. 54, its twin",
            Reported,
        ),
        kingdom(ComplaintToController, (COMPLAINTS, None), "DPA 2018 s. 164A", DUAA, Read),
        kingdom(Complaint, (COMPLAINTS, None), "DPA 2018 s. 165", DUAA, Read),
    ]
};

/// The Union and the European Economic Area, ISO 3166; `EL` is the Union's own code for Greece.
const MEMBERS: [&str; 31] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
    "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether the law of a country is known here. Without a country, the Union is meant.
pub(crate) fn is_known(country: Option<&str>) -> bool {
    country.is_none_or(|code| MEMBERS.contains(&code) || super::deadline::is_british(Some(code)))
}

impl Regime {
    /// The law of a country.
    pub(crate) fn of(country: Option<&str>) -> Self {
        if super::deadline::is_british(country) { Self::Kingdom } else { Self::Union }
    }

    /// The rule on a topic that holds on a day. Before the first rule of all the first one is taken.
    pub(crate) fn rule(self, topic: Topic, day: Date) -> Option<&'static Rule> {
        let mut rules = RULES.iter().filter(|rule| rule.topic == topic && rule.regime == self);
        let is_first = |rule: &&Rule| rule.from == UK_GDPR && day < rule.from;
        rules.find(|rule| rule.holds(day) || is_first(rule))
    }

    /// The rule on a topic that came into force after a day, where one did.
    pub(crate) fn later(self, topic: Topic, day: Date) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.topic == topic && rule.regime == self && rule.from > day && rule.from > UK_GDPR)
    }
}

impl Certainty {
    /// The word for it in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Rule {
    fn holds(&self, day: Date) -> bool {
        (self.from <= day || self.regime == Regime::Union) && self.until.is_none_or(|until| day < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(regime: Regime, topic: Topic, day: Date) -> Option<&'static str> {
        regime.rule(topic, day).map(|rule| rule.article)
    }

    #[test]
    fn the_law_of_the_kingdom_changed_on_two_days() {
        let (eve, day) = (date(2026, 2, 4), date(2026, 2, 5));
        assert_eq!(article(Regime::Kingdom, Topic::Month, eve), Some("UK GDPR Art. 12(3)"));
        assert_eq!(article(Regime::Kingdom, Topic::Month, day), Some("UK GDPR Art. 12(3) and 12A"));
        assert_eq!(article(Regime::Kingdom, Topic::Pause, eve), Some("UK GDPR Art. 12(6)"));
        assert_eq!(article(Regime::Kingdom, Topic::Pause, day), None);
        assert_eq!(article(Regime::Kingdom, Topic::Restart, eve), None);
        assert_eq!(article(Regime::Kingdom, Topic::Restart, day), Some("UK GDPR Art. 12A"));
        let (eve, day) = (date(2026, 6, 18), date(2026, 6, 19));
        assert_eq!(article(Regime::Kingdom, Topic::Complaint, eve), Some("UK GDPR Art. 77"));
        assert_eq!(article(Regime::Kingdom, Topic::Complaint, day), Some("DPA 2018 s. 165"));
        assert_eq!(article(Regime::Kingdom, Topic::ComplaintToController, eve), None);
        assert_eq!(article(Regime::Kingdom, Topic::ComplaintToController, day), Some("DPA 2018 s. 164A"));
    }

    #[test]
    fn on_no_day_do_two_rules_on_a_topic_hold() {
        for rule in &RULES {
            for other in RULES.iter().filter(|other| (other.topic, other.regime) == (rule.topic, rule.regime)) {
                assert!(std::ptr::eq(rule, other) || !(rule.holds(other.from) && other.holds(other.from)));
            }
            assert!(!rule.source.is_empty() && rule.until.is_none_or(|until| until > rule.from));
        }
    }

    #[test]
    fn what_the_union_has_holds_before_and_after() {
        for day in [date(2019, 1, 1), date(2026, 2, 5), date(2027, 1, 1)] {
            assert_eq!(article(Regime::Union, Topic::Complaint, day), Some("GDPR Art. 77"));
            assert_eq!(article(Regime::Union, Topic::Restart, day), None);
        }
        assert_eq!(article(Regime::Kingdom, Topic::Complaint, date(2020, 1, 1)), Some("UK GDPR Art. 77"));
    }
}
