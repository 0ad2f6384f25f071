//! Phrases: wording as data, found in one pass over a text whatever their number.
//!
//! `{a|b}` stands for either, ` … ` for anything in between within the sentence, a final `*` for any ending. Letter
//! case, quotes and spacing are those of `mail::text::fold`.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::mail::text::{fold, normalise};

/// More ways to say one fragment than this is a mistake in the rule.
const MAX_VARIANTS: usize = 512;

/// All phrases of all rules, ready to be looked for.
pub(super) struct Phrases {
    automaton: AhoCorasick,
    /// For each literal: the phrase and the place in it, and whether any ending will do.
    literals: Vec<(usize, usize, bool)>,
    /// How many fragments each phrase has.
    lengths: Vec<usize>,
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
}

impl Phrases {
    /// Compiles phrases; a phrase is known by its place in the list.
    ///
    /// # Errors
    /// The place of the faulty phrase, and what is wrong with it.
    pub fn compile(texts: &[&str]) -> Result<Self, (usize, String)> {
        let (mut patterns, mut literals, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        for (phrase, text) in texts.iter().enumerate() {
            let fragments: Vec<&str> = text.split('…').map(str::trim).collect();
            lengths.push(fragments.len());
            for (place, fragment) in fragments.into_iter().enumerate() {
                for variant in variants(fragment).map_err(|message| (phrase, message))? {
                    let folded = fold(&normalise(&variant));
                    let stem = folded.trim_end_matches('*');
                    if stem.trim().len() < 2 {
                        return Err((phrase, format!("`{fragment}` is too short to mean anything")));
                    }
                    literals.push((phrase, place, folded.ends_with('*')));
                    patterns.push(stem.to_owned());
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .map_err(|error| (0, error.to_string()))?;
        Ok(Self { automaton, literals, lengths })
    }

    /// The phrases in a folded sentence, each at most once, in the order of the list.
    pub fn find(&self, folded: &str) -> Vec<Hit> {
        let mut found: Vec<(usize, usize, Range<usize>)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(folded) {
            let Some(&(phrase, place, any_ending)) = self.literals.get(hit.pattern().as_usize()) else { continue };
            if is_whole(folded, &hit.range(), any_ending) {
                found.push((phrase, place, hit.range()));
            }
        }
        found.sort_by_key(|(phrase, place, span)| (*phrase, *place, span.start));
        found.chunk_by(|a, b| a.0 == b.0).filter_map(|hits| self.in_order(hits)).collect()
    }

    /// The phrase, if all its fragments stand one after the other.
    fn in_order(&self, hits: &[(usize, usize, Range<usize>)]) -> Option<Hit> {
        let phrase = hits.first()?.0;
        let mut spans: Vec<Range<usize>> = Vec::new();
        for place in 0..*self.lengths.get(phrase)? {
            let from = spans.last().map_or(0, |span| span.end);
            let (_, _, span) = hits.iter().find(|(_, at, span)| *at == place && span.start >= from)?;
            spans.push(span.clone());
        }
        Some(Hit { phrase, spans })
    }
}

/// Whether a literal stands as whole words. Scripts that glue digits to words (`code123456`) still end one.
fn is_whole(text: &str, span: &Range<usize>, any_ending: bool) -> bool {
    let before = text.get(..span.start).and_then(|t| t.chars().next_back());
    let after = text.get(span.end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphabetic) && (any_ending || !after.is_some_and(char::is_alphabetic))
}

/// Every way to write a fragment.
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
        !Phrases::compile(&[phrase]).unwrap().find(&fold(text)).is_empty()
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
    fn a_faulty_phrase_is_told() {
        assert!(Phrases::compile(&["good one", "a {b"]).is_err_and(|(place, _)| place == 1));
        assert!(Phrases::compile(&["x"]).is_err());
    }
}
