//! Phrases: wording as data, found in one pass over a sentence whatever their number.
//!
//! `{a|b}` stands for either, `<name>` for any of the language's list of that name, ` … ` for anything in between within
//! the sentence, ` & ` for both in any order, a final `*` for any ending. Letter case, quotes and spacing are those of
//! `mail::text::fold`.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::mail::text::{fold, normalise};

/// More ways to say one fragment than this is a mistake in the rule.
const MAX_VARIANTS: usize = 2048;

/// All phrases of a language, ready to be looked for.
pub(super) struct Phrases {
    automaton: AhoCorasick,
    literals: Vec<Literal>,
    /// For each phrase, how many fragments each of its groups has.
    groups: Vec<Vec<usize>>,
}

/// One way to write one fragment of a phrase.
#[derive(Clone, Copy)]
struct Literal {
    phrase: usize,
    group: usize,
    place: usize,
    any_ending: bool,
}

/// A phrase found in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// Which phrase.
    pub phrase: usize,
    /// Where its fragments stand, in bytes of the folded sentence.
    pub spans: Vec<Range<usize>>,
}

impl Hit {
    /// Whether any of its words are also the other's.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.spans.iter().any(|a| other.spans.iter().any(|b| a.start < b.end && b.start < a.end))
    }

    /// From its first word to its last.
    pub fn hull(&self) -> Range<usize> {
        let start = self.spans.iter().map(|span| span.start).min().unwrap_or(0);
        let end = self.spans.iter().map(|span| span.end).max().unwrap_or(0);
        start..end
    }
}

impl Phrases {
    /// Compiles phrases; a phrase is known by its place in the list.
    ///
    /// # Errors
    /// The place of the faulty phrase, and what is wrong with it.
    pub fn compile(texts: &[&str], words: &BTreeMap<String, Vec<String>>) -> Result<Self, (usize, String)> {
        let (mut patterns, mut literals, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for (phrase, text) in texts.iter().enumerate() {
            let fault = |message| (phrase, message);
            let text = with_words(text, words).map_err(fault)?;
            let mut lengths = Vec::new();
            for (group, ordered) in text.split(" & ").enumerate() {
                let fragments: Vec<&str> = ordered.split('…').map(str::trim).collect();
                lengths.push(fragments.len());
                for (place, fragment) in fragments.into_iter().enumerate() {
                    for (stem, any_ending) in stems(fragment).map_err(fault)? {
                        literals.push(Literal { phrase, group, place, any_ending });
                        patterns.push(stem);
                    }
                }
            }
            groups.push(lengths);
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .map_err(|error| (0, error.to_string()))?;
        Ok(Self { automaton, literals, groups })
    }

    /// The phrases in a folded sentence, each at most once, in the order of the list.
    pub fn find(&self, folded: &str) -> Vec<Hit> {
        let mut found: Vec<(Literal, Range<usize>)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(folded) {
            let Some(literal) = self.literals.get(hit.pattern().as_usize()) else { continue };
            if is_whole(folded, &hit.range(), literal.any_ending) {
                found.push((*literal, hit.range()));
            }
        }
        found.sort_by_key(|(l, span)| (l.phrase, l.group, l.place, span.start));
        found.chunk_by(|(a, _), (b, _)| a.phrase == b.phrase).filter_map(|hits| self.whole(hits)).collect()
    }

    /// The phrase, if all its groups are there.
    fn whole(&self, hits: &[(Literal, Range<usize>)]) -> Option<Hit> {
        let phrase = hits.first()?.0.phrase;
        let mut hit = Hit { phrase, spans: Vec::new() };
        for (group, length) in self.groups.get(phrase)?.iter().enumerate() {
            let ordered = in_order(hits, group, *length, &hit)?;
            hit.spans.extend(ordered);
        }
        Some(hit)
    }
}

/// The fragments of a group, one after the other, on words that no earlier group has taken.
fn in_order(hits: &[(Literal, Range<usize>)], group: usize, length: usize, taken: &Hit) -> Option<Vec<Range<usize>>> {
    let is_free = |span: &Range<usize>| !taken.spans.iter().any(|t| t.start < span.end && span.start < t.end);
    let mut spans: Vec<Range<usize>> = Vec::new();
    for place in 0..length {
        let from = spans.last().map_or(0, |span| span.end);
        let fits = |(l, span): &&(Literal, Range<usize>)| {
            l.group == group && l.place == place && span.start >= from && is_free(span)
        };
        spans.push(hits.iter().find(fits)?.1.clone());
    }
    Some(spans)
}

/// Whether a literal stands as whole words. Scripts that glue digits to words (`code123456`) still end one.
fn is_whole(text: &str, span: &Range<usize>, any_ending: bool) -> bool {
    let before = text.get(..span.start).and_then(|t| t.chars().next_back());
    let after = text.get(span.end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphabetic) && (any_ending || !after.is_some_and(char::is_alphabetic))
}

/// `<name>` replaced by the list of that name.
fn with_words(text: &str, words: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (name, after) = after.split_once('>').ok_or_else(|| format!("`<` without `>` in `{text}`"))?;
        let list = words.get(name).ok_or_else(|| format!("no list `{name}` under [words], named in `{text}`"))?;
        out.push_str(before);
        out.push_str(&format!("{{{}}}", list.join("|")));
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Every way to write a fragment, folded, and whether any ending will do.
fn stems(fragment: &str) -> Result<Vec<(String, bool)>, String> {
    let mut stems = Vec::new();
    for variant in variants(fragment)? {
        let folded = fold(&normalise(&variant));
        let stem = folded.trim_end_matches('*');
        if stem.trim().len() < if folded.ends_with('*') { 2 } else { 1 } {
            return Err(format!("`{fragment}` is too short to mean anything"));
        }
        if stem.contains('*') {
            return Err(format!("`*` within `{variant}`: put ` … ` after it"));
        }
        stems.push((stem.to_owned(), folded.ends_with('*')));
    }
    Ok(stems)
}

fn variants(fragment: &str) -> Result<Vec<String>, String> {
    let mut all = vec![String::new()];
    let mut rest = fragment;
    while let Some((before, after)) = rest.split_once('{') {
        let (choices, after) = after.split_once('}').ok_or_else(|| format!("`{{` without `}}` in `{fragment}`"))?;
        all = all
            .iter()
            .flat_map(|head| choices.split('|').map(move |choice| format!("{head}{before}{choice}")))
            .collect();
        if all.len() > MAX_VARIANTS {
            return Err(format!("more than {MAX_VARIANTS} ways to write `{fragment}`"));
        }
        rest = after;
    }
    for variant in &mut all {
        variant.push_str(rest);
        // An empty choice leaves two spaces behind.
        *variant = variant.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn found(phrase: &str, text: &str) -> bool {
        let words = BTreeMap::from([("accept".to_owned(), vec!["accept".to_owned(), "grant*".to_owned()])]);
        !Phrases::compile(&[phrase], &words).unwrap().find(&fold(text)).is_empty()
    }

    #[test]
    fn a_phrase_matches_whole_words_in_order() {
        assert!(found("{honour|honor} your objection", "We will HONOR your objection."));
        assert!(!found("honor your objection", "We dishonor your objection."));
        assert!(found("reviewed … objection", "We reviewed it and accept your objection"));
        assert!(!found("objection … reviewed", "We reviewed it and accept your objection"));
        assert!(found("widerspr*", "deine Widersprüche"));
        assert!(found("verification code", "your verification code123456"));
        assert!(found("we {have|} received", "we received it"));
    }

    #[test]
    fn parts_in_any_order_are_different_words() {
        assert!(found("<accept> & objection", "We accept your objection"));
        assert!(found("<accept> & objection", "Your objection was granted"));
        assert!(!found("<accept> & objection", "Your objection was refused"));
        assert!(!found("grant* & granted", "It was granted"));
    }

    #[test]
    fn a_faulty_phrase_is_told() {
        let fails = |text| Phrases::compile(&["good one", text], &BTreeMap::new()).is_err_and(|(place, _)| place == 1);
        assert!(["a {b", "x*", "", "<nothing> more", "a <b", "be* good"].into_iter().all(fails));
    }
}
