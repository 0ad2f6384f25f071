//! Raw bytes made into a `Mail`: who it says wrote it, to whom, when, and the text that a reader sees.

mod address;
mod form;
mod hash;
pub mod header;
mod html;
pub mod relay;
mod style;
pub mod text;

use jiff::Timestamp;
use mail_parser::{DateTime, HeaderValue, Message, PartType};

pub(crate) use address::bare;
pub use address::{Address, AuthorFault, is_within};
pub(crate) use form::{hangs_on_encoding, hangs_on_type, is_encoded_twice};
use hash::{content_hash, signed_hash};
pub use hash::{digest, sha256};
pub use header::FormFault;
use header::Header;
use relay::Relayed;

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
    /// Where its body begins, in bytes.
    pub body_at: usize,
    /// Its one author, or why there is none.
    pub author: Result<Address, AuthorFault>,
    /// What no genuine mail's header block has.
    pub form_fault: Option<FormFault>,
    /// The alias relay that it came through, and whom that names as its sender.
    pub relayed: Option<Relayed>,
    /// Every domain that its From headers mention: whom it may pose as.
    pub claimed_domains: Vec<String>,
    /// The From header as a person reads it.
    pub from: String,
    /// The addresses in To, whose absence means nobody. Whoever sends a signed mail on can add a Cc or a Delivered-To to it.
    pub recipients: Vec<Address>,
    /// The subject, decoded and normalised.
    pub subject: String,
    /// The Message-ID without its angle brackets.
    pub message_id: Option<String>,
    /// The Date header, if it is a date that exists.
    pub date: Option<Timestamp>,
    /// The author's words in each version of the body: plain text first, then HTML.
    pub views: Vec<String>,
    /// Whether it is encrypted (RFC 3156, RFC 8551, or `OpenPGP` in its text), by its sender or by its mailbox's provider.
    pub is_encrypted: bool,
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
    /// The parser gave up, or reads its headers otherwise than the strict scan.
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
        let message = form::parse(raw).ok_or(Unreadable::Unparsable)?;
        let form_fault = header::fault(raw.get(..body_at).unwrap_or_default(), &headers);
        if form_fault.is_none() && !is_read_alike(&message, &headers, body_at, raw.len()) {
            return Err(Unreadable::Unparsable);
        }
        let body = raw.get(body_at..).unwrap_or_default();
        let (views, doubtful) = views(&message);
        let (author, from) = (author(&headers, &message), from(&headers, &message));
        Ok(Self {
            relayed: relay::relayed(&headers, author.as_ref().ok(), &from),
            author,
            form_fault,
            claimed_domains: claimed_domains(&headers),
            from,
            recipients: addresses(&message, "To"),
            subject: text::normalise(message.subject().unwrap_or_default()),
            message_id: message.message_id().map(str::to_owned),
            date: date(&headers),
            views,
            is_encrypted: form::is_encrypted(&message),
            doubtful,
            sha256: sha256(raw),
            content_sha256: content_hash(&headers, body),
            signed_sha256: signed_hash(&headers, body),
            headers,
            body_at,
        })
    }

    /// What can be said of a mail that the parser gave up on: its headers as they stand. It has no author.
    pub fn unreadable(raw: &[u8]) -> Self {
        let (headers, body_at) = header::scan(raw);
        let value = |name| headers.iter().find(|h| h.is(name)).map(|h| h.value.trim().to_owned());
        Self {
            author: Err(AuthorFault::Malformed),
            relayed: None,
            form_fault: None,
            claimed_domains: claimed_domains(&headers),
            from: value("From").unwrap_or_default(),
            recipients: raw_addresses(&headers, "To"),
            subject: text::normalise(&value("Subject").unwrap_or_default()),
            message_id: value("Message-ID").map(|id| id.trim_matches(['<', '>']).to_owned()),
            date: None,
            views: Vec::new(),
            is_encrypted: false,
            doubtful: String::new(),
            sha256: sha256(raw),
            content_sha256: content_hash(&headers, raw.get(body_at..).unwrap_or_default()),
            signed_sha256: signed_hash(&headers, raw.get(body_at..).unwrap_or_default()),
            headers,
            body_at,
        }
    }

    /// The values of a header, from the top down.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |h| h.is(name)).map(|h| h.value.as_str())
    }

    /// When the newest server that handled it says so: the topmost Received header (RFC 5321 §4.4), else its Date.
    pub fn arrived_at(&self) -> Option<Timestamp> {
        let stamp = self.values("Received").next().and_then(|value| value.rsplit_once(';')).map(|(_, date)| date);
        stamp.and_then(|date| jiff::fmt::rfc2822::parse(date.trim()).ok()).map(|zoned| zoned.timestamp()).or(self.date)
    }
}

/// The header block of a raw mail, its blank line included.
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

/// Whether the parser finds the headers that decide, and the body, where the strict scan does.
fn is_read_alike(message: &Message<'_>, headers: &[Header], body_at: usize, end: usize) -> bool {
    let scanned = |name: &str| headers.iter().filter(|h| h.is(name)).count();
    let is_found = |name: &&'static str| message.header_values(*name).count() == scanned(name);
    let parsed_at = usize::try_from(message.root_part().raw_body_offset()).ok();
    header::ONCE.iter().all(is_found) && (body_at == end || parsed_at == Some(body_at))
}

/// The Date header, by itself: in a whole mail the parser takes what follows a zone of one letter (RFC 5322 §4.3) for a
/// part of it.
fn date(headers: &[Header]) -> Option<Timestamp> {
    let value = &headers.iter().find(|h| h.is("Date"))?.value;
    let date = DateTime::parse_rfc822(value).filter(DateTime::is_valid)?;
    Timestamp::from_second(date.to_timestamp()).ok()
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
