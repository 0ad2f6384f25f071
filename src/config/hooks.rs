//! `[hooks]`: how the user is told of changes.

use serde::Deserialize;
use toml::Spanned;

use crate::fault::Fault;
use crate::mail::Address;

/// The ways to tell the user of changes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hooks {
    /// A command that is given each change as JSON on its standard input.
    pub on_change: Option<String>,
    /// Whether a notice is shown on the desktop.
    pub desktop: bool,
    /// The address that a mail is sent to, through `sendmail`.
    pub mail_to: Option<String>,
    /// An ntfy topic, `https://ntfy.sh/TOPIC`.
    pub ntfy: Option<String>,
    /// An address that the changes are posted to, as JSON.
    pub webhook: Option<String>,
    /// Whether notices contain the digits of a code.
    pub include_code: bool,
}

impl Hooks {
    /// Checks the table, if there is one. A fault comes with the table's place in the file.
    pub(super) fn read(raw: Option<Spanned<Self>>) -> Result<Self, (usize, Fault)> {
        let Some(raw) = raw else { return Ok(Self::default()) };
        let offset = raw.span().start;
        let hooks = raw.into_inner();
        for (key, url) in [("ntfy", &hooks.ntfy), ("webhook", &hooks.webhook)] {
            if let Some(url) =
                url.as_ref().filter(|url| !url.starts_with("https://") || url.contains(char::is_whitespace))
            {
                let what = format!("`{key} = \"{url}\"` in [hooks] is not an address on the web");
                return Err((offset, Fault::new(what).remedy("write https://…")));
            }
        }
        match hooks.mail_to.as_ref().filter(|address| Address::parse(address).is_none()) {
            Some(address) => {
                let what = format!("`mail_to = \"{address}\"` in [hooks] is not a mail address");
                Err((offset, Fault::new(what).remedy("write it as name@domain")))
            }
            None => Ok(hooks),
        }
    }
}
