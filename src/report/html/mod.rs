//! Pages that are files of their own: they load nothing, by a content security policy, and all text from mails is escaped.

mod dossier;
mod summary;
mod timeline;
mod voice;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;

pub(crate) use dossier::dossier;
pub(crate) use summary::report;

use askama::Template;

use crate::fault::Fault;
use crate::mail;
use voice::Voice;

const STYLE: &str = include_str!("style.css");

/// What every page has.
struct Page {
    language: String,
    title: String,
    made: String,
    style: &'static str,
    /// The one style that the page's policy allows (CSP Level 3, §2.3.1 hash-source).
    style_hash: String,
}

impl Page {
    fn new(voice: &Voice<'_>, title: String, now: Timestamp) -> Self {
        let style_hash = format!("sha256-{}", BASE64_STANDARD.encode(mail::digest(STYLE.as_bytes())));
        Self { language: voice.code().to_owned(), title, made: voice.made(now), style: STYLE, style_hash }
    }
}

/// A page as a file.
fn render(page: &impl Template) -> Result<String, Fault> {
    page.render().map_err(|error| Fault::new(error.to_string()).remedy("report it as a bug"))
}

/// A row of the history.
struct EventRow {
    at: String,
    what: String,
    state: String,
    cause: String,
    note: String,
}
