//! Due dates as a calendar (RFC 5545), with an alarm each.

use chrono::Duration;
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property, Trigger};

use super::line;
use super::words::next;
use crate::mail::sha256;
use crate::objection::{Objection, Standing};

/// The alarm sounds so many hours after the due day began.
const MORNING: i64 = 9;

/// A whole-day event on the due date of each pending objection.
pub(crate) fn calendar(objections: &[Standing<'_>]) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", concat!("-//tracker//", env!("CARGO_PKG_VERSION"), "//EN")));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    for standing in objections.iter().filter(|s| s.objection.state.is_pending()) {
        calendar.push(event(standing));
    }
    calendar.to_string()
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
