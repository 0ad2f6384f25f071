//! A strict reading of the header block: exact names, top-down, nothing merged.
//!
//! The mail parser takes the last of repeated headers and reads `Fr om:` as From (facts §2.1). What a sender is
//! believed by is therefore read here.

/// What RFC 5322 §3.6 and RFC 2045 §3 allow once, and what a reader is shown or a body is decoded by. Where one stands
/// twice, a signature covers one and a reader may be shown the other.
pub const ONCE: [&str; 7] =
    ["From", "To", "Subject", "Date", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];

/// One header line, unfolded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The name as written.
    pub name: String,
    /// The value, unfolded (RFC 5322 §2.2.3), not decoded.
    pub value: String,
}

/// What no genuine mail's header block has, because two readers would read it differently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// A NUL.
    #[error("its header holds a NUL")]
    Nul,
    /// A CR that ends no line.
    #[error("its header holds a bare CR")]
    BareCr,
    /// A line that is neither a header nor the continuation of one.
    #[error("its header holds a line that is no header")]
    NoHeader,
    /// A header that may stand once stands twice.
    #[error("it has {1} `{0}` headers")]
    Repeated(&'static str, usize),
    /// A header that lax readers take for another.
    #[error("it has a header that poses as `{0}`")]
    Disguised(&'static str),
}

impl Header {
    /// Whether it bears this name; letter case does not matter.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether a lax reader would take it for this header: its name with whitespace and whatever else is not printable
    /// ASCII left out.
    pub fn poses_as(&self, name: &str) -> bool {
        let bare: String = self.name.chars().filter(char::is_ascii_graphic).collect();
        bare.eq_ignore_ascii_case(name)
    }
}

/// The headers of a raw mail from the top down, and where its body begins.
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
        } else if let Some((name, value)) = text.split_once(':').filter(|_| !is_envelope(&headers, text)) {
            headers.push(Header { name: name.to_owned(), value: value.to_owned() });
        } else if is_envelope(&headers, text) {
            // Left by `formail` and by exports.
        } else if headers.is_empty() {
            break;
        }
    }
    (headers, at)
}

/// Whether a line is the envelope line of an mbox (RFC 4155): it stands before all headers.
fn is_envelope(headers: &[Header], line: &str) -> bool {
    headers.is_empty() && line.starts_with("From ")
}

/// What is wrong with the form of a header block.
pub fn fault(block: &[u8], headers: &[Header]) -> Option<FormFault> {
    if block.contains(&0) {
        return Some(FormFault::Nul);
    }
    let mut lines = block.split_inclusive(|b| *b == b'\n');
    if lines.any(|line| line.strip_suffix(b"\r\n").or(line.strip_suffix(b"\n")).unwrap_or(line).contains(&b'\r')) {
        return Some(FormFault::BareCr);
    }
    let is_odd = |line: &[u8]| {
        let line = line.trim_ascii_end();
        // RFC 5322 §2.2: a name is of printable ASCII without the colon. Blanks before the colon are obsolete (§4.5).
        let name = line.split(|b| *b == b':').next().unwrap_or(line);
        !line.is_empty() && (name.len() == line.len() || name.is_empty())
    };
    let is_continued = |line: &[u8]| line.starts_with(b" ") || line.starts_with(b"\t");
    let mut lines = block.split(|b| *b == b'\n').enumerate();
    if lines.any(|(at, line)| {
        let is_first = at == 0;
        if is_continued(line) { is_first } else { is_odd(line) && !(is_first && line.starts_with(b"From ")) }
    }) {
        return Some(FormFault::NoHeader);
    }
    ONCE.into_iter().find_map(|name| {
        let count = headers.iter().filter(|h| h.is(name)).count();
        if headers.iter().any(|h| h.poses_as(name) && !h.is(name)) {
            Some(FormFault::Disguised(name))
        } else {
            (count > 1).then_some(FormFault::Repeated(name, count))
        }
    })
}
