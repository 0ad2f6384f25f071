//! A sample of a mail that is safe to share: its words, without the person whom they are about.

use std::sync::LazyLock;

use regex::Regex;

use crate::mail::text::printable;
use crate::mail::{Address, Mail};
use crate::signal::Controller;

/// Shorter parts of a name are everyday words too, which are left as they are.
const MIN_NAME: usize = 3;
/// A line of more words is no greeting.
const MAX_GREETING: usize = 6;

/// Compiled once. `None` stands for a pattern that does not compile, which no pattern here does.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[^\s<>(),;:]+@[\p{L}\p{N}.-]+").ok());
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bhttps?://[^\s<>]+").ok());

/// A mail's text with names, addresses, numbers and codes replaced. The sender's domain, which tells whose mail it is, stays.
pub(crate) fn redacted(mail: &Mail, controller: &Controller) -> String {
    let names = names(mail);
    let clean = |text: &str| clean(text, &names);
    let from = mail.author.as_ref().map_or_else(|_| "unclear".to_owned(), |author| sender(author, controller));
    let date = mail.date.map_or_else(String::new, |at| at.strftime("%a, %d %b %Y 00:00:00 +0000").to_string());
    let mut out = format!("From: {from}\nTo: person@example.org\nDate: {date}\nSubject: {}\n", clean(&mail.subject));
    for (place, view) in mail.views.iter().enumerate() {
        let kind = if place == 0 { "text" } else { "another version of the text" };
        out.push_str(&format!("X-Part: {kind}\n\n"));
        let mut is_first = true;
        let mut is_blank = false;
        for line in view.lines().map(str::trim) {
            if line.is_empty() {
                is_blank = true;
                continue;
            }
            if std::mem::take(&mut is_blank) && !is_first {
                out.push('\n');
            }
            out.push_str(&clean(&if is_first { greeting(line) } else { answer(line) }));
            out.push('\n');
            is_first = false;
        }
        out.push('\n');
    }
    printable(&out)
}

/// The sender's address: its domain as it is; of the local part, what tells neither a case nor a person.
fn sender(author: &Address, controller: &Controller) -> String {
    if controller.sender(author.domain()).is_none() {
        return "person@example.org".to_owned();
    }
    let (kind, rest) = author.local().split_once('+').map_or((author.local(), ""), |(kind, rest)| (kind, rest));
    let kept: String = rest.chars().take_while(|c| *c == '+').collect();
    let code = if rest.is_empty() { String::new() } else { format!("+{kept}REDACTED") };
    format!("{}{code}@{}", digits(kind), author.domain())
}

/// The words that name the recipient: those of the address, and of the name that stands before it.
fn names(mail: &Mail) -> Vec<String> {
    let arrived = ["Delivered-To", "X-Original-To"].into_iter().flat_map(|name| mail.values(name));
    let arrived = arrived.filter_map(|value| value.split_once('@')).map(|(local, _)| local.to_owned());
    let locals = mail.recipients.iter().map(|a| a.local().to_owned()).chain(arrived);
    let headers = mail.values("To").filter_map(|value| value.split_once('<')).map(|(name, _)| name.to_owned());
    let mut names: Vec<String> = locals
        .chain(headers)
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect::<Vec<_>>())
        .filter(|word| word.chars().count() >= MIN_NAME)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn clean(text: &str, names: &[String]) -> String {
    let replace = |pattern: &Option<Regex>, text: &str, by: &str| match pattern {
        Some(pattern) => pattern.replace_all(text, by).into_owned(),
        // A pattern that failed must not let anything through.
        None => String::new(),
    };
    let text = replace(&ADDRESS, &replace(&LINK, text, "https://example.org/link"), "person@example.org");
    let mut out = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_name = names.contains(&word.to_lowercase());
        out.push_str(&if is_name { piece.replacen(word, "NAME", 1) } else { digits(piece) });
    }
    out
}

/// Every digit becomes a zero, because it may matter to a rule how many there are.
fn digits(text: &str) -> String {
    text.chars().map(|c| if c.is_numeric() { '0' } else { c }).collect()
}

/// A greeting without the name, which stands last in it.
fn greeting(line: &str) -> String {
    let body = line.trim_end_matches([',', '!', ':', '.', ';']);
    let end = line.strip_prefix(body).unwrap_or_default();
    let words: Vec<&str> = body.split_whitespace().collect();
    match words.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && words.len() <= MAX_GREETING => {
            let kept = rest.iter().take_while(|word| word.chars().next().is_some_and(char::is_lowercase));
            let kept: String = kept.map(|word| format!("{word} ")).collect();
            format!("{first} {kept}NAME{end}")
        }
        _ => line.to_owned(),
    }
}

/// A line without the user's answer, where the mail repeats the form (facts §1.5).
fn answer(line: &str) -> String {
    line.split_once(" : ").map_or_else(|| line.to_owned(), |(question, _)| format!("{question} : REDACTED"))
}
