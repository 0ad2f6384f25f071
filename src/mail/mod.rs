//! Raw bytes made into a `Mail`: who it says wrote it, to whom, when, and the text that a reader sees.

mod address;
mod hash;
pub mod header;
mod html;
mod style;
pub mod text;

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use mail_parser::{HeaderValue, Message, MessageParser, PartType};

pub(crate) use address::bare;
pub use address::{Address, AuthorFault, is_within};
use hash::{content_hash, signed_hash};
pub use hash::{digest, sha256};
pub use header::FormFault;
use header::Header;

/// Larger mail is not read: no answer of the controller comes near it.
pub const MAX_SIZE: usize = 1024 * 1024;
/// More of a body than this is not looked at.
const MAX_TEXT: usize = 256 * 1024;
/// More parts than this are not looked at.
const MAX_PARTS: usize = 32;

/// A mail, read but not yet judged.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its headers, strictly read, from the top down.
    pub headers: Vec<Header>,
    /// Its one author, or why there is none.
    pub author: Result<Address, AuthorFault>,
    /// What no genuine mail's header block has.
    pub form_fault: Option<FormFault>,
    /// Every domain that its From headers mention: whom it may pose as.
    pub claimed_domains: Vec<String>,
    /// The From header as a person reads it.
    pub from: String,
    /// The addresses in To. Whoever sends a signed mail on can add a Cc to it.
    pub recipients: Vec<Address>,
    /// The addresses in Delivered-To and X-Original-To above all Received headers: where it arrived, as the newest
    /// server says. Nobody where To names somebody, if only a group.
    pub delivered_to: Vec<Address>,
    /// The subject, decoded and normalised.
    pub subject: String,
    /// The Message-ID without its angle brackets.
    pub message_id: Option<String>,
    /// The Date header, if it is a date that exists.
    pub date: Option<Timestamp>,
    /// The author's words in each version of the body: plain text first, then HTML.
    pub views: Vec<String>,
    /// What a reader perhaps does not see: it can keep a mail from being applied, never decide.
    pub doubtful: String,
    /// SHA-256 of the raw bytes, in hexadecimal.
    pub sha256: String,
    /// SHA-256 of what does not change on the way: author, date, subject and body.
    pub content_sha256: String,
    /// The same, made so that what a signature allows to change (RFC 6376 §3.4: runs of blanks) does not change it.
    pub signed_sha256: String,
}

/// A mail that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not a mail at all.
    #[error("not a mail: it has no header")]
    NoHeader,
    /// The parser gave up.
    #[error("a mail that can't be parsed")]
    Unparsable,
}

impl Mail {
    /// Reads a raw mail.
    ///
    /// # Errors
    /// `NoHeader` for bytes that are no mail, `Unparsable` where the parser fails.
    pub fn parse(raw: &[u8]) -> Result<Self, Unreadable> {
        let (headers, body_at) = header::scan(raw);
        if headers.is_empty() {
            return Err(Unreadable::NoHeader);
        }
        // Panics of the parser were fixed as late as 2026 (facts §2.1), so one more would not be a surprise.
        let message = catch_unwind(AssertUnwindSafe(|| MessageParser::default().parse(raw)))
            .ok()
            .flatten()
            .ok_or(Unreadable::Unparsable)?;
        let body = raw.get(body_at..).unwrap_or_default();
        let (views, doubtful) = views(&message);
        Ok(Self {
            author: author(&headers, &message),
            form_fault: header::fault(raw.get(..body_at).unwrap_or_default(), &headers),
            claimed_domains: claimed_domains(&headers),
            from: from(&headers, &message),
            recipients: addresses(&message, "To"),
            delivered_to: delivered_to(&headers),
            subject: text::normalise(message.subject().unwrap_or_default()),
            message_id: message.message_id().map(str::to_owned),
            date: message.date().filter(|d| d.is_valid()).and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
            views,
            doubtful,
            sha256: sha256(raw),
            content_sha256: content_hash(&headers, body),
            signed_sha256: signed_hash(&headers, body),
            headers,
        })
    }

    /// What can be said of a mail that the parser gave up on: its headers as they stand. It has no author.
    #[must_use]
    pub fn unreadable(raw: &[u8]) -> Self {
        let (headers, body_at) = header::scan(raw);
        let value = |name| headers.iter().find(|h| h.is(name)).map(|h| h.value.trim().to_owned());
        Self {
            author: Err(AuthorFault::Malformed),
            form_fault: None,
            claimed_domains: claimed_domains(&headers),
            from: value("From").unwrap_or_default(),
            recipients: Vec::new(),
            delivered_to: raw_addresses(&headers, "To"),
            subject: text::normalise(&value("Subject").unwrap_or_default()),
            message_id: value("Message-ID").map(|id| id.trim_matches(['<', '>']).to_owned()),
            date: None,
            views: Vec::new(),
            doubtful: String::new(),
            sha256: sha256(raw),
            content_sha256: content_hash(&headers, raw.get(body_at..).unwrap_or_default()),
            signed_sha256: signed_hash(&headers, raw.get(body_at..).unwrap_or_default()),
            headers,
        }
    }

    /// The values of a header, from the top down.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |h| h.is(name)).map(|h| h.value.as_str())
    }

    /// When the newest server that handled it says so: the topmost Received header (RFC 5321 §4.4), else its Date.
    #[must_use]
    pub fn arrived_at(&self) -> Option<Timestamp> {
        let stamp = self.values("Received").next().and_then(|value| value.rsplit_once(';')).map(|(_, date)| date);
        stamp.and_then(|date| jiff::fmt::rfc2822::parse(date.trim()).ok()).map(|zoned| zoned.timestamp()).or(self.date)
    }
}

/// The header block of a raw mail, its blank line included.
#[must_use]
pub fn header_block(raw: &[u8]) -> &[u8] {
    raw.get(..header::scan(raw).1).unwrap_or(raw)
}

/// The one author (RFC 5322 §3.6.2), if a strict and a lax reader agree on it.
fn author(headers: &[Header], message: &Message<'_>) -> Result<Address, AuthorFault> {
    let strict: Vec<&Header> = headers.iter().filter(|h| h.is("From")).collect();
    if headers.iter().any(|h| h.poses_as("From") && !h.is("From")) {
        return Err(AuthorFault::Disguised);
    }
    let header = match strict.as_slice() {
        [] => return Err(AuthorFault::Missing),
        [one] => *one,
        several => return Err(AuthorFault::Repeated(several.len())),
    };
    let Some(mail_parser::Address::List(list)) = message.from() else { return Err(AuthorFault::NotOne) };
    let [one] = list.as_slice() else { return Err(AuthorFault::NotOne) };
    let address = one.address().and_then(Address::parse).ok_or(AuthorFault::NotOne)?;
    let bare = address::bare(&header.value);
    let is_plain = bare.matches('@').count() == 1
        && !header.value.contains(|c: char| c.is_control() && c != '\t')
        && Address::parse(innermost(&bare)).is_some_and(|strict| strict == address);
    if is_plain { Ok(address) } else { Err(AuthorFault::Malformed) }
}

/// What stands between the last `<` and `>`, or all of it.
fn innermost(bare: &str) -> &str {
    bare.rsplit_once('<').map_or(bare, |(_, rest)| rest.split_once('>').map_or("", |(address, _)| address))
}

fn claimed_domains(headers: &[Header]) -> Vec<String> {
    headers.iter().filter(|h| h.poses_as("From")).flat_map(|h| address::claimed_domains(&h.value)).collect()
}

/// The From header for display: decoded where it can be, else as it stands.
fn from(headers: &[Header], message: &Message<'_>) -> String {
    let decoded = message.from().and_then(|a| a.first()).map(|a| match (a.name(), a.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    });
    let raw = || headers.iter().find(|h| h.poses_as("From")).map_or("", |h| h.value.trim()).to_owned();
    decoded.filter(|text| !text.is_empty()).unwrap_or_else(raw)
}

fn addresses(message: &Message<'_>, name: &'static str) -> Vec<Address> {
    let values = message.header_values(name).filter_map(|value| match value {
        HeaderValue::Address(address) => Some(address),
        _ => None,
    });
    values.flat_map(mail_parser::Address::iter).filter_map(|a| a.address().and_then(Address::parse)).collect()
}

fn raw_addresses(headers: &[Header], name: &str) -> Vec<Address> {
    headers
        .iter()
        .filter(|h| h.is(name))
        .filter_map(|h| Address::parse(h.value.trim().trim_matches(['<', '>'])))
        .collect()
}

/// Where it arrived: as the newest server says, which writes above all that came with the mail.
fn delivered_to(headers: &[Header]) -> Vec<Address> {
    let newest = headers.iter().position(|h| h.is("Received")).unwrap_or(0);
    if headers.iter().any(|h| h.is("To")) {
        return Vec::new();
    }
    let own = headers.get(..newest).unwrap_or_default();
    [raw_addresses(own, "Delivered-To"), raw_addresses(own, "X-Original-To")].concat()
}

/// What a reader sees in each version of the body, and what perhaps not, normalised.
fn views(message: &Message<'_>) -> (Vec<String>, String) {
    let mut ids: Vec<u32> = message.text_body.iter().chain(&message.html_body).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let (mut plain, mut html, mut doubtful) = (String::new(), String::new(), String::new());
    for part in ids.into_iter().take(MAX_PARTS).filter_map(|id| message.part(id)) {
        match &part.body {
            PartType::Text(text) => plain.push_str(&text::own_words(&text::normalise(head(text)))),
            PartType::Html(text) => {
                let text = html::text(head(text));
                html.push_str(&text::normalise(&text.visible));
                doubtful.push_str(&text::normalise(&text.doubtful));
            }
            _ => continue,
        }
        plain.push_str("\n\n");
    }
    ([plain, html].into_iter().filter(|view| !view.trim().is_empty()).collect(), doubtful)
}

/// The beginning of a text, as much as is looked at.
fn head(text: &str) -> &str {
    let end = (0..=MAX_TEXT.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or(text)
}
