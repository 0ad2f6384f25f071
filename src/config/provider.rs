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
    /// The other port on which it is, and where the connection begins in plain text (STARTTLS).
    pub starttls_port: Option<u16>,
    /// What its users log in with.
    #[serde(default)]
    pub user: User,
    /// Where mail may be.
    #[serde(default)]
    pub mailboxes: Vec<String>,
    /// Whose Authentication-Results are its own.
    #[serde(default)]
    pub authserv_ids: Vec<String>,
    /// Whether it writes several under one id.
    #[serde(default)]
    pub repeats: bool,
    /// Whether it writes one header under each id.
    #[serde(default)]
    pub is_divided: bool,
    /// Whether it leaves its name out of them.
    #[serde(default)]
    pub is_nameless: bool,
    /// Its own hosts under other domains.
    #[serde(default)]
    pub relays: Vec<String>,
    /// Whether its store re-encodes mail after its servers judged it.
    #[serde(default)]
    pub rewrites: bool,
    /// How the addresses of its own hosts begin, where it names them by address.
    #[serde(default)]
    pub networks: Vec<String>,
    /// The hosts, with a dot in front, that take the mail of its customers' own domains.
    #[serde(default)]
    pub exchangers: Vec<String>,
    /// Whose access tokens it wants instead of a password: a name in `services.toml`.
    pub oauth: Option<String>,
    /// Which password it wants, or what else, and where that is made: a sentence without its full stop.
    pub password: Option<String>,
    /// Where IMAP is switched on, if it is off at first: a sentence as well.
    pub imap_switch: Option<String>,
    /// How many connections it allows: a sentence as well.
    pub connections: Option<String>,
    /// When this was last looked at.
    pub checked: String,
}

impl Provider {
    /// What its users have to do before they log in.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let steps: Vec<&str> = [&self.imap_switch, &self.password].into_iter().flatten().map(String::as_str).collect();
        (!steps.is_empty()).then(|| steps.join(". "))
    }

    /// What its users can do about a refusal.
    #[must_use]
    pub fn step(&self, refusal: Refusal) -> Option<String> {
        match refusal {
            Refusal::Password | Refusal::Attempts => self.hint(),
            Refusal::AppPassword => self.password.clone(),
            Refusal::ImapOff => self.imap_switch.clone(),
            Refusal::Connections => self.connections.clone(),
            Refusal::Browser | Refusal::Token | Refusal::Expired | Refusal::Passing => None,
        }
    }
}

/// What a provider's users log in with.
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
struct Table {
    provider: Vec<Provider>,
}

static TABLE: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    // A test reads the table, so that a mistake in it can't be released.
    toml::from_str::<Table>(include_str!("providers.toml")).map(|table| table.provider).unwrap_or_default()
});

/// The provider of an address.
#[must_use]
pub fn of(email: &str) -> Option<&'static Provider> {
    let domain = email.rsplit_once('@')?.1.to_lowercase();
    TABLE.iter().find(|provider| provider.domains.contains(&domain))
}

/// The provider at a host.
#[must_use]
pub fn at(host: &str) -> Option<&'static Provider> {
    // A bridge on this machine may be anybody's.
    TABLE.iter().find(|provider| provider.host.eq_ignore_ascii_case(host) && host != "127.0.0.1")
}

/// The provider that takes a domain's mail at a host, as it does for its customers' own domains.
#[must_use]
pub fn receiving(exchanger: &str) -> Option<&'static Provider> {
    TABLE.iter().find(|provider| provider.exchangers.iter().any(|host| exchanger.ends_with(host.as_str())))
}

/// The provider that writes Authentication-Results under an id.
#[must_use]
pub fn writing(authserv_id: &str) -> Option<&'static Provider> {
    let is_its = |id: &String| id == authserv_id || (id.starts_with('.') && authserv_id.ends_with(id.as_str()));
    TABLE.iter().find(|provider| provider.authserv_ids.iter().any(is_its))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read() {
        assert!(TABLE.len() > 10);
        assert_eq!(of("anna@GMX.de").map(|p| p.host.as_str()), Some("imap.gmx.net"));
        assert!(of("anna@example.org").is_none());
        assert_eq!(receiving("aspmx.l.google.com").map(|p| p.host.as_str()), Some("imap.gmail.com"));
        assert!(receiving("notgoogle.com").is_none());
    }
}
