//! What a DKIM signature says of itself (RFC 6376 §3.5), and whether one that says so can count.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::{SignedDuration, Timestamp};

use super::canonical::{self, Canonicalization};
use super::tags::Tags;

/// What must be signed: who wrote to whom, when, and about what.
const MUST_SIGN: [&str; 4] = ["from", "to", "subject", "date"];
/// No mail has more headers to cover.
const MAX_HEADERS: usize = 256;
/// Base64 with or without its padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Clocks differ.
pub const CLOCK: SignedDuration = SignedDuration::from_hours(1);

/// A signature's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signs, in lower case.
    pub domain: String,
    /// Which of the domain's keys.
    pub selector: String,
    tags: Tags,
}

impl Signature {
    /// Reads a header value.
    ///
    /// # Errors
    /// The domain that it names all the same, if that can be told.
    pub fn parse(value: &str) -> Result<Self, Option<String>> {
        let unfolded = value.replace(['\r', '\n'], "");
        let Some(tags) = Tags::parse(&unfolded) else { return Err(claimed_domain(&unfolded)) };
        let lower = |name| tags.get(name).filter(|v| !v.is_empty()).map(str::to_lowercase);
        match (lower("d"), lower("s")) {
            (Some(domain), Some(selector)) => Ok(Self { domain, selector, tags }),
            (domain, _) => Err(domain),
        }
    }

    /// `rsa` or `ed25519`; `None` for what must not be used (RFC 8301 §3.1).
    pub fn key_kind(&self) -> Option<&'static str> {
        match self.tags.get("a")?.to_lowercase().as_str() {
            "rsa-sha256" => Some("rsa"),
            "ed25519-sha256" => Some("ed25519"),
            _ => None,
        }
    }

    /// The algorithm, as it names it.
    pub fn algorithm(&self) -> String {
        self.tags.get("a").unwrap_or_default().to_lowercase()
    }

    /// Whether it covers a header.
    pub fn covers(&self, header: &str) -> bool {
        self.tags.list("h").is_some_and(|list| list.iter().any(|name| name.eq_ignore_ascii_case(header)))
    }

    /// The headers that it covers, in its order.
    pub fn headers(&self) -> Vec<String> {
        self.tags.list("h").unwrap_or_default()
    }

    /// The forms in which it covers headers and body.
    pub fn forms(&self) -> Option<(Canonicalization, Canonicalization)> {
        canonical::forms(self.tags.get("c"))
    }

    /// Whether it is made over a body to its end, by a hash that we know.
    pub fn is_of_whole_body(&self) -> bool {
        self.tags.get("l").is_none() && self.key_kind().is_some()
    }

    /// What a tag has in base64.
    pub fn bytes(&self, tag: &str) -> Option<Vec<u8>> {
        let digits: String = self.tags.get(tag)?.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        LENIENT.decode(digits).ok()
    }

    /// Why it can't count, whatever its key says; `seen_at` is when it is held against its expiry.
    pub fn fault(&self, seen_at: Timestamp) -> Option<String> {
        if self.tags.get("v") != Some("1") || ["bh", "b", "h"].iter().any(|tag| self.tags.get(tag).is_none()) {
            return Some("it is malformed".to_owned());
        }
        if self.headers().len() > MAX_HEADERS || self.forms().is_none() || self.bytes("b").is_none() {
            return Some("it is malformed".to_owned());
        }
        if self.key_kind().is_none() {
            return Some(format!("its algorithm `{}` proves nothing", self.algorithm()));
        }
        if self.tags.get("l").is_some() {
            return Some("it leaves the body's end open (l=)".to_owned());
        }
        if let Some(unsigned) = MUST_SIGN.iter().find(|name| !self.covers(name)) {
            return Some(format!("it does not cover `{unsigned}`"));
        }
        if self.tags.list("q").is_some_and(|q| !q.iter().any(|way| way == "dns/txt")) {
            return Some("its key is not in DNS".to_owned());
        }
        self.time_fault(seen_at)
    }

    fn time_fault(&self, seen_at: Timestamp) -> Option<String> {
        let time = |tag: &str| self.tags.get(tag).map(|t| t.parse().ok().and_then(|s| Timestamp::from_second(s).ok()));
        let (signed_at, expires_at) = (time("t"), time("x"));
        if signed_at == Some(None) || expires_at == Some(None) {
            return Some("its times are malformed".to_owned());
        }
        let (signed_at, expires_at) = (signed_at.flatten(), expires_at.flatten());
        if expires_at.is_some_and(|x| x <= seen_at || signed_at.is_some_and(|t| x <= t)) {
            return Some("it has expired".to_owned());
        }
        let latest = seen_at.saturating_add(CLOCK).unwrap_or(seen_at);
        signed_at.is_some_and(|t| t > latest).then(|| "it is dated in the future".to_owned())
    }

    /// Whether its identity (`i=`) is of its domain; `is_strict`: of no domain below it.
    pub fn is_identity_good(&self, is_strict: bool) -> bool {
        let Some(identity) = self.tags.get("i") else { return true };
        let domain = identity.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        domain.is_some_and(|d| if is_strict { d == self.domain } else { crate::mail::is_within(&d, &self.domain) })
    }
}

/// The domain in a signature that breaks the grammar.
fn claimed_domain(text: &str) -> Option<String> {
    let values = text.split(';').filter_map(|part| part.split_once('='));
    let mut domains = values.filter(|(name, _)| name.trim().eq_ignore_ascii_case("d"));
    domains.next().map(|(_, domain)| domain.trim().to_lowercase())
}
