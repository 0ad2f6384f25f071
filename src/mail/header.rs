//! A strict reading of the header block: exact names, top-down, nothing merged.
//!
//! The mail parser takes the last of repeated headers and reads `Fr om:` as From (facts §2.1). What a sender is
//! believed by is therefore read here.

/// One header line, unfolded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The name as written.
    pub name: String,
    /// The value, unfolded (RFC 5322 §2.2.3), not decoded.
    pub value: String,
}

impl Header {
    /// Whether it bears this name; letter case does not matter.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The headers of a raw mail from the top down, and where its body begins.
#[must_use]
pub fn scan(raw: &[u8]) -> (Vec<Header>, usize) {
    let mut headers: Vec<Header> = Vec::new();
    let mut at = 0_usize;
    for line in raw.split_inclusive(|b| *b == b'\n') {
        at = at.saturating_add(line.len());
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            break;
        }
        if text.starts_with([' ', '\t']) {
            if let Some(last) = headers.last_mut() {
                last.value.push_str(text);
            }
        } else if let Some((name, value)) = text.split_once(':') {
            headers.push(Header { name: name.to_owned(), value: value.to_owned() });
        } else if headers.is_empty() && text.starts_with("From ") {
            // The envelope line of an mbox (RFC 4155), left by `formail` and by exports.
        } else if headers.is_empty() {
            break;
        }
    }
    (headers, at)
}
