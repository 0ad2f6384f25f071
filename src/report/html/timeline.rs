//! The picture of a history: a line from the submission on, a mark for each event and for each date that the law sets.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::what;
use crate::objection::{Event, Kind, Standing};

const WIDTH: i64 = 820;
const LEFT: i64 = 12;
const RIGHT: i64 = WIDTH - LEFT;
/// Between two labels.
const STEP: i64 = 20;

/// The picture, in the units of its view box.
pub struct Timeline {
    pub width: i64,
    pub height: i64,
    pub left: i64,
    pub right: i64,
    pub axis: i64,
    pub marks: Vec<Mark>,
}

/// A point on the line, with its label on a row of its own.
pub struct Mark {
    pub x: i64,
    pub y: i64,
    pub text_x: i64,
    pub text_y: i64,
    pub anchor: &'static str,
    pub color: &'static str,
    pub label: String,
}

impl Timeline {
    /// Events stand above the line, dates below it.
    #[must_use]
    pub fn new(s: &Standing<'_>, events: &[Event]) -> Self {
        let mut above: Vec<(Timestamp, String)> = events
            .iter()
            .filter(|e| e.kind != Kind::Undone)
            .map(|e| (e.at, format!("{} {}", e.at.strftime("%-d %b %H:%M"), what(e, events))))
            .collect();
        above.sort_by_key(|(at, _)| *at);
        let below = dates(s);
        let all = || above.iter().chain(&below).map(|(at, _)| at.as_second());
        let scale = Scale { from: all().min().unwrap_or(0), to: all().max().unwrap_or(0) };
        let rows = |marks: &[(Timestamp, String)]| i64::try_from(marks.len()).unwrap_or(0);
        let axis = rows(&above).saturating_add(1).saturating_mul(STEP);
        let height = rows(&below).saturating_add(2).saturating_mul(STEP).saturating_add(axis);
        let up = (1..)
            .map(|row: i64| row.saturating_neg())
            .zip(above.iter().rev())
            .map(|(row, mark)| scale.mark(mark, axis, row, "#1d4f91"));
        let down = (1..).zip(below.iter().rev()).map(|(row, mark)| scale.mark(mark, axis, row, "#a4121b"));
        let marks = up.chain(down).collect();
        Self { width: WIDTH, height, left: LEFT, right: RIGHT, axis, marks }
    }
}

/// What the law's clock says: the due dates, and today where they are still to come.
fn dates(s: &Standing<'_>) -> Vec<(Timestamp, String)> {
    let at = |day: Date| day.to_zoned_datetime(TimeZone::UTC).map_or(s.at, |zoned| zoned.timestamp());
    let dated = |day: Date, what: &str| (at(day), format!("{} {what}", day.strftime("%-d %b %Y")));
    let mut marks = vec![dated(s.first_due_on, "one month: answer due")];
    marks.extend(s.extended_due_on.map(|day| dated(day, "extended: answer due")));
    marks.extend(s.paused_due_on.map(|day| dated(day, "due if the time stood still")));
    marks.push((s.at, format!("{} this page was made", s.at.strftime("%-d %b %Y"))));
    marks.sort_by_key(|(at, _)| *at);
    marks
}

/// From seconds to places on the line.
struct Scale {
    from: i64,
    to: i64,
}

impl Scale {
    fn x(&self, at: Timestamp) -> i64 {
        let span = self.to.saturating_sub(self.from).max(1);
        let part =
            at.as_second().saturating_sub(self.from).saturating_mul(RIGHT.saturating_sub(LEFT).saturating_sub(20));
        LEFT.saturating_add(10).saturating_add(part.checked_div(span).unwrap_or(0))
    }

    /// A mark whose label stands so many rows below the line, or above it where that is negative.
    fn mark(&self, (at, label): &(Timestamp, String), axis: i64, row: i64, color: &'static str) -> Mark {
        let x = self.x(*at);
        let y = axis.saturating_add(row.saturating_mul(STEP));
        let is_left = x < WIDTH / 2;
        let text_x = if is_left { x.saturating_add(5) } else { x.saturating_sub(5) };
        let anchor = if is_left { "start" } else { "end" };
        Mark { x, y, text_x, text_y: y.saturating_add(5), anchor, color, label: label.clone() }
    }
}
