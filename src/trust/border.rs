//! How far down a mail's header the receiving side wrote, and whose word counts there.

use std::net::IpAddr;

use super::alignment::is_aligned;
use crate::mail::header::Header;
use crate::mail::{Mail, bare, is_within};

/// What a sender writes, and no server adds: below it nothing is the receiving side's.
const SENDERS: [&str; 5] = ["From", "To", "Subject", "Date", "DKIM-Signature"];

/// Whose Authentication-Results are believed, for one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct Trusted {
    /// The authserv-ids (RFC 8601 §2.5); one that begins with a dot stands for every host below it.
    pub authserv_ids: Vec<String>,
    /// Whether the provider writes several headers under one id, as GMX and Posteo do.
    pub repeats: bool,
    /// Whether it writes one header under each id, as iCloud does. Else only the topmost header of all counts.
    pub is_divided: bool,
    /// Whether the provider leaves its name out, as Microsoft does.
    pub is_nameless: bool,
    /// Whether the provider's store re-encodes mail after its servers judged it, so that no signature fits any more.
    pub rewrites: bool,
    /// Domains of the provider's own relays, besides those of the authserv-ids.
    pub relays: Vec<String>,
    /// How the addresses of its relays begin, where it names them by their addresses.
    pub networks: Vec<String>,
}

impl Trusted {
    /// Whether this authserv-id is the provider's.
    pub fn believes(&self, authserv_id: &str) -> bool {
        let id = authserv_id.to_lowercase();
        if id.is_empty() {
            return self.is_nameless;
        }
        self.authserv_ids.iter().map(|t| t.to_lowercase()).any(|t| match t.strip_prefix('.') {
            Some(parent) => id != parent && is_within(&id, parent),
            None => id == t,
        })
    }

    /// Whether a host is the receiving side's own, by its domain.
    fn is_own(&self, host: &str) -> bool {
        let local = ["internal", "local", "lan", "localdomain", "localhost", "home.arpa"];
        local.iter().any(|parent| is_within(host, parent))
            || address(host).is_some_and(|ip| self.is_own_address(ip))
            || self.relays.iter().any(|parent| is_within(host, parent))
            || self.authserv_ids.iter().any(|id| is_aligned(host, id.trim_start_matches('.')))
    }

    fn is_own_address(&self, ip: IpAddr) -> bool {
        is_private(ip) || self.networks.iter().any(|start| ip.to_string().starts_with(start))
    }
}

/// Where a reader of headers stands, from the top down.
#[derive(Debug, Default)]
pub struct Border {
    /// Whether the Received header was seen by which the mail came from a stranger.
    pub is_passed: bool,
    /// Whether nothing from here on can be the receiving side's.
    pub is_closed: bool,
}

impl Border {
    /// Takes notice of a header; `has_found`: the provider has spoken.
    pub fn pass(&mut self, header: &Header, trusted: &Trusted, has_found: bool) {
        if SENDERS.iter().any(|name| header.is(name)) {
            self.is_closed = true;
        } else if header.is("Received") {
            let received = Received::parse(&header.value);
            let by = received.by.as_deref();
            let is_strange = by.is_some_and(|by| !is_nameless(by) && !trusted.is_own(by));
            self.is_closed |= self.is_passed || has_found || is_strange || received.is_odd;
            self.is_passed |= received.is_from_stranger(trusted);
        }
    }
}

/// The names by which the receiving side knows the host that sent a mail: what it called itself, which must be one plain
/// word, and what was found of it. `None` where they are not told.
pub fn greeting(mail: &Mail, trusted: &Trusted) -> Option<Vec<String>> {
    let (value, received) = mail
        .values("Received")
        .map(|value| (value, Received::parse(value)))
        .find(|(_, received)| received.is_from_stranger(trusted))?;
    let clause = value.trim_start().split(['(']).next()?.split(" by ").next()?;
    let mut words = clause.split_whitespace();
    let is_host = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || "-._:[]".contains(c));
    let host = words.nth(1).filter(is_host)?;
    let is_one = words.next().is_none();
    is_one.then(|| received.known.into_iter().chain([host.trim_end_matches('.').to_lowercase()]).collect())
}

/// A Received header (RFC 5321 §4.4).
struct Received {
    /// Whether it says `by` twice, or leaves a comment or a string open: the sending host called itself more than a name.
    is_odd: bool,
    /// What the sending host called itself.
    from: Option<String>,
    /// What the receiving host knows of it: the names and addresses in the comment.
    known: Vec<String>,
    by: Option<String>,
}

impl Received {
    fn parse(value: &str) -> Self {
        let plain = bare(value);
        let words: Vec<&str> = plain.split([' ', '\t', ';']).filter(|word| !word.is_empty()).collect();
        let after = |word: &str| {
            let at = words.iter().position(|w| w.eq_ignore_ascii_case(word))?;
            words.get(at.checked_add(1)?).map(|host| host.trim_end_matches('.').to_lowercase())
        };
        let clause = value.split(" by ").next().unwrap_or_default();
        let comment = clause.split_once('(').map_or("", |(_, comment)| comment);
        let mut known = Vec::new();
        // `HELO name` and `helo=name` are what the host calls itself once more.
        let mut is_own_word = false;
        for word in comment.split(|c: char| c.is_whitespace() || "()[];,".contains(c)) {
            if !is_own_word && word.contains(['.', ':']) && !word.contains('=') {
                known.push(word.trim_end_matches('.').to_lowercase());
            }
            is_own_word = ["helo", "ehlo"].iter().any(|greeting| word.eq_ignore_ascii_case(greeting));
        }
        let is_open = |a: char, b: char| value.matches(a).count() != value.matches(b).count();
        let is_odd = words.iter().filter(|word| word.eq_ignore_ascii_case("by")).count() > 1
            || is_open('(', ')')
            || value.matches('"').count() % 2 == 1;
        Self { is_odd, from: after("from"), known, by: after("by") }
    }

    /// Whether the mail came from outside. A host can call itself what it likes, so where its address is told and is
    /// not the provider's, the name that the receiving host found for it must be.
    fn is_from_stranger(&self, trusted: &Trusted) -> bool {
        let Some(from) = &self.from else { return self.is_odd };
        let addresses: Vec<IpAddr> = self.known.iter().filter_map(|word| address(word)).collect();
        let has_own_name = self.known.iter().any(|word| address(word).is_none() && trusted.is_own(word));
        let is_told = addresses.iter().any(|ip| !trusted.is_own_address(*ip));
        self.is_odd || !trusted.is_own(from) || (is_told && !has_own_name)
    }
}

/// Whether the name of a receiving host means nothing outside: an address, or a name without a dot.
fn is_nameless(host: &str) -> bool {
    !host.contains('.') || address(host).is_some()
}

fn address(host: &str) -> Option<IpAddr> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.strip_prefix("ipv6:").unwrap_or(host).parse().ok()
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}
