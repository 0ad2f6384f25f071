//! The time that a command runs at, and the times that people type.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use super::Failure;

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

fn whole_seconds(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Trunc)).unwrap_or(at)
}

/// Parses a time that is not in the future: RFC 3339, or a date, which means the start of that day in local time.
pub fn parse_when(option: &str, text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let fault = |what: &str| {
        Failure::usage(format!("`{option}`: `{text}` {what}"))
            .remedy("write a time such as 2026-11-24T12:00:00Z, or a date such as 2026-11-24")
    };
    let at = match (text.parse::<Timestamp>(), text.parse::<Date>()) {
        (Ok(at), _) => at,
        (Err(_), Ok(day)) if text.len() == "2026-11-24".len() => {
            day.to_zoned_datetime(TimeZone::system()).map_err(|_| fault("is out of range"))?.timestamp()
        }
        _ => return Err(fault("is neither a time nor a date")),
    };
    // Another machine's clock may be a little ahead of this one.
    if at > now.saturating_add(jiff::SignedDuration::from_mins(5)).unwrap_or(now) {
        return Err(fault("is in the future"));
    }
    Ok(whole_seconds(at))
}
