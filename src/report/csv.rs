//! Objections as CSV (RFC 4180), safe to open in a spreadsheet.

use ::csv::Writer;
use jiff::Timestamp;

use crate::objection::Objection;

/// The objections, in the order given, under a header line.
#[must_use]
pub fn objections(objections: &[Objection], now: Timestamp) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    // Writing to memory can't fail.
    let _ = writer.write_record([
        "id",
        "platform",
        "email",
        "country",
        "label",
        "state",
        "submitted_at",
        "due_on",
        "overdue",
        "case_number",
        "turn",
        "next",
        "next_on",
    ]);
    for o in objections {
        let next = o.next(now);
        let _ = writer.write_record([
            o.id.to_string(),
            o.platform.to_string(),
            inert(&o.email),
            o.country.clone().unwrap_or_default(),
            inert(o.label.as_deref().unwrap_or_default()),
            o.state.to_string(),
            o.submitted_at.to_string(),
            o.due_on().to_string(),
            o.is_overdue(now).to_string(),
            inert(o.case_numbers.first().map_or("", String::as_str)),
            next.turn.as_str().to_owned(),
            next.action.as_str().to_owned(),
            next.on.map(|day| day.to_string()).unwrap_or_default(),
        ]);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Text that a spreadsheet does not take for a formula (OWASP, CSV injection).
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
