//! All objections on one page.

use askama::Template;
use jiff::Timestamp;

use super::{EventRow, Page, facts, platform, render, rows, spaced};
use crate::fault::Fault;
use crate::objection::{Event, Standing};
use crate::report::{line, next};

#[derive(Template)]
#[template(path = "report.html")]
struct Summary {
    page: Page,
    rows: Vec<OverviewRow>,
    objections: Vec<Section>,
}

/// A line of the overview.
struct OverviewRow {
    id: i64,
    what: String,
    submitted: String,
    state: String,
    due: String,
    is_overdue: bool,
    next: String,
}

/// An objection at length.
struct Section {
    title: String,
    facts: Vec<(&'static str, String)>,
    events: Vec<EventRow>,
}

/// The page, made `now`.
pub(crate) fn report(objections: &[(Standing<'_>, Vec<Event>)], now: Timestamp) -> Result<String, Fault> {
    let sections =
        objections.iter().map(|(s, events)| Section { title: title(s), facts: facts(s), events: rows(events) });
    render(&Summary {
        page: Page::new("Objections to the use of personal data for AI".to_owned(), now),
        rows: objections.iter().map(|(s, _)| overview(s)).collect(),
        objections: sections.collect(),
    })
}

fn title(s: &Standing<'_>) -> String {
    let o = s.objection;
    format!("Objection {}: {}, {}", o.id, platform(o.platform), line(&o.email))
}

fn overview(s: &Standing<'_>) -> OverviewRow {
    let o = s.objection;
    let label = o.label.as_ref().map(|label| format!("{}: ", line(label))).unwrap_or_default();
    OverviewRow {
        id: o.id.0,
        what: format!("{label}{}, {}", platform(o.platform), line(&o.email)),
        submitted: o.local_day(o.submitted_at).to_string(),
        state: spaced(o.state.as_str()),
        due: s.due_on.to_string(),
        is_overdue: s.is_overdue,
        next: next(s),
    }
}
