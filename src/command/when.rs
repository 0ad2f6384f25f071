//! The time that a command runs at, and the times that people type.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Unit, ZonedDateTime};

use super::Failure;

/// Where the month is written before the day, of the countries that Meta's forms name (Unicode CLDR 48, short dates).
const MONTH_FIRST: [&str; 2] = ["US", "PH"];
/// In seconds.
const DAY: i64 = 24 * 60 * 60;
/// When Meta first let people object to the training of its AI, in seconds since 1970.
const MAY_2024: i64 = 1_714_521_600;

/// The time in whole seconds, as the record keeps it: the system's, or `$TRACKER_NOW` for tests and for replaying.
pub fn now() -> Result<Timestamp, Failure> {
    let now = match std::env::var("TRACKER_NOW") {
        Ok(text) => text.parse().map_err(|_| {
            Failure::usage(format!("environment variable `TRACKER_NOW`: `{text}` is not a time"))
                .remedy("write 2026-11-24T12:00:00Z")
        })?,
        Err(_) => Timestamp::now(),
    };
    Ok(whole_seconds(now))
}

/// Refuses to judge mail by a clock that can't be right: the system's stands before the program was built, or the time that
/// is given stands before Meta had a form to object with.
pub fn trust_clock(now: Timestamp) -> Result<(), Failure> {
    let built: i64 = env!("TRACKER_BUILT").parse().unwrap_or_default();
    let earliest = if std::env::var_os("TRACKER_NOW").is_some() { MAY_2024 } else { built };
    if now.as_second() >= earliest.saturating_sub(DAY) {
        return Ok(());
    }
    let what = format!("this machine's clock says {now}, which can't be: this program is younger");
    Err(Failure::unavailable(what).remedy("set the clock, then run again; nothing is judged until then"))
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Trunc)).unwrap_or(at)
}

/// Parses a time that is not in the future, as people of a country write it, in local time: see [`parse`].
pub fn parse_when(option: &str, text: &str, country: Option<&str>, now: Timestamp) -> Result<Timestamp, Failure> {
    let fault = |what: &str| {
        Failure::usage(format!("`{option}`: `{text}` {what}"))
            .remedy("write a date such as 2026-11-24 or 24.11.2026, a time such as 2026-11-24 14:30, or `2 days ago`")
    };
    let zone = TimeZone::system();
    let at = parse(text.trim(), country, &now.to_zoned_datetime(zone)).map_err(|wrong| fault(wrong.as_str()))?;
    // Another machine's clock may be a little ahead of this one.
    if at > now.saturating_add(jiff::SignedDuration::from_mins(5)).unwrap_or(now) {
        return Err(fault("is in the future"));
    }
    Ok(whole_seconds(at))
}

/// What is wrong with a time that somebody typed.
#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    Empty,
    Unreadable,
    Ambiguous,
}

impl Wrong {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::Unreadable => "is neither a time nor a date",
            Self::Ambiguous => "may be two days, for countries differ in what comes first",
        }
    }
}

/// Reads RFC 3339; a date, which means the start of that day, or a date and a time of day; `today`, `yesterday`; how long ago
/// it is.
fn parse(text: &str, country: Option<&str>, now: &ZonedDateTime) -> Result<Timestamp, Wrong> {
    let local = |at: DateTime| at.to_zoned_datetime(now.time_zone().clone()).map(|at| at.timestamp());
    if text.is_empty() {
        return Err(Wrong::Empty);
    }
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    let span = text.parse::<Span>().ok().filter(|span| span.is_negative() && text.ends_with("ago"));
    let at = match text {
        "today" => local(now.date().into()),
        "yesterday" => now.yesterday().and_then(|day| local(day.date().into())),
        _ if span.is_some() => now.checked_add(span.unwrap_or_default()).map(|at| at.timestamp()),
        _ => {
            let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
            let time = Time::strptime("%H:%M:%S", time).or_else(|_| Time::strptime("%H:%M", time));
            local(parse_day(day, country)?.to_datetime(time.map_err(|_| Wrong::Unreadable)?))
        }
    };
    at.map_err(|_| Wrong::Unreadable)
}

/// Reads 2026-11-24, 24.11.2026, 24/11/2026, 24-11-2026; where the month comes first in a country, 11/24/2026.
fn parse_day(text: &str, country: Option<&str>) -> Result<Date, Wrong> {
    let numbers: Option<Vec<i16>> = text.split(['-', '.', '/']).map(|part| part.parse().ok()).collect();
    let [first, second, third] = numbers.as_deref().unwrap_or_default() else { return Err(Wrong::Unreadable) };
    let (year, month, day) = if *first > 31 {
        (*first, *second, *third)
    } else if text.contains('.') || *first > 12 || first == second {
        (*third, *second, *first)
    } else {
        match country {
            Some(country) if MONTH_FIRST.contains(&country) => (*third, *first, *second),
            Some(_) => (*third, *second, *first),
            None if *second > 12 => (*third, *first, *second),
            None => return Err(Wrong::Ambiguous),
        }
    };
    let part = |number: i16| i8::try_from(number).map_err(|_| Wrong::Unreadable);
    if year < 1000 {
        return Err(Wrong::Unreadable);
    }
    Date::new(year, part(month)?, part(day)?).map_err(|_| Wrong::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, country: Option<&str>) -> Result<String, Wrong> {
        let now = "2026-11-24T12:00:00[Europe/Berlin]".parse().unwrap();
        parse(text, country, &now).map(|at| at.to_string())
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, country, at) in [
            ("2026-11-24T12:00:00Z", None, "2026-11-24T12:00:00Z"),
            ("2026-11-20", None, "2026-11-19T23:00:00Z"),
            ("2026-11-20 14:30", None, "2026-11-20T13:30:00Z"),
            ("2026-11-20T14:30:10", None, "2026-11-20T13:30:10Z"),
            ("20.11.2026", None, "2026-11-19T23:00:00Z"),
            ("3.4.2026", None, "2026-04-02T22:00:00Z"),
            ("3.4.2026 9:05", None, "2026-04-03T07:05:00Z"),
            ("20/11/2026", None, "2026-11-19T23:00:00Z"),
            ("3/4/2026", Some("FR"), "2026-04-02T22:00:00Z"),
            ("3/4/2026", Some("US"), "2026-03-03T23:00:00Z"),
            ("11/20/2026", None, "2026-11-19T23:00:00Z"),
            ("4/4/2026", None, "2026-04-03T22:00:00Z"),
            ("today", None, "2026-11-23T23:00:00Z"),
            ("yesterday", None, "2026-11-22T23:00:00Z"),
            ("2 weeks ago", None, "2026-11-10T11:00:00Z"),
            ("1 month ago", None, "2026-10-24T10:00:00Z"),
        ] {
            assert_eq!(read(text, country).as_deref(), Ok(at), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_or_two_is_refused() {
        for (text, country, wrong) in [
            ("", None, Wrong::Empty),
            ("soon", None, Wrong::Unreadable),
            ("3/4/2026", None, Wrong::Ambiguous),
            ("3-4-2026", None, Wrong::Ambiguous),
            ("31.2.2026", None, Wrong::Unreadable),
            ("11/20/2026", Some("FR"), Wrong::Unreadable),
            ("20.11.26", None, Wrong::Unreadable),
            ("2 weeks", None, Wrong::Unreadable),
            ("2026-11-20 25:00", None, Wrong::Unreadable),
        ] {
            assert_eq!(read(text, country), Err(wrong), "{text}");
        }
    }
}
