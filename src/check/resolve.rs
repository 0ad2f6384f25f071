//! Which mailbox of a server is meant.

use crate::source::imap::{Listed, decode_mailbox_name};

/// What spam mailboxes are called by servers that don't tell (facts §6.2).
const JUNK_NAMES: [&str; 8] =
    ["Junk", "Spam", "Junk E-mail", "Bulk Mail", "Bulk", "Spamverdacht", "Indésirables", "Posta indesiderata"];

/// The raw name of a wanted mailbox: by its special use (RFC 6154), by what such mailboxes are called where the server
/// does not tell uses, or by its own name.
pub fn resolve(wanted: &str, listed: &[Listed]) -> Option<String> {
    let selectable = || listed.iter().filter(|l| l.is_selectable);
    let named = |name: &str| selectable().find(|l| l.name == name || decode_mailbox_name(&l.name) == name);
    if wanted.eq_ignore_ascii_case("INBOX") {
        return Some("INBOX".to_owned());
    }
    if !wanted.starts_with('\\') {
        return named(wanted).map(|l| l.name.clone());
    }
    let by_use = selectable().find(|l| l.uses.iter().any(|u| u.eq_ignore_ascii_case(wanted)));
    let usual: &[&str] = match wanted.to_lowercase().as_str() {
        "\\junk" => &JUNK_NAMES,
        "\\archive" => &["Archive", "Archiv", "Archives"],
        // Gmail's users can hide it.
        _ => &["INBOX"],
    };
    by_use.or_else(|| usual.iter().find_map(|name| named(name))).map(|l| l.name.clone())
}
