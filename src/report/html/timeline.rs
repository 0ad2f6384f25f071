//! The picture of a history: a line with a point for each event and for each date that the law sets.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Voice;
use crate::objection::{Event, Kind, Standing};

const WIDTH: i64 = 820;
const LEFT: i64 = 12;
const RIGHT: i64 = WIDTH - LEFT;
/// Between two labels.
const STEP: i64 = 20;

/// The picture, in the units of its view box.
pub(super) struct Timeline {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) left: i64,
    pub(super) right: i64,
    pub(super) axis: i64,
    pub(super) points: Vec<Point>,
}

/// A point on the line, with its label beside it on a row that no other label has.
pub(super) struct Point {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) text_x: i64,
    pub(super) text_y: i64,
    pub(super) anchor: &'static str,
    /// Of which kind it is, for its colour.
    pub(super) kind: &'static str,
    pub(super) label: String,
}

/// What stands at a moment.
struct Dated {
    at: Timestamp,
    label: String,
}

impl Timeline {
    /// Events stand above the line, dates below it.
    pub(super) fn new(s: &Standing<'_>, events: &[Event], voice: &Voice<'_>) -> Self {
        let mut above: Vec<Dated> = events
            .iter()
            .filter(|e| !matches!(e.kind, Kind::Edited | Kind::Undone))
            .map(|e| Dated { at: e.at, label: format!("{} {}", voice.moment(e.at), voice.words().event(e, events)) })
            .collect();
        above.sort_by_key(|dated| dated.at);
        let below = dates(s, voice);
        let all = || above.iter().chain(&below).map(|dated| dated.at.as_second());
        let scale = Scale { from: all().min().unwrap_or(0), to: all().max().unwrap_or(0) };
        let rows = |dated: &[Dated]| i64::try_from(dated.len()).unwrap_or(0);
        let axis = rows(&above).saturating_add(1).saturating_mul(STEP);
        let height = rows(&below).saturating_add(2).saturating_mul(STEP).saturating_add(axis);
        let up = (1..)
            .map(|row: i64| row.saturating_neg())
            .zip(above.iter().rev())
            .map(|(row, dated)| scale.point(dated, axis, row, "event"));
        let down = (1..).zip(below.iter().rev()).map(|(row, dated)| scale.point(dated, axis, row, "date"));
        let points = up.chain(down).collect();
        Self { width: WIDTH, height, left: LEFT, right: RIGHT, axis, points }
    }
}

/// The due dates, and the day on which the page was made.
fn dates(s: &Standing<'_>, voice: &Voice<'_>) -> Vec<Dated> {
    let words = voice.words();
    let at = |day: Date| day.to_zoned_datetime(TimeZone::UTC).map_or(s.at, |zoned| zoned.timestamp());
    let due = |day: Date, article: &str| Dated { at: at(day), label: format!("{day} {}{article}", words.due) };
    let mut dates = vec![due(s.first_due_on, "")];
    dates.extend(s.extended_due_on.map(|day| due(day, " (Art. 12(3))")));
    dates.extend(
        s.paused_due_on.map(|day| due(day, if s.objection.is_british() { " (Art. 12A)" } else { " (Art. 12(6))" })),
    );
    dates.push(Dated { at: s.at, label: format!("{} {}", s.today, words.steps.page) });
    dates.sort_by_key(|dated| dated.at);
    dates
}

/// Where a moment stands on the line.
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

    /// A point whose label stands `row` rows below the line, or above it where that is negative.
    fn point(&self, dated: &Dated, axis: i64, row: i64, kind: &'static str) -> Point {
        let x = self.x(dated.at);
        let y = axis.saturating_add(row.saturating_mul(STEP));
        let is_left = x < WIDTH / 2;
        let text_x = if is_left { x.saturating_add(5) } else { x.saturating_sub(5) };
        let anchor = if is_left { "start" } else { "end" };
        Point { x, y, text_x, text_y: y.saturating_add(5), anchor, kind, label: dated.label.clone() }
    }
}
