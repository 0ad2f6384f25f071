//! Who really sent a mail: the verdict that must come before any of its words count.

mod authres;

pub use authres::{AuthRes, MethodResult};

use std::net::IpAddr;

use crate::mail::{Address, Mail, bare, is_within};

/// Whose Authentication-Results are believed, for one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trusted {
    /// The authserv-ids (RFC 8601 §2.5); one that begins with a dot stands for every host below it.
    pub authserv_ids: Vec<String>,
    /// Whether the provider writes several headers under one id, as GMX and Posteo do; else only the topmost counts.
    pub repeats: bool,
    /// Domains of the provider's own relays, besides those of the authserv-ids.
    pub relays: Vec<String>,
}

/// The verdict on a sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it comes to.
    pub result: Proof,
    /// The domain that was proven.
    pub domain: Option<String>,
    /// The selector of the signature that proved it (RFC 6376 §3.1).
    pub selector: Option<String>,
    /// The method that decided: `dkim` or `dmarc` (RFC 8601 §2.7).
    pub method: Option<String>,
    /// Why, in a sentence for the user.
    pub reason: String,
}

/// How far a sender is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Proven to be the author domain.
    Authentic,
    /// Shown not to be, or built to deceive.
    Failed,
    /// Neither.
    Unverified,
}

impl Proof {
    /// The word for it in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::Failed => "failed",
            Self::Unverified => "unverified",
        }
    }
}

impl std::str::FromStr for Proof {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let all = [Self::Authentic, Self::Failed, Self::Unverified];
        all.into_iter().find(|p| p.as_str() == word).ok_or_else(|| format!("unknown verdict `{word}`"))
    }
}

/// Judges the sender of a mail. Fails closed: what is not proven is not authentic.
#[must_use]
pub fn verdict(mail: &Mail, trusted: &Trusted) -> Verdict {
    let author = match &mail.author {
        Ok(author) => author,
        Err(fault) => return plain(Proof::Failed, format!("{fault}, as no genuine mail has")),
    };
    if trusted.authserv_ids.is_empty() {
        let reason = format!(
            "claims to be {}, no proof: no server's Authentication-Results are believed for this account (`authserv_ids`)",
            author.domain()
        );
        return plain(Proof::Unverified, reason);
    }
    let headers = believed(mail, trusted);
    let Some(first) = headers.first() else {
        let reason = format!(
            "claims to be {}, no proof: no Authentication-Results by {}",
            author.domain(),
            trusted.authserv_ids.join(" or ")
        );
        return plain(Proof::Unverified, reason);
    };
    let says = if first.authserv_id.is_empty() { "the server".to_owned() } else { first.authserv_id.clone() };
    let results: Vec<&MethodResult> = headers.iter().flat_map(|h| &h.results).collect();
    weigh(&results, author, &says)
}

/// What the results say about the author domain.
fn weigh(results: &[&MethodResult], author: &Address, says: &str) -> Verdict {
    let domain = author.domain();
    let dkim = |word: &str| {
        results
            .iter()
            .find(|r| r.method == "dkim" && r.result == word && signer(r).is_some_and(|d| is_aligned(d, domain)))
    };
    let dmarc = |word: &str| {
        results.iter().find(|r| r.method == "dmarc" && r.result == word && r.property("header.from") == Some(domain))
    };
    let any = |method: &str, word: &str| results.iter().any(|r| r.method == method && r.result == word);
    let proven = dkim("pass").or_else(|| dmarc("pass"));
    match proven {
        Some(_) if any("dmarc", "fail") => {
            plain(Proof::Failed, format!("{says} contradicts itself about {domain}: a pass beside dmarc=fail"))
        }
        Some(_) if dkim("fail").is_some() => {
            plain(Proof::Failed, format!("{says} contradicts itself about {domain}: a pass beside dkim=fail"))
        }
        Some(proof) => Verdict {
            result: Proof::Authentic,
            domain: Some(signer(proof).unwrap_or(domain).to_owned()),
            selector: proof.property("header.s").map(str::to_owned),
            method: Some(proof.method.clone()),
            reason: format!("{}=pass for {}, says {says}", proof.method, signer(proof).unwrap_or(domain)),
        },
        None if any("dmarc", "fail") => {
            plain(Proof::Failed, format!("claims to be {domain}, but {says} says dmarc=fail"))
        }
        None if any("dkim", "fail") => {
            plain(Proof::Failed, format!("claims to be {domain}, but {says} says dkim=fail"))
        }
        None if any("dkim", "pass") => {
            plain(Proof::Unverified, format!("claims to be {domain}, no proof: {says} saw another domain's signature"))
        }
        None => plain(Proof::Unverified, format!("claims to be {domain}, no proof: {says} saw no signature")),
    }
}

fn plain(result: Proof, reason: String) -> Verdict {
    Verdict { result, domain: None, selector: None, method: None, reason }
}

/// The signing domain of a dkim result: `header.d`, else the domain of `header.i` (RFC 6376 §3.5). They must agree.
fn signer(result: &MethodResult) -> Option<&str> {
    let d = result.property("header.d");
    let i = result.property("header.i").map(|i| i.rsplit_once('@').map_or(i, |(_, domain)| domain));
    match (d, i) {
        (Some(d), Some(i)) => is_within(i, d).then_some(d),
        (d, i) => d.or(i),
    }
}

/// Relaxed alignment (RFC 7489 §3.1.1): the same organisational domain by the public suffix list.
#[must_use]
pub fn is_aligned(signer: &str, author_domain: &str) -> bool {
    organisation(signer).is_some_and(|org| organisation(author_domain) == Some(org))
}

/// The organisational domain (RFC 7489 §3.2).
fn organisation(domain: &str) -> Option<&str> {
    psl::domain_str(domain)
}

/// The Authentication-Results written by the receiving side: from the top, before anything that a stranger's server
/// wrote. A server that adds its own removes forged ones (RFC 8601 §5), but not every server does.
fn believed(mail: &Mail, trusted: &Trusted) -> Vec<AuthRes> {
    let mut found: Vec<AuthRes> = Vec::new();
    let mut is_border_passed = false;
    for header in &mail.headers {
        if header.is("Received") {
            let (from, by) = hosts(&header.value);
            if is_border_passed || !found.is_empty() || by.is_some_and(|by| !is_nameless(&by) && !is_own(&by, trusted))
            {
                break;
            }
            is_border_passed = from.is_some_and(|from| !is_own(&from, trusted));
        } else if header.is("Authentication-Results") {
            let Some(read) = AuthRes::parse(&header.value) else {
                // Unreadable and possibly the server's own: nothing below it may speak in its place.
                break;
            };
            if is_trusted(&read.authserv_id, trusted) {
                let is_repeated = found.iter().any(|earlier| earlier.authserv_id == read.authserv_id);
                if is_repeated && !trusted.repeats {
                    break;
                }
                found.push(read);
            }
        }
    }
    found
}

fn is_trusted(authserv_id: &str, trusted: &Trusted) -> bool {
    let id = authserv_id.to_lowercase();
    trusted.authserv_ids.iter().map(|t| t.to_lowercase()).any(|t| match t.strip_prefix('.') {
        Some(parent) => id != parent && is_within(&id, parent),
        None => id == t,
    })
}

/// The hosts after `from` and `by` in a Received header (RFC 5321 §4.4).
fn hosts(received: &str) -> (Option<String>, Option<String>) {
    let bare = bare(received);
    let words: Vec<&str> = bare.split([' ', '\t', ';']).filter(|word| !word.is_empty()).collect();
    let after = |word: &str| {
        let at = words.iter().position(|w| w.eq_ignore_ascii_case(word))?;
        words.get(at.checked_add(1)?).map(|host| host.trim_end_matches('.').to_lowercase())
    };
    (after("from"), after("by"))
}

/// Whether a host in a Received header is the receiving side's own, by its domain.
fn is_own(host: &str, trusted: &Trusted) -> bool {
    let local = ["internal", "local", "lan", "localdomain", "localhost", "home.arpa"];
    local.iter().any(|parent| is_within(host, parent))
        || address(host).is_some_and(is_private)
        || trusted.relays.iter().any(|parent| is_within(host, parent))
        || trusted.authserv_ids.iter().any(|id| is_aligned(host, id.trim_start_matches('.')))
}

/// Whether the name of a receiving host means nothing outside: an address, or a name without a dot.
fn is_nameless(host: &str) -> bool {
    !host.contains('.') || address(host).is_some()
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_start_matches("ipv6:").trim_end_matches(']').parse().ok()
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}
