//! Alias relays: whose mail it was that one of them sent on in its own name.

use std::sync::LazyLock;

use serde::Deserialize;

use super::address::{Address, is_within};
use super::header::Header;

/// A mail that came through a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relayed {
    /// The relay's name.
    pub relay: &'static str,
    /// Who wrote the mail, as the relay says.
    pub sender: Address,
}

/// A relay, as it stands in `relays.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// What it is called.
    pub name: String,
    domains: Vec<String>,
    aliases: Vec<String>,
    #[serde(default)]
    fields: Vec<String>,
    ways: Vec<Way>,
}

/// How a relay writes the original sender into its own.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Way {
    At,
    Detail,
    Name,
}

#[derive(Deserialize)]
struct Relays {
    relay: Vec<Relay>,
}

static RELAYS: LazyLock<Vec<Relay>> = LazyLock::new(|| {
    // A mistake in the table would leave it empty; a test makes sure that there is none.
    toml::from_str::<Relays>(include_str!("relays.toml")).map(|table| table.relay).unwrap_or_default()
});

/// The header fields in which relays name the original sender.
pub fn fields() -> impl Iterator<Item = &'static str> {
    RELAYS.iter().flat_map(|relay| &relay.fields).map(String::as_str)
}

/// The relay that gave an address out.
pub fn giving(address: &Address) -> Option<&'static Relay> {
    RELAYS.iter().find(|relay| is_one_of(address.domain(), &relay.aliases))
}

/// The relay that a mail came through, and whom it names as the sender; `from` is the decoded From header.
pub(super) fn relayed(headers: &[Header], author: Option<&Address>, from: &str) -> Option<Relayed> {
    let author = author?;
    RELAYS.iter().find_map(|relay| {
        let mut named = relay.fields.iter().flat_map(|field| headers.iter().filter(|h| h.is(field)));
        let in_field = named.find_map(|header| first_address(&header.value));
        let is_its = is_one_of(author.domain(), &relay.domains);
        let in_author = || is_its.then(|| relay.ways.iter().find_map(|way| way.read(author, from))).flatten();
        in_field.or_else(in_author).map(|sender| Relayed { relay: &relay.name, sender })
    })
}

impl Way {
    fn read(self, author: &Address, from: &str) -> Option<Address> {
        match self {
            Self::At => {
                let (local, rest) = author.local().split_once("_at_")?;
                let first = rest.split('_').next().filter(|domain| domain.contains('.'));
                let domain = first.map(str::to_owned).or_else(|| underscored(rest))?;
                Address::parse(&format!("{local}@{domain}"))
            }
            Self::Detail => {
                let (local, domain) = author.local().split_once('+')?.1.split_once('=')?;
                Address::parse(&format!("{local}@{domain}"))
            }
            Self::Name => first_address(from.rsplit_once('<')?.0),
        }
    }
}

/// The domain at the beginning of `support_facebook_com_zz8`: as much as ends with a known public suffix, but not all.
fn underscored(text: &str) -> Option<String> {
    let labels: Vec<&str> = text.split('_').collect();
    let is_domain = |domain: &String| psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known());
    (2..labels.len()).rev().filter_map(|count| labels.get(..count)).map(|some| some.join(".")).find(is_domain)
}

/// The first mail address in a text for people.
fn first_address(text: &str) -> Option<Address> {
    let text = text.replace(" at ", "@").replace("(a)", "@");
    let mut words = text.split(|c: char| c.is_whitespace() || "<>()[]\"',;".contains(c));
    words.find_map(|word| Address::parse(word).filter(|address| address.domain().contains('.')))
}

fn is_one_of(domain: &str, parents: &[String]) -> bool {
    parents.iter().any(|parent| is_within(domain, parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relay_names_the_original_sender_in_its_way() {
        for (from, relay) in [
            ("Facebook <noreply_at_support.facebook.com_nora.x1@duck.com>", "DuckDuckGo"),
            ("Facebook <noreply_at_support_facebook_com_zz8@icloud.com>", "Hide My Email"),
            ("Facebook <noreply_at_support_facebook_com_4f7_zz8@privaterelay.appleid.com>", "Hide My Email"),
            ("noreply@support.facebook.com [via Relay] <nora.x1@mozmail.com>", "Firefox Relay"),
            ("Facebook <noreply@support.facebook.com> [via Relay] <nora.x1@mozmail.com>", "Firefox Relay"),
            (
                "Facebook - noreply at support.facebook.com <noreply_at_support_facebook_com_q@simplelogin.co>",
                "SimpleLogin",
            ),
            ("Facebook - noreply(a)support.facebook.com <ra+qkzjw@simplelogin.co>", "SimpleLogin"),
            ("Facebook <nora+noreply=support.facebook.com@nora.anonaddy.com>", "addy.io"),
        ] {
            let author = Address::parse(from.rsplit_once('<').unwrap().1.trim_end_matches('>')).unwrap();
            let sender = Address::parse("noreply@support.facebook.com").unwrap();
            assert_eq!(relayed(&[], Some(&author), from), Some(Relayed { relay, sender }), "{from}");
        }
        let field = Header { name: "x-anonaddy-original-sender".to_owned(), value: " noreply@facebook.com".to_owned() };
        let author = Address::parse("nora@alias.example").unwrap();
        let found = relayed(&[field], Some(&author), "").map(|relayed| relayed.sender.to_string());
        assert_eq!(found.as_deref(), Some("noreply@facebook.com"));
        for from in ["Nora <nora@icloud.com>", "Nora <look_at_me@icloud.com>", "a@b.example <nora@example.org>"] {
            let author = Address::parse(from.rsplit_once('<').unwrap().1.trim_end_matches('>')).unwrap();
            assert_eq!(relayed(&[], Some(&author), from), None, "{from}");
        }
    }
}
