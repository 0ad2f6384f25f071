//! What is known, told in many forms: tables, sentences, JSON, CSV, a calendar, pages. All of them read a `Standing`.

mod csv;
mod deadline;
mod html;
mod ics;
mod json;
mod mail;
mod redact;
mod show;
mod table;
mod words;
mod zip;

use crate::objection::{Event, Standing};
use crate::store::KeptMail;

pub(crate) use crate::mail::text::line;
pub use csv::objections as objections_csv;
pub(crate) use deadline::unread;
pub(crate) use html::{dossier, report as report_html};
pub(crate) use ics::calendar;
pub(crate) use json::{code, everything, explanation, mail, objection, objection_in_full, run};
pub(crate) use mail::{explanation as explanation_text, kept_mail};
pub(crate) use redact::redacted;
pub(crate) use show::objection as objection_text;
pub(crate) use table::held;
pub use table::objections;
pub(crate) use words::{change, doubt, held_as, missing, next, was, when};
pub(crate) use zip::zip;

/// An objection with all that is recorded of it.
pub(crate) struct Recorded<'o> {
    pub(crate) standing: Standing<'o>,
    /// Its history, in the order in which it became known.
    pub(crate) events: Vec<Event>,
    /// Its mails with their bytes, oldest first.
    pub(crate) mails: Vec<KeptMail>,
}
