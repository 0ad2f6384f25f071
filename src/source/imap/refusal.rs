//! Recognises why a server refuses by its words, which `refusals.toml` lists.

use std::sync::LazyLock;

use serde::Deserialize;

/// Why a server does not let us in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// User or password is wrong, or the server gives no reason.
    Password,
    /// It wants a password made for this program.
    AppPassword,
    /// IMAP is switched off.
    ImapOff,
    /// Somebody must log in with a browser first.
    Browser,
    /// The access token is old, or was made for something else.
    Token,
    /// The password is too old.
    Expired,
    /// Too many logins were refused before.
    Attempts,
    /// Other programs hold too many connections.
    Connections,
    /// It is busy or out of order, and that passes by itself.
    Passing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saying {
    says: String,
    means: Refusal,
    #[allow(dead_code, reason = "for the reader of the file; its presence is checked")]
    seen: String,
}

#[derive(Deserialize)]
struct Sayings {
    refusal: Vec<Saying>,
}

static SAYINGS: LazyLock<Vec<Saying>> = LazyLock::new(|| {
    // A mistake in the table would leave it empty; a test makes sure that there is none.
    toml::from_str::<Sayings>(include_str!("refusals.toml")).map(|table| table.refusal).unwrap_or_default()
});

impl Refusal {
    /// What a server means by its words, if they are known.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        SAYINGS.iter().find(|saying| text.contains(&saying.says)).map(|saying| saying.means)
    }

    /// Whether user and password may be right all the same.
    pub(super) fn is_passing(self) -> bool {
        matches!(self, Self::Connections | Self::Passing)
    }

    /// What the user can do.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Password => "check user and password",
            Self::AppPassword => "make a password for this program with your provider, and use that",
            Self::ImapOff => "switch IMAP on in the provider's web settings",
            Self::Browser => "log in with a browser, and confirm there that it was you",
            Self::Token => "get a fresh token for IMAP with `tracker login`, or see what `token_command` gives",
            Self::Expired => "choose a new password with your provider",
            Self::Attempts => "wait for an hour, then check user and password",
            Self::Connections => "close other mail programs that read this account, or run again later",
            Self::Passing => "run again later",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_say_is_told_apart() {
        for (text, refusal) in [
            ("[ALERT] Application-specific password required: https://… (Failure)", Some(Refusal::AppPassword)),
            ("[ALERT] Your account is not enabled for IMAP use.", Some(Refusal::ImapOff)),
            ("[AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=1", Some(Refusal::Password)),
            ("[UNAVAILABLE] Maximum number of connections from user+IP exceeded", Some(Refusal::Connections)),
            ("[ALERT] Too many simultaneous connections. (Failure)", Some(Refusal::Connections)),
            ("[ALERT] Too many login failures", Some(Refusal::Attempts)),
            ("Too many commands", Some(Refusal::Passing)),
            ("LOGIN failed. Account is blocked. Login to your account via a web browser", Some(Refusal::Browser)),
            ("[AUTHENTICATIONFAILED] Authentication failed, try again.", Some(Refusal::Password)),
            ("Temporary authentication failure.", Some(Refusal::Passing)),
            ("generic failure", Some(Refusal::Passing)),
            ("LOGIN failed", None),
        ] {
            assert_eq!(Refusal::of(text), refusal, "{text}");
        }
    }
}
