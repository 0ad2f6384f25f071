//! Mail addresses, and the one author that a believable mail has.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// An address, its domain in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    local: String,
    domain: String,
}

/// Why a mail has no author that could be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorFault {
    /// No From header.
    #[error("it has no From header")]
    Missing,
    /// RFC 5322 §3.6 allows one From header.
    #[error("it has {0} From headers")]
    Repeated(usize),
    /// A header that lax readers take for From, such as `Fr om:`.
    #[error("it has a header that poses as From")]
    Disguised,
    /// Several authors, a group, or no address at all.
    #[error("its From header does not name exactly one address")]
    NotOne,
    /// Something that a strict reader and a lax one read differently.
    #[error("its From header is malformed")]
    Malformed,
}

impl Address {
    /// Reads `local@domain`; `None` unless it is one plain address.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.trim().rsplit_once('@')?;
        let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
        let is_domain = |d: &str| !d.is_empty() && d.split('.').all(|label| !label.is_empty());
        (!local.is_empty() && local.chars().all(plain) && domain.chars().all(plain) && is_domain(domain))
            .then(|| Self { local: local.to_owned(), domain: domain.to_lowercase() })
    }

    /// The part before the `@`, as written.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The part after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether mail to either reaches the same person. RFC 5321 §2.4 would let the local part differ by case; no provider
    /// does. A domain can be written in its own letters or as A-labels (RFC 5890), and Gmail has two domains and ignores
    /// dots (support.google.com/mail/answer/7436150, 2026-11).
    pub fn is_same(&self, other: &Self) -> bool {
        self.mailbox() == other.mailbox()
    }

    /// The form in which addresses of one mailbox are equal.
    fn mailbox(&self) -> (String, String) {
        let local: String = self.local.to_lowercase().nfc().collect();
        let domain = idna::domain_to_ascii(&self.domain).unwrap_or_else(|_| self.domain.clone());
        match domain.as_str() {
            "gmail.com" | "googlemail.com" => (local.replace('.', ""), "gmail.com".to_owned()),
            _ => (local, domain),
        }
    }

    /// The address without its `+detail` (RFC 5233); itself if it has none.
    #[must_use]
    pub fn without_detail(&self) -> Self {
        let local = self.local.split_once('+').map_or(self.local.as_str(), |(base, _)| base);
        Self { local: local.to_owned(), domain: self.domain.clone() }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// Whether `domain` is `parent` or below it, compared label by label.
pub fn is_within(domain: &str, parent: &str) -> bool {
    domain.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// What is left of a structured header value without comments and quoted strings (RFC 5322 §3.2): the part in which
/// an `@` is an address.
pub(crate) fn bare(value: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth = depth.saturating_add(1),
            ')' if !quoted && depth > 0 => depth = depth.saturating_sub(1),
            _ if !quoted && depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Every domain that follows an `@` anywhere in a value: whom a mail may pose as.
pub(super) fn claimed_domains(value: &str) -> Vec<String> {
    let is_domain = |c: &char| c.is_alphanumeric() || *c == '.' || *c == '-';
    value
        .split('@')
        .skip(1)
        .map(|rest| rest.chars().take_while(is_domain).collect::<String>().trim_matches('.').to_lowercase())
        .filter(|domain| !domain.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_has_several_addresses() {
        let is_same = |a: &str, b: &str| Address::parse(a).unwrap().is_same(&Address::parse(b).unwrap());
        for (a, b) in [
            ("nora@müller.example", "Nora@xn--mller-kva.example"),
            ("nora@MU\u{308}LLER.example", "nora@müller.example"),
            ("zo\u{eb}@example.org", "Zoe\u{308}@example.org"),
            ("nora.test@gmail.com", "noratest@googlemail.com"),
        ] {
            assert!(is_same(a, b) && is_same(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("nora.test@example.org", "noratest@example.org"),
            ("nora@müller.example", "nora@muller.example"),
            ("nora@gmail.com", "nora@gmail.com.example"),
            ("zoë@example.org", "zoe@example.org"),
            ("nora+a@gmail.com", "nora@gmail.com"),
        ] {
            assert!(!is_same(a, b), "{a} {b}");
        }
    }
}
