//! Mail providers whose settings are known.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::source::imap::Refusal;

/// A provider's settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct Provider {
    /// The domains of its addresses.
    pub domains: Vec<String>,
    /// Its IMAP server, on port 993.
    pub host: String,
    /// The port of its IMAP server with STARTTLS, where that is the usual one instead.
    pub starttls_port: Option<u16>,
    /// What its users type as their user name.
    #[serde(default)]
    pub user: User,
    /// The mailboxes that mail may be in, if they are other than the default.
    #[serde(default)]
    pub mailboxes: Vec<String>,
    /// The authserv-ids (RFC 8601 §2.5) under which its servers write Authentication-Results.
    #[serde(default)]
    pub authserv_ids: Vec<String>,
    /// Whether it writes several such headers under one id.
    #[serde(default)]
    pub repeats: bool,
    /// Whether it writes one such header under each of several ids.
    #[serde(default)]
    pub is_divided: bool,
    /// Whether it writes such headers without an id.
    #[serde(default)]
    pub is_nameless: bool,
    /// Patterns of its own hosts that have names in other domains.
    #[serde(default)]
    pub relays: Vec<String>,
    /// Whether the provider re-encodes stored mail after checking its DKIM signatures, so that they no longer fit.
    #[serde(default)]
    pub rewrites: bool,
    /// The beginnings of its own hosts' IP addresses, where it writes addresses instead of names.
    #[serde(default)]
    pub networks: Vec<String>,
    /// The endings of its MX hosts' names, with a dot in front: they take the mail of its customers' own domains.
    #[serde(default)]
    pub exchangers: Vec<String>,
    /// The service in `services.toml` whose access tokens it wants instead of a password.
    pub oauth: Option<String>,
    /// Which password (or what else) it wants, and where the user makes it. A sentence without its full stop.
    pub password: Option<String>,
    /// Where the user switches IMAP on, if it is off at first. A sentence without its full stop.
    pub imap_switch: Option<String>,
    /// How many connections it allows. A sentence without its full stop.
    pub connections: Option<String>,
    /// The day on which all this was last checked.
    pub checked: String,
}

impl Provider {
    /// What its users have to do before they can log in.
    pub(crate) fn hint(&self) -> Option<String> {
        let steps: Vec<&str> = [&self.imap_switch, &self.password].into_iter().flatten().map(String::as_str).collect();
        (!steps.is_empty()).then(|| steps.join(". "))
    }

    /// What its users can do about a refusal, besides the usual.
    pub(crate) fn step(&self, refusal: Refusal) -> Option<String> {
        match refusal {
            Refusal::Password | Refusal::Attempts => self.hint(),
            Refusal::AppPassword => self.password.clone(),
            Refusal::ImapOff => self.imap_switch.clone(),
            Refusal::Connections => self.connections.clone(),
            Refusal::Browser | Refusal::Token | Refusal::Expired | Refusal::Passing => None,
        }
    }
}

/// What a provider's users type as their user name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum User {
    /// The whole address.
    #[default]
    Address,
    /// The part before the `@`.
    Local,
}

#[derive(Deserialize)]
struct Providers {
    provider: Vec<Provider>,
}

static PROVIDERS: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    // A mistake in the table would leave it empty; a test makes sure that there is none.
    toml::from_str::<Providers>(include_str!("providers.toml")).map(|table| table.provider).unwrap_or_default()
});

/// The provider of an address.
pub(crate) fn of(email: &str) -> Option<&'static Provider> {
    let domain = email.rsplit_once('@')?.1.to_lowercase();
    PROVIDERS.iter().find(|provider| provider.domains.contains(&domain))
}

/// The provider whose IMAP server a host is.
pub(crate) fn at(host: &str) -> Option<&'static Provider> {
    // A provider that is reached by a bridge on this machine can't be told from others.
    PROVIDERS.iter().find(|provider| provider.host.eq_ignore_ascii_case(host) && host != "127.0.0.1")
}

/// The provider that takes a domain's mail at a host, as it does for its customers' own domains.
pub(crate) fn receiving(exchanger: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.exchangers.iter().any(|host| exchanger.ends_with(host.as_str())))
}

/// The provider that writes Authentication-Results under an id.
pub(crate) fn writing(authserv_id: &str) -> Option<&'static Provider> {
    let is_its = |id: &String| id == authserv_id || (id.starts_with('.') && authserv_id.ends_with(id.as_str()));
    PROVIDERS.iter().find(|provider| provider.authserv_ids.iter().any(is_its))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read() {
        assert!(PROVIDERS.len() > 10);
        assert_eq!(of("anna@GMX.de").map(|p| p.host.as_str()), Some("imap.gmx.net"));
        assert!(of("anna@example.org").is_none());
        assert_eq!(receiving("aspmx.l.google.com").map(|p| p.host.as_str()), Some("imap.gmail.com"));
        assert!(receiving("notgoogle.com").is_none());
    }
}
