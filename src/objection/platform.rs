//! The services of the controller that can be objected to.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::fault::Fault;
use crate::word;

/// A service of the controller. Help names them in this order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case", ascii_case_insensitive, parse_err_ty = Fault, parse_err_fn = Self::unknown)]
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
    /// The word for it in the database, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn unknown(word: &str) -> Fault {
        word::unknown::<Self>("platform", word)
    }

    /// What it is called in any language; `None` where that needs words.
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
