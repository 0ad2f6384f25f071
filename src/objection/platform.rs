//! The services of the controller that can be objected to.

use std::fmt;
use std::str::FromStr;

/// A service of the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Facebook.
    Facebook,
    /// Instagram.
    Instagram,
    /// Threads; its objections are handled with Instagram's (facts §2.5).
    Threads,
    /// `WhatsApp`.
    Whatsapp,
    /// A Meta account, or an Accounts Centre as a whole.
    Meta,
}

impl Platform {
    /// All of them, in the order in which help names them.
    pub const ALL: [Self; 5] = [Self::Facebook, Self::Instagram, Self::Threads, Self::Whatsapp, Self::Meta];

    /// The word for it in the database, in JSON and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
            Self::Threads => "threads",
            Self::Whatsapp => "whatsapp",
            Self::Meta => "meta",
        }
    }

    /// What it is called in any language; `None` where that needs words.
    #[must_use]
    pub fn brand(self) -> Option<&'static str> {
        match self {
            Self::Facebook => Some("Facebook"),
            Self::Instagram => Some("Instagram"),
            Self::Threads => Some("Threads"),
            Self::Whatsapp => Some("WhatsApp"),
            Self::Meta => None,
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Platform {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let lower = word.to_lowercase();
        Self::ALL
            .into_iter()
            .find(|p| p.as_str() == lower)
            .ok_or_else(|| format!("unknown platform `{word}`: use facebook, instagram, threads, whatsapp or meta"))
    }
}
