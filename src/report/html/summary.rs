//! All objections on one page.

use askama::Template;
use jiff::Timestamp;

use super::{EventRow, Page, Voice, render};
use crate::draft::{RecordTexts, Texts};
use crate::fault::Fault;
use crate::objection::{Event, Standing};
use crate::report::{line, next};

#[derive(Template)]
#[template(path = "report.html")]
struct Summary<'t> {
    page: Page,
    words: &'t RecordTexts,
    rows: Vec<OverviewRow>,
    objections: Vec<Section<'t>>,
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
struct Section<'t> {
    id: i64,
    title: String,
    facts: Vec<(&'t str, String)>,
    events: Vec<EventRow>,
}

/// The page, made `now`.
pub(crate) fn report(
    objections: &[(Standing<'_>, Vec<Event>)],
    texts: &Texts,
    now: Timestamp,
) -> Result<String, Fault> {
    let voice = &Voice::new(texts);
    let sections = objections.iter().map(|(s, events)| Section {
        id: s.objection.id.0,
        title: title(s, voice),
        facts: voice.facts(s),
        events: voice.rows(events),
    });
    render(&Summary {
        page: Page::new(voice, "Objections to the use of personal data for AI".to_owned(), now),
        words: voice.words(),
        rows: objections.iter().map(|(s, _)| overview(s, voice)).collect(),
        objections: sections.collect(),
    })
}

fn title(s: &Standing<'_>, voice: &Voice<'_>) -> String {
    let o = s.objection;
    format!("Objection {}: {}, {}", o.id, voice.platform(o.platform), line(&o.email))
}

fn overview(s: &Standing<'_>, voice: &Voice<'_>) -> OverviewRow {
    let o = s.objection;
    let label = o.label.as_ref().map(|label| format!("{}: ", line(label))).unwrap_or_default();
    OverviewRow {
        id: o.id.0,
        what: format!("{label}{}, {}", voice.platform(o.platform), line(&o.email)),
        submitted: o.local_day(o.submitted_at).to_string(),
        state: voice.words().state_of(o.state).to_owned(),
        due: s.due_on.to_string(),
        is_overdue: s.is_overdue,
        next: next(s),
    }
}
