//! Due dates as a calendar (RFC 5545), with an alarm each.

use chrono::Duration;
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property, Trigger};

use super::line;
use super::words::next;
use crate::mail::sha256;
use crate::objection::{Objection, Standing};

/// The alarm sounds so many hours after the due day began.
const MORNING: i64 = 9;

/// The most octets in a line, without its end.
const MAX_WIDTH: usize = 75;

/// A whole-day event on the due date of each pending objection.
pub(crate) fn calendar(objections: &[Standing<'_>]) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", concat!("-//tracker//", env!("CARGO_PKG_VERSION"), "//EN")));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    for standing in objections.iter().filter(|s| s.objection.state.is_pending()) {
        calendar.push(event(standing));
    }
    // The crate folds without counting the blank that a continuation begins with, and by characters where octets count.
    calendar.to_string().replace("\r\n ", "").lines().map(folded).collect()
}

/// A line in pieces of at most 75 octets (RFC 5545 §3.1), none of which ends within a character.
fn folded(line: &str) -> String {
    let (mut text, mut width) = (String::new(), 0_usize);
    for c in line.chars() {
        if width.saturating_add(c.len_utf8()) > MAX_WIDTH {
            text.push_str("\r\n ");
            width = 1;
        }
        text.push(c);
        width = width.saturating_add(c.len_utf8());
    }
    text + "\r\n"
}

fn event(s: &Standing<'_>) -> Event {
    let o = s.objection;
    let summary = format!("Answer due: objection {} ({}, {})", o.id, o.platform, line(&o.email));
    let (uid, stamp) = (uid(o), s.at.strftime("%Y%m%dT%H%M%SZ").to_string());
    let mut alarm = Alarm::display(&summary, Trigger::after_start(Duration::hours(MORNING)));
    // Left out, the crate makes up other ones at each export.
    alarm.uid(&format!("alarm-{uid}")).add_property("DTSTAMP", &stamp);
    let mut day = Property::new("DTSTART", s.answer_due_on.strftime("%Y%m%d").to_string());
    day.add_parameter("VALUE", "DATE");
    let mut event = Event::new();
    event
        .uid(&uid)
        .add_property("DTSTAMP", &stamp)
        .append_property(day)
        .summary(&summary)
        .description(&format!("State: {}. Next: {}", o.state, next(s)))
        .add_property("TRANSP", "TRANSPARENT")
        .alarm(alarm);
    event.done()
}

/// An id that is the same at every export, so that a calendar updates the event, and that no other event has.
fn uid(o: &Objection) -> String {
    let whole = sha256(format!("{} {} {}", o.id, o.email, o.recorded_at).as_bytes());
    format!("{}@tracker", whole.get(..32).unwrap_or(&whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_folded_at_75_octets_and_not_within_a_character() {
        for line in ["SUMMARY:".to_owned() + &"ü".repeat(200), "X:".to_owned() + &"a ".repeat(90), "X:😀".repeat(70)]
        {
            let folded = folded(&line);
            assert!(folded.split("\r\n").all(|piece| piece.len() <= MAX_WIDTH), "{folded}");
            assert_eq!(folded.replace("\r\n ", "").trim_end_matches("\r\n"), line);
        }
    }
}
