//! The same values as a table, as lines, as JSON or as CSV.

mod csv;
mod deadline;
mod html;
mod ics;
mod json;
mod redact;
mod show;
mod table;
mod words;
mod zip;

use crate::objection::{Event, Standing};
use crate::store::KeptMail;
pub use csv::objections as objections_csv;
pub use deadline::steps;
pub use html::{dossier, report as report_html};
pub use ics::calendar;
pub use json::{Account, Mailbox, code, everything, explanation, mail, objection, objection_in_full, run};
pub use redact::redacted;
pub use show::{explanation as explanation_text, kept_mail, objection as objection_text};
pub use table::{held, objections};
pub use words::{change, held_as, missing, next, was, when};
pub use zip::zip;

/// An objection with all that is recorded of it.
pub struct Recorded<'o> {
    /// The objection.
    pub standing: Standing<'o>,
    /// Its history.
    pub events: Vec<Event>,
    /// Its mails with their bytes, oldest first.
    pub mails: Vec<KeptMail>,
}

/// A value from a mail or a person, safe for one line of a terminal.
#[must_use]
pub fn line(text: &str) -> String {
    crate::mail::text::printable(text, false)
}
