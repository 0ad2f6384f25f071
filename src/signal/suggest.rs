//! The sentence of a mail that would make a rule, once a person has said what the mail means.

use super::evidence::Sentence;
use super::language::Role;
use super::reader::found;
use super::{Rules, Signal};
use crate::mail::Mail;

/// A longer sentence is no phrase.
const MAX_CHARS: usize = 200;

/// The user's own rule for a wording, as a file for the rules directory; `None` if the mail has no sentence for it.
#[must_use]
pub fn suggest(mail: &Mail, rules: &Rules, signal: Signal, id: &str) -> Option<String> {
    let view = mail.views.first()?;
    let sentences = found(rules, &mail.subject, view);
    let is_plain = |text: &str| !text.contains("://") && !text.contains('@');
    let fits = |s: &&Sentence| !s.is_subject && is_plain(&s.text) && (10..=MAX_CHARS).contains(&s.text.chars().count());
    let best = sentences.iter().filter(fits).max_by_key(|s| (weight(rules, s, signal), s.text.chars().count()))?;
    let language = best.found.first().and_then(|(at, _)| rules.languages.get(*at))?;
    // What has a meaning in phrases or in TOML is left out; the words are what counts.
    let meaning = |c: char| matches!(c, '{' | '}' | '<' | '>' | '|' | '*' | '&' | '…' | '"' | '\\') || c.is_control();
    let text: Vec<String> = best
        .text
        .split_whitespace()
        .map(|word| word.replace(meaning, ""))
        .filter(|word| !word.is_empty() && !word.chars().any(char::is_numeric))
        .collect();
    Some(format!(
        "language = \"{}\"\n[[rule]]\nid = \"{id}\"\nsignal = \"{signal}\"\nstrong = [\n  {{ text = \"{}\", source = \"my own mail\" }},\n]\n",
        language.language,
        text.join(" ").trim_end_matches(['.', '!', ';'])
    ))
}

/// How much a sentence has to do with the matter: evidence for the signal, however weak, most of all.
fn weight(rules: &Rules, sentence: &Sentence, signal: Signal) -> usize {
    let is_about = |at: usize, role: &Role| match role {
        Role::Evidence { rule, .. } => {
            let rule = rules.languages.get(at).and_then(|l| l.rule.get(*rule));
            rule.is_some_and(|rule| rule.signal.signal() == signal)
        }
        Role::Title => true,
        _ => false,
    };
    sentence.found.iter().flat_map(|(at, found)| found.iter().filter(|(role, _)| is_about(*at, role))).count()
}
