//! `ntfy` and `webhook`: addresses on the web that news are posted to.

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::mail::text::escaped;
use crate::net::http;
use crate::store::Kept;

pub(super) fn tell_ntfy(topic: &str, notice: &str) -> Result<(), Fault> {
    http::post(topic, &[("Title", "tracker")], notice).map_err(|why| fault("ntfy", why))
}

pub(super) fn tell_webhook(url: &str, notice: &str, mails: &[Kept]) -> Result<(), Fault> {
    let mails: Vec<Value> = mails.iter().map(super::json).collect();
    let body = json!({ "text": plain(notice), "mails": mails }).to_string();
    http::post(url, &[("Content-Type", "application/json")], &escaped(&body)).map_err(|why| fault("webhook", why))
}

/// A notice in which a chat finds no mark-up of a stranger's: no `<!channel>` or `<https://…|link>` (Slack), no `@everyone`
/// (Discord, Mattermost), no `[link](https://…)` (Markdown), no address that is made a link.
fn plain(notice: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in notice.chars() {
        match c {
            '<' => out.push('‹'),
            '>' => out.push('›'),
            // Something invisible parts what together would be mark-up.
            '@' if !before.is_alphanumeric() => out.push_str("@\u{200b}"),
            '(' if before == ']' => out.push_str("\u{200b}("),
            '/' if before == ':' => out.push_str("\u{200b}/"),
            '*' | '_' | '~' | '`' | '|' if before == c => out.extend(['\u{200b}', c]),
            c => out.push(c),
        }
        before = c;
    }
    out
}

fn fault(key: &str, why: Fault) -> Fault {
    Fault::new(format!("`{key}` in [hooks] can't be told")).because(why).remedy("check its address and the network")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_finds_no_mark_up_in_a_notice() {
        let notice = "mail 1 held: <!channel> @everyone <https://evil.example|Meta> [Meta](https://evil.example) anna@example.org";
        let told = plain(notice);
        for found in ["<", ">", "@everyone", "](", "://"] {
            assert!(!told.contains(found), "{told}");
        }
        assert!(told.ends_with("anna@example.org"), "{told}");
    }
}
