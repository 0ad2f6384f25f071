//! Which mailboxes of a server are meant.

use unicode_normalization::UnicodeNormalization;

use crate::source::imap::{Listed, decode_mailbox_name};

/// What junk mailboxes are called where the server does not tell: folded, and without what is no letter. From the
/// defaults of Exchange, Outlook, Courier, Cyrus, cPanel and Gmail, and of providers by country (seen until 2026-11).
const JUNK: &[&str] = &[
    // English
    "junk",
    "junkemail",
    "junkemails",
    "junkmail",
    "junkfolder",
    "spam",
    "spams",
    "spammail",
    "spambox",
    "spamfolder",
    "probablyspam",
    "bulk",
    "bulkmail",
    "bulkemail",
    "unwanted",
    "suspectedspam",
    "caughtspam",
    "quarantine",
    // German
    "spamverdacht",
    "spamordner",
    "spamverdachtig",
    "junkordner",
    "unerwunscht",
    "unerwunschtewerbung",
    "werbung",
    "unbekannt",
    // French
    "indesirable",
    "indesirables",
    "courrierindesirable",
    "courriersindesirables",
    "pourriel",
    "pourriels",
    "spamindesirable",
    // Spanish, Portuguese
    "correonodeseado",
    "correobasura",
    "nodeseado",
    "nodeseados",
    "basura",
    "lixoeletronico",
    "lixoeletronicospam",
    "lixoelectronico",
    "emailindesejado",
    "naosolicitado",
    "correiopublicitario",
    "spamlixo",
    // Italian
    "postaindesiderata",
    "indesiderata",
    "indesiderati",
    "spamposta",
    // Dutch
    "ongewenst",
    "ongewenstemail",
    "ongewenstee",
    "ongewenstepost",
    "ongewensteemail",
    "reclame",
    // Polish
    "wiadomoscismieci",
    "wiadomosciesmieci",
    "niechciane",
    "niechcianewiadomosci",
    "smieci",
    "spamoferty",
    // Danish, Norwegian, Swedish, Finnish, Icelandic
    "uonsketmail",
    "uonsketmails",
    "uonsketepost",
    "uonsket",
    "uønsketmail",
    "uønsketpost",
    "uønsketepost",
    "uønsket",
    "søppelpost",
    "soppelpost",
    "skrappost",
    "skrapp",
    "roskaposti",
    "roskapostit",
    "ruslpostur",
];

/// What archives are called.
const ARCHIVE: &[&str] = &["archive", "archives", "archiv", "allearchive"];

/// The raw names of a wanted mailbox: by its special use (RFC 6154); where no mailbox has that, by what such mailboxes are
/// called; or by its own name. All that match.
pub fn resolve(wanted: &str, listed: &[Listed]) -> Vec<String> {
    if wanted.eq_ignore_ascii_case("INBOX") {
        return vec!["INBOX".to_owned()];
    }
    let those = |is_meant: &dyn Fn(&Listed) -> bool| -> Vec<String> {
        listed.iter().filter(|l| l.is_selectable && is_meant(l)).map(|l| l.name.clone()).collect()
    };
    if !wanted.starts_with('\\') {
        return those(&|l| l.name == wanted || decode_mailbox_name(&l.name) == wanted).into_iter().take(1).collect();
    }
    let by_use = those(&|l| l.uses.iter().any(|u| u.eq_ignore_ascii_case(wanted)));
    if !by_use.is_empty() {
        return by_use;
    }
    match wanted.to_lowercase().as_str() {
        "\\junk" => those(&|l| JUNK.contains(&leaf(l).as_str())),
        "\\archive" => those(&|l| ARCHIVE.contains(&leaf(l).as_str())),
        // Gmail's users can hide it.
        _ => vec!["INBOX".to_owned()],
    }
}

/// The last part of a mailbox's name, in small letters without accents and signs.
fn leaf(listed: &Listed) -> String {
    let name = decode_mailbox_name(&listed.name);
    let last = match &listed.delimiter {
        Some(delimiter) => name.rsplit(delimiter.as_str()).next().unwrap_or_default(),
        None => &name,
    };
    last.nfd().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, delimiter: &str) -> Listed {
        let (name, delimiter) = (name.to_owned(), Some(delimiter.to_owned()));
        Listed { name, delimiter, uses: Vec::new(), is_selectable: true }
    }

    #[test]
    fn junk_is_found_by_the_last_part_of_its_name() {
        for name in [
            "INBOX.Junk",
            "INBOX.spam",
            "INBOX.Junk E-mail",
            "Junk-E-Mail",
            "Courrier ind&AOk-sirable",
            "Correo no deseado",
            "Posta indesiderata",
            "Lixo Eletr&APQ-nico",
            "Ongewenste e-mail",
            "Wiadomo&AVs-ci-&AVs-mieci",
            "Skr&AOQ-ppost",
            "U&APg-nsket mail",
            "S&APg-ppelpost",
            "Roskaposti",
            "INBOX.Spamverdacht",
            "Bulk Mail",
            "[Gmail].Spam",
        ] {
            assert_eq!(resolve("\\Junk", &[listed(name, ".")]), [name], "{name}");
        }
        assert_eq!(
            resolve("\\Junk", &[listed("Not junk", "/"), listed("Junk", "/"), listed("Old/Spam", "/")]).len(),
            2
        );
        let flagged = Listed { uses: vec!["\\Junk".to_owned()], ..listed("Quarant&AOQ-ne", "/") };
        assert_eq!(resolve("\\Junk", &[listed("Spam", "/"), flagged]), ["Quarant&AOQ-ne"]);
    }
}
