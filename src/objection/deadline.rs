//! The month in which the controller must answer (GDPR Art. 12(3)), counted as Regulation (EEC, Euratom) 1182/71 has it.

use std::collections::BTreeMap;
use std::iter::successors;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::holiday::Calendar;

/// The next working day is never so many days away.
const MAX_ROLL: usize = 14;

/// A period, counted step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// The day of receipt, which does not count (Art. 3(1)).
    pub(crate) received: Date,
    /// How many months the controller has.
    pub(crate) months: i8,
    /// The same date so many months later, or the last day of a shorter month (Art. 3(2)(c)).
    pub(crate) last: Date,
    /// The days on which it can't end, and what they are (Art. 3(4)).
    pub(crate) rest: Vec<(Date, &'static str)>,
    /// The working day with whose last hour it ends.
    pub(crate) due: Date,
    calendar: Calendar,
}

/// The month from receipt (GDPR Art. 12(3)).
pub(super) fn month(received: Date, country: Option<&str>) -> Term {
    Term::new(received, 1, calendar(country))
}

/// The three months that the controller has once it announced two further ones: counted from receipt, not from the
/// first due date, which may have been moved (GDPR Art. 12(3), "extended by two further months").
pub(super) fn extended(received: Date, country: Option<&str>) -> Term {
    Term::new(received, 3, calendar(country))
}

impl Term {
    /// On a weekend or a public holiday of the controller's the period ends with the next working day (Art. 3(4)). The
    /// ICO counts the same way.
    fn new(received: Date, months: i8, calendar: Calendar) -> Self {
        let last = received.checked_add(Span::new().months(months)).unwrap_or(Date::MAX);
        let rest: Vec<_> = from(last).map_while(|day| calendar.rest(day).map(|why| (day, why))).collect();
        let due = rest.last().map_or(last, |(day, _)| day.tomorrow().unwrap_or(*day));
        Self { received, months, last, rest, due, calendar }
    }

    /// Whether the month of the last day is too short for the date of receipt.
    pub(crate) fn is_shortened(&self) -> bool {
        self.last.day() != self.received.day()
    }

    /// The day on which the period ends if it stood still for so many days.
    pub(crate) fn paused(&self, days: i32) -> Date {
        roll(self.last.checked_add(Span::new().days(days)).unwrap_or(Date::MAX), self.calendar)
    }

    /// The same term, had the objection been received on another day.
    pub(super) fn anew(&self, received: Date) -> Self {
        Self::new(received, self.months, self.calendar)
    }

    /// The first working day so many days after one.
    pub(super) fn working_day_after(&self, day: Date, days: i32) -> Date {
        roll(day.checked_add(Span::new().days(days)).unwrap_or(Date::MAX), self.calendar)
    }

    /// The country whose days of rest count.
    pub(crate) fn rest_in(&self) -> &'static str {
        self.calendar.country()
    }
}

/// The day after a day.
pub(super) fn day_after(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

/// The first working day from a day on.
fn roll(day: Date, calendar: Calendar) -> Date {
    from(day).find(|day| calendar.is_working_day(*day)).unwrap_or(day)
}

/// The days from a day on, as many as may have to be looked at.
fn from(day: Date) -> impl Iterator<Item = Date> {
    successors(Some(day), |day| day.tomorrow().ok()).take(MAX_ROLL)
}

/// The calendar day of a moment where the data subject lives. An objection counts as received on the day on which it was
/// sent there: in the Union that is never earlier than the day in Dublin, so no deadline is claimed to be over too soon.
pub(super) fn local_day(at: Timestamp, country: Option<&str>) -> Date {
    day_in(at, zone(country))
}

/// The day it is where the controller sits: a deadline ends with the last hour of its day there (Art. 3(2)(c)).
pub(super) fn today(now: Timestamp, country: Option<&str>) -> Date {
    let zone = match calendar(country) {
        Calendar::Ireland => "Europe/Dublin",
        Calendar::England => "Europe/London",
    };
    day_in(now, zone)
}

/// Meta's controller for the Union sits in Dublin; what the ICO supervises follows the English calendar (facts §3.3).
fn calendar(country: Option<&str>) -> Calendar {
    if is_british(country) { Calendar::England } else { Calendar::Ireland }
}

/// Whether a country is the United Kingdom, under either of its codes.
pub(crate) fn is_british(country: Option<&str>) -> bool {
    matches!(country, Some("GB" | "UK"))
}

/// Where the data subject's clock stands. One zone per country, that of most of its people; without a country, the
/// one of most of the Union.
fn zone(country: Option<&str>) -> &'static str {
    match country.unwrap_or_default() {
        "GB" | "UK" => "Europe/London",
        "IE" => "Europe/Dublin",
        "PT" => "Europe/Lisbon",
        "IS" => "Atlantic/Reykjavik",
        "BG" => "Europe/Sofia",
        "CY" => "Asia/Nicosia",
        "EE" => "Europe/Tallinn",
        "FI" => "Europe/Helsinki",
        "GR" | "EL" => "Europe/Athens",
        "LT" => "Europe/Vilnius",
        "LV" => "Europe/Riga",
        "RO" => "Europe/Bucharest",
        _ => "Europe/Brussels",
    }
}

fn day_in(at: Timestamp, zone: &'static str) -> Date {
    // Looking a zone up takes longer than counting with it, and a list of 10,000 asks tens of thousands of times.
    static ZONES: Mutex<BTreeMap<&str, TimeZone>> = Mutex::new(BTreeMap::new());
    let mut zones = ZONES.lock().unwrap_or_else(PoisonError::into_inner);
    let zone = zones.entry(zone).or_insert_with(|| TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    zone.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn due_on(received: Date, country: Option<&str>) -> Date {
        month(received, country).due
    }

    fn extended_due_on(received: Date, country: Option<&str>) -> Date {
        extended(received, country).due
    }

    /// Facts §3.2 and the table of the neighbours' mistakes, §5: received, due, extended due.
    const VECTORS: [(&str, &str, Option<&str>); 17] = [
        ("2024-06-25", "2024-07-25", Some("2024-09-25")),
        ("2024-01-31", "2024-02-29", Some("2024-04-30")),
        ("2025-01-31", "2025-02-28", Some("2025-04-30")),
        ("2025-03-31", "2025-04-30", Some("2025-06-30")),
        ("2025-05-14", "2025-06-16", Some("2025-08-14")),
        ("2025-05-24", "2025-06-24", Some("2025-08-25")),
        ("2025-05-26", "2025-06-26", Some("2025-08-26")),
        ("2025-07-04", "2025-08-05", Some("2025-10-06")),
        ("2024-11-25", "2024-12-27", Some("2025-02-25")),
        ("2025-08-31", "2025-09-30", Some("2025-12-01")),
        ("2025-11-30", "2025-12-30", Some("2026-03-02")),
        ("2025-05-27", "2025-06-27", None),
        ("2026-01-31", "2026-03-02", None),
        ("2026-02-27", "2026-03-27", None),
        ("2026-04-30", "2026-06-02", None), // 30 May is a Saturday, 1 June a public holiday
        ("2026-08-13", "2026-09-14", None),
        ("2026-10-31", "2026-11-30", None),
    ];

    #[test]
    fn the_month_ends_as_the_regulation_says() {
        for (received, due, extended) in VECTORS {
            assert_eq!(due_on(day(received), Some("DE")), day(due), "{received}");
            if let Some(extended) = extended {
                assert_eq!(extended_due_on(day(received), None), day(extended), "{received}");
            }
        }
    }

    #[test]
    fn british_objections_follow_the_english_calendar() {
        // The last Monday of August is a holiday there, the first one in Ireland.
        assert_eq!(due_on(day("2025-07-25"), Some("GB")), day("2025-08-26"));
        assert_eq!(due_on(day("2025-07-25"), Some("IE")), day("2025-08-25"));
        assert_eq!(due_on(day("2025-07-04"), Some("GB")), day("2025-08-04"));
    }

    #[test]
    fn a_day_is_the_one_of_the_data_subject_and_never_over_before_it_is_in_dublin() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        // Midnight in Berlin, as `--submitted 2025-05-14` records it there.
        assert_eq!(local_day(at("2025-05-13T22:00:00Z"), Some("DE")), day("2025-05-14"));
        assert_eq!(local_day(at("2025-05-13T22:00:00Z"), None), day("2025-05-14"));
        assert_eq!(local_day(at("2025-05-13T22:00:00Z"), Some("IE")), day("2025-05-13"));
        assert_eq!(today(at("2025-06-16T22:30:00Z"), Some("DE")), day("2025-06-16"));
        assert_eq!(today(at("2025-06-16T23:30:00Z"), Some("DE")), day("2025-06-17"));
    }

    #[test]
    fn the_steps_of_the_count_are_told() {
        let term = month(day("2024-11-25"), Some("DE"));
        let rest = vec![(day("2024-12-25"), "Christmas Day"), (day("2024-12-26"), "St Stephen's Day")];
        assert_eq!((term.last, term.rest, term.due), (day("2024-12-25"), rest, day("2024-12-27")));
        assert!(month(day("2025-01-31"), None).is_shortened() && !month(day("2025-02-28"), None).is_shortened());
    }

    #[test]
    fn a_pause_moves_the_last_day_before_it_is_rolled() {
        let term = month(day("2025-05-14"), Some("DE"));
        assert_eq!((term.last, term.due), (day("2025-06-14"), day("2025-06-16")));
        assert_eq!((term.paused(1), term.paused(2), term.paused(3)), (term.due, term.due, day("2025-06-17")));
    }

    proptest! {
        #[test]
        fn a_due_date_is_a_working_day_soon_after_a_month(offset in 0_i64..20_000) {
            let received = day("2018-05-25").checked_add(Span::new().days(offset)).expect("in range");
            for (country, calendar) in [("FR", Calendar::Ireland), ("GB", Calendar::England)] {
                let (due, extended) = (due_on(received, Some(country)), extended_due_on(received, Some(country)));
                let days = |to: Date| to.duration_since(received).as_hours() / 24;
                prop_assert!(calendar.is_working_day(due) && calendar.is_working_day(extended));
                prop_assert!((28..=36).contains(&days(due)), "{received}: {due}");
                prop_assert!((89..=97).contains(&days(extended)), "{received}: {extended}");
                // A later objection is never due earlier.
                prop_assert!(due_on(received.tomorrow().expect("in range"), Some(country)) >= due);
            }
        }
    }
}
