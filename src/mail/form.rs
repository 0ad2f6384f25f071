//! Whether a mail would be read otherwise under other headers: asked where a signature leaves them out, so that whoever
//! sends the mail on could change them.

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders as _, PartType};

use super::{header, views};
use crate::system::panics;

/// Charsets in which ASCII is ASCII.
const ASCII: [&str; 4] = ["utf-8", "us-ascii", "iso-8859-", "windows-125"];
/// What stands in every HTML mail, and in no plain text.
const TAGS: [&str; 7] = ["</", "<!", "<br", "<html", "<body", "<p>", "<img"];
/// The kinds of multipart that are read differently (RFC 2046 §5.1, RFC 2387).
const MULTIPART: [&str; 4] = ["mixed", "alternative", "related", "digest"];

/// Whether another Content-Transfer-Encoding would make another text of the body: the one that stands there, or that
/// none stands there, does not follow from the body's own form.
pub(crate) fn hangs_on_encoding(raw: &[u8]) -> bool {
    let (headers, body_at) = header::scan(raw);
    let body = raw.get(body_at..).unwrap_or_default();
    let Some(message) = parse(raw) else { return true };
    // The parts have headers of their own, inside the body.
    if matches!(message.root_part().body, PartType::Multipart(_)) {
        return false;
    }
    let header = headers.iter().find(|h| h.is("Content-Transfer-Encoding"));
    let said = header.map_or_else(|| "7bit".to_owned(), |h| h.value.trim().to_lowercase());
    let is_plain = ["7bit", "8bit", "binary"].contains(&said.as_str());
    if is_base64(body) {
        return said != "base64";
    }
    match is_escaped(body) {
        Some(true) => said != "quoted-printable",
        Some(false) => !is_plain,
        None => !is_plain && said != "quoted-printable",
    }
}

/// Whether the text that is read out of a body is itself quoted-printable or base64: what a store makes of a mail whose
/// Content-Transfer-Encoding somebody took away.
pub(crate) fn is_encoded_twice(raw: &[u8]) -> bool {
    parse(raw).is_none_or(|message| match &message.root_part().body {
        PartType::Text(text) | PartType::Html(text) => {
            is_base64(text.as_bytes()) || is_escaped(text.as_bytes()) == Some(true)
        }
        _ => false,
    })
}

/// Whether a mail, or a part of it, is encrypted.
pub(super) fn is_encrypted(message: &Message<'_>) -> bool {
    let kinds = ["multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"];
    message.parts.iter().any(|part| match &part.body {
        PartType::Text(text) => text.lines().any(|line| line.trim() == "-----BEGIN PGP MESSAGE-----"),
        _ => part.content_type().is_some_and(|c| {
            let kind = format!("{}/{}", c.ctype(), c.subtype().unwrap_or_default());
            kinds.iter().any(|known| kind.eq_ignore_ascii_case(known))
        }),
    })
}

/// Whether a body is nothing but base64.
fn is_base64(body: &[u8]) -> bool {
    let bare: Vec<u8> = body.iter().copied().filter(|b| !b"\r\n".contains(b)).collect();
    let bare = bare.trim_ascii();
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    !bare.is_empty() && bare.len().is_multiple_of(4) && bare.iter().all(is_digit)
}

/// Whether every `=` begins an escape or a soft line break of quoted-printable (RFC 2045 §6.7), and one of them changes
/// what is read; `None` where there is no `=`, so that it is the same text under quoted-printable and without.
fn is_escaped(body: &[u8]) -> Option<bool> {
    let mut kinds = body.split(|b| *b == b'=').skip(1).map(Escape::of).peekable();
    kinds.peek()?;
    let kinds: Vec<Escape> = kinds.collect();
    Some(!kinds.contains(&Escape::None) && kinds.contains(&Escape::Text))
}

/// What an `=` begins.
#[derive(PartialEq, Eq)]
enum Escape {
    /// A character of text, or a soft line break.
    Text,
    /// A control character, as no text has: `?id=12345` in a link.
    Control,
    None,
}

impl Escape {
    fn of(after: &[u8]) -> Self {
        let pair = after.get(..2).filter(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        let byte = pair.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        let line = after.split(|b| *b == b'\n').next().unwrap_or_default();
        match byte {
            Some(byte) if byte < b' ' && !b"\t\r\n".contains(&byte) => Self::Control,
            Some(_) => Self::Text,
            None if line.trim_ascii().is_empty() => Self::Text,
            None => Self::None,
        }
    }
}

/// Whether another Content-Type would show other parts of the body, or other words.
pub(crate) fn hangs_on_type(raw: &[u8]) -> bool {
    let Some(message) = parse(raw) else { return true };
    let body = raw.get(header::scan(raw).1..).unwrap_or_default();
    let content = message.content_type();
    let kind = content.map_or_else(
        || "text/plain".to_owned(),
        |c| format!("{}/{}", c.ctype(), c.subtype().unwrap_or_default()).to_lowercase(),
    );
    let charset = content.and_then(|c| c.attribute("charset")).map(str::to_lowercase);
    match (kind.as_str(), &message.root_part().body) {
        ("text/plain", PartType::Text(text)) => !is_in(charset.as_deref(), text) || is_marked_up(text),
        ("text/html", PartType::Html(text)) => !is_in(charset.as_deref(), text) || !is_html(text),
        (kind, PartType::Multipart(_)) if kind.starts_with("multipart/") => {
            let boundary = content.and_then(|c| c.attribute("boundary")).unwrap_or_default();
            !is_enclosed(boundary, body) || !is_read_alike(boundary, body, &views(&message))
        }
        _ => true,
    }
}

/// Whether a text can only be of this charset, or is the same in all that it could be of.
fn is_in(charset: Option<&str>, text: &str) -> bool {
    let charset = charset.unwrap_or("utf-8");
    let is_told =
        if text.is_ascii() { ASCII.iter().any(|known| charset.starts_with(known)) } else { charset == "utf-8" };
    is_told && !text.contains(char::REPLACEMENT_CHARACTER)
}

/// Whether a text could be HTML, or have parts.
fn is_marked_up(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_boundary = |line: &str| line.strip_prefix("--").is_some_and(|rest| !rest.trim().is_empty());
    TAGS.iter().any(|tag| lower.contains(tag)) || text.lines().any(is_boundary)
}

/// Whether a text is HTML from its beginning to its end.
fn is_html(text: &str) -> bool {
    let lower = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_ascii_lowercase();
    ["<!doctype html", "<html"].iter().any(|start| lower.starts_with(start)) && lower.ends_with("</html>")
}

/// Whether a boundary is the one that the body begins and ends with.
fn is_enclosed(boundary: &str, body: &[u8]) -> bool {
    let (first, last) = (format!("--{boundary}"), format!("--{boundary}--"));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "'()+_,-./:=?".contains(c);
    let mut lines = body.trim_ascii().split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    !boundary.is_empty()
        && boundary.chars().all(is_plain)
        && lines.next() == Some(first.as_bytes())
        && lines.next_back() == Some(last.as_bytes())
}

/// Whether each kind of multipart shows these words, or one whole version of them.
fn is_read_alike(boundary: &str, body: &[u8], (shown, doubtful): &(Vec<String>, String)) -> bool {
    MULTIPART.iter().all(|kind| {
        let mut raw = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n").into_bytes();
        raw.extend_from_slice(body);
        let (read, in_doubt) = parse(&raw).map(|message| views(&message)).unwrap_or_default();
        let is_shown = |view: &String| shown.iter().any(|whole| whole.trim() == view.trim());
        !read.is_empty() && read.iter().all(is_shown) && in_doubt.trim() == doubtful.trim()
    })
}

/// Reads a mail. No header is parsed but those whose parts are used, for the parser goes on into the next header after
/// some dates, in `Received` too.
pub(super) fn parse(raw: &[u8]) -> Option<Message<'_>> {
    let parser = MessageParser::new()
        .with_mime_headers()
        .header_text(HeaderName::Subject)
        .header_address(HeaderName::From)
        .header_address(HeaderName::To)
        .header_id(HeaderName::MessageId);
    // Panics of the parser were fixed as late as 2026 (facts §2.1), so one more would not be a surprise.
    panics::caught(|| parser.parse(raw)).flatten()
}
