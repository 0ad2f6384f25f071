//! The keys that DKIM signatures are verified with (RFC 6376 §3.6.1). They are handed in: nothing is asked for here.

use std::collections::HashMap;

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;

use super::tags::Tags;

/// Smaller RSA keys can be broken (RFC 8301 §3.2).
const MIN_BITS: usize = 1024;
/// Smaller ones than this should not be used any more.
const GOOD_BITS: usize = 2048;

/// What DNS said about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These TXT records stand there.
    Records(Vec<Vec<u8>>),
    /// None does; why, in words.
    Absent(String),
    /// It could not be asked; why, in words.
    Unreachable(String),
}

/// The answers known so far, by name.
#[derive(Debug, Clone, Default)]
pub struct Keys(HashMap<String, Answer>);

impl Keys {
    /// Notes an answer.
    pub fn insert(&mut self, name: String, answer: Answer) {
        self.0.insert(name, answer);
    }

    /// All answers.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.0.values()
    }

    /// What is known of a name; `None` where it was not asked for.
    pub fn answer(&self, name: &str) -> Option<&Answer> {
        self.0.get(name)
    }
}

/// Where a signature's key stands; `None` if that is no name that DNS could hold.
pub fn name(selector: &str, domain: &str) -> Option<String> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    let name = format!("{selector}._domainkey.{domain}").to_lowercase();
    (name.len() <= 253 && name.split('.').all(is_label)).then(|| format!("{name}."))
}

/// A key that may be used.
pub struct Key {
    /// The key itself.
    pub key: DomainKey,
    /// What it is, in words.
    pub kind: String,
    /// Whether the signature's identity must be of just its domain (`t=s`).
    pub is_strict: bool,
}

/// Why no usable DKIM key was found in DNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoKey {
    /// It is gone, or was taken back: nothing can be said any more.
    Gone(String),
    /// A key exists but must not be used: of the wrong kind, for tests only, too weak, or unreadable. The text says why.
    Refused(String),
}

/// Reads the first record that is a key, for signatures by `ed25519` or `rsa`.
///
/// # Errors
/// Why none of them can be used.
pub fn read(records: &[Vec<u8>], kind: &str) -> Result<Key, NoKey> {
    let texts = records.iter().map(|record| String::from_utf8_lossy(record));
    let is_key = |tags: &Tags| tags.get("p").is_some() && tags.get("v").is_none_or(|v| v == "DKIM1");
    let found = texts.filter_map(|text| Tags::parse(&text).map(|tags| (tags, text))).find(|(tags, _)| is_key(tags));
    let Some((tags, text)) = found else { return Err(NoKey::Gone("what stands in DNS is no key".to_owned())) };
    if tags.get("p").is_some_and(|p| p.chars().all(char::is_whitespace)) {
        return Err(NoKey::Gone("its key was revoked".to_owned()));
    }
    let refused = |why: &str| Err(NoKey::Refused(why.to_owned()));
    let lacks = |tag: &str, one_of: &[&str]| {
        tags.list(tag).is_some_and(|list| !list.iter().any(|item| one_of.contains(&item.as_str())))
    };
    if !tags.get("k").unwrap_or("rsa").eq_ignore_ascii_case(kind) {
        return refused("its key is of another kind");
    }
    if lacks("h", &["sha256"]) || lacks("s", &["*", "email"]) {
        return refused("its key is not for such signatures");
    }
    let flags = tags.list("t").unwrap_or_default();
    if flags.iter().any(|flag| flag == "y") {
        return refused("its key is for tests only (t=y)");
    }
    let Ok(key) = DomainKey::parse(text.as_bytes()) else { return refused("its key can't be read") };
    let bits = key.p.public_key_bits();
    let kind = match (kind, bits) {
        ("rsa", ..MIN_BITS) => return refused(&format!("its RSA key of {bits} bits is too weak")),
        ("rsa", ..GOOD_BITS) => format!("weak: RSA of {bits} bits"),
        ("rsa", _) => format!("RSA of {bits} bits"),
        _ => "Ed25519".to_owned(),
    };
    Ok(Key { key, kind, is_strict: flags.iter().any(|flag| flag == "s") })
}
