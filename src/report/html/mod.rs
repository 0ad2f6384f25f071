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
    style: String,
    /// The one style that the page's policy allows (CSP Level 3, §2.3.1 hash-source).
    style_hash: String,
}

impl Page {
    fn new(voice: &Voice<'_>, title: String, now: Timestamp) -> Self {
        let style = format!("{STYLE}{}", running_head(&title));
        let style_hash = format!("sha256-{}", BASE64_STANDARD.encode(mail::digest(style.as_bytes())));
        Self { language: voice.code().to_owned(), title, made: voice.made(now), style, style_hash }
    }
}

/// The title at the head of each sheet after the first, when the page is printed. A margin box takes no text from the page
/// itself, so the text stands in the style, where nothing of it may end the string or the style.
fn running_head(title: &str) -> String {
    let text: String = title.chars().filter(|c| !matches!(c, '"' | '\\' | '<') && !c.is_control()).collect();
    format!(
        "@page {{ @top-left {{ content: \"{text}\"; font: 9pt sans-serif; }} }}\n@page :first {{ @top-left {{ content: none; }} }}\n"
    )
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
