//! The sentences of a mail that would make a rule, once a person has said what the mail means.

use super::evidence::Sentence;
use super::language::Role;
use super::reader::found;
use super::words::Class;
use super::{Rules, Signal};
use crate::mail::Mail;

/// A longer sentence is no phrase.
const MAX_CHARS: usize = 200;
/// More candidates than this help nobody.
const MAX_CANDIDATES: usize = 3;

/// The user's own rules for a wording, each as a file for the rules directory: one for every sentence that can carry the
/// decision. `others` are mails that mean something else: what stands in them too decides nothing.
#[must_use]
pub fn suggest(mail: &Mail, rules: &Rules, signal: Signal, id: &str, others: &[Mail]) -> Vec<String> {
    let Some(view) = mail.views.first() else { return Vec::new() };
    let sentences = found(rules, &mail.subject, view);
    let known: Vec<String> =
        others.iter().filter_map(|other| other.views.first()).flat_map(|view| found_texts(rules, view)).collect();
    let is_plain = |text: &str| !text.contains("://") && !text.contains('@');
    let fits = |s: &&Sentence| {
        let is_sentence = is_plain(&s.text) && (10..=MAX_CHARS).contains(&s.text.chars().count());
        !s.is_subject && is_sentence && !known.contains(&s.folded)
    };
    let weighed =
        sentences.iter().filter(fits).map(|s| (weight(rules, s, signal), s)).filter(|(weight, _)| *weight > 0);
    let mut candidates: Vec<(usize, &Sentence)> = weighed.collect();
    candidates.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    candidates.into_iter().take(MAX_CANDIDATES).filter_map(|(_, s)| rule(rules, s, signal, id)).collect()
}

fn found_texts(rules: &Rules, view: &str) -> Vec<String> {
    found(rules, "", view).into_iter().map(|sentence| sentence.folded).collect()
}

fn rule(rules: &Rules, sentence: &Sentence, signal: Signal, id: &str) -> Option<String> {
    let language = sentence.found.first().and_then(|(at, _)| rules.language(*at))?;
    // What has a meaning in phrases or in TOML is left out; the words are what counts.
    let meaning = |c: char| matches!(c, '{' | '}' | '<' | '>' | '|' | '*' | '&' | '…' | '"' | '\\') || c.is_control();
    let text: Vec<String> = sentence
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

/// How much a sentence has to do with the matter: evidence for the signal, however weak, most of all. A greeting, a
/// sign-off and a footer name neither the objection nor data, AI or an account.
fn weight(rules: &Rules, sentence: &Sentence, signal: Signal) -> usize {
    let is_about = |at: usize, role: &Role| match role {
        Role::Evidence { rule, .. } => {
            let rule = rules.language(at).and_then(|l| l.rule.get(*rule));
            rule.is_some_and(|rule| rule.signal.signal() == signal)
        }
        _ => false,
    };
    let evidence =
        sentence.found.iter().flat_map(|(at, found)| found.iter().filter(|(role, _)| is_about(*at, role))).count();
    let words = sentence.found.iter().filter_map(|(at, _)| rules.language(*at)?.classes.as_ref());
    let names = |class: &Class| matches!(class, Class::Objection | Class::Data | Class::Ai | Class::Effect);
    let matter = words.flat_map(|words| words.find(&sentence.folded)).filter(|(class, _)| names(class)).count();
    if matter == 0 { 0 } else { matter.saturating_add(evidence.saturating_mul(4)) }
}
