//! Phrases: wording as data, found in one pass over a sentence whatever their number.
//!
//! `{a|b}` stands for either, `<name>` for any of the language's list of that name, ` … ` for anything in between within
//! the sentence, ` & ` for both in any order, a final `*` for any ending. Letter case, quotes and spacing are those of
//! `mail::text::fold`.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::fragment::{End, Fragment, with_words};

/// A phrase of several fragments is looked for in a sentence so many times.
const MAX_TIMES: usize = 4;

/// All phrases of a language, ready to be looked for.
pub(super) struct Phrases {
    /// Finds where fragments begin.
    heads: AhoCorasick,
    /// For each head, the fragments that begin so, and what must follow.
    starts: Vec<Vec<Start>>,
    fragments: Vec<(Place, Fragment)>,
    /// For each phrase, how many fragments each of its groups has.
    groups: Vec<Vec<usize>>,
}

/// A fragment that begins with a head.
struct Start {
    fragment: usize,
    /// How many of the fragment's parts the head stands for.
    parts: usize,
    end: End,
}

/// Which fragment of which phrase.
#[derive(Clone, Copy)]
struct Place {
    phrase: usize,
    group: usize,
    place: usize,
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
        let (mut fragments, mut groups) = (Vec::new(), Vec::new());
        let mut starts: BTreeMap<String, Vec<Start>> = BTreeMap::new();
        for (phrase, text) in texts.iter().enumerate() {
            let fault = |message| (phrase, message);
            let text = with_words(text, words).map_err(fault)?;
            let mut lengths = Vec::new();
            for (group, ordered) in text.split(" & ").enumerate() {
                let before = fragments.len();
                for (place, text) in ordered.split('…').enumerate() {
                    let fragment = Fragment::parse(text.trim()).map_err(fault)?;
                    for head in fragment.heads().map_err(fault)? {
                        let start = Start { fragment: fragments.len(), parts: head.parts, end: head.end };
                        starts.entry(head.text).or_default().push(start);
                    }
                    fragments.push((Place { phrase, group, place }, fragment));
                }
                lengths.push(fragments.len().saturating_sub(before));
            }
            groups.push(lengths);
        }
        let (heads, starts): (Vec<String>, _) = starts.into_iter().unzip();
        let heads = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(heads)
            .map_err(|error| (0, error.to_string()))?;
        Ok(Self { heads, starts, fragments, groups })
    }

    /// The phrases in a folded sentence, each at most once, in the order of the list.
    pub fn find(&self, folded: &str) -> Vec<Hit> {
        let found = self.fragments_in(folded);
        found.chunk_by(|(a, _), (b, _)| a.phrase == b.phrase).filter_map(|hits| self.whole(hits, 0)).collect()
    }

    /// The phrases in a folded sentence, wherever they begin, in the order of the list.
    pub fn find_all(&self, folded: &str) -> Vec<Hit> {
        let found = self.fragments_in(folded);
        let mut all = Vec::new();
        for hits in found.chunk_by(|(a, _), (b, _)| a.phrase == b.phrase) {
            let begins = |(at, _): &&(Place, Range<usize>)| at.group == 0 && at.place == 0;
            let is_one =
                hits.first().and_then(|(at, _)| self.groups.get(at.phrase)).is_some_and(|groups| groups == &[1]);
            let times = if is_one { usize::MAX } else { MAX_TIMES };
            all.extend(hits.iter().filter(begins).take(times).filter_map(|(at, span)| {
                if is_one {
                    Some(Hit { phrase: at.phrase, spans: vec![span.clone()] })
                } else {
                    self.whole(hits, span.start)
                }
            }));
        }
        all
    }

    fn fragments_in(&self, folded: &str) -> Vec<(Place, Range<usize>)> {
        let mut found: Vec<(Place, Range<usize>)> = Vec::new();
        for hit in self.heads.find_overlapping_iter(folded) {
            if !begins_word(folded, hit.start()) {
                continue;
            }
            for start in self.starts.get(hit.pattern().as_usize()).into_iter().flatten() {
                let Some((place, fragment)) = self.fragments.get(start.fragment) else { continue };
                let ends = fragment.ends(folded, hit.end(), start.parts, start.end);
                found.extend(ends.into_iter().map(|end| (*place, hit.start()..end)));
            }
        }
        found.sort_unstable_by_key(|(at, span)| (at.phrase, at.group, at.place, span.start));
        found
    }

    /// The phrase, if all its groups are there, the first of them from a place on.
    fn whole(&self, hits: &[(Place, Range<usize>)], from: usize) -> Option<Hit> {
        let phrase = hits.first()?.0.phrase;
        let mut hit = Hit { phrase, spans: Vec::new() };
        for (group, length) in self.groups.get(phrase)?.iter().enumerate() {
            let ordered = in_order(hits, group, *length, &hit, if group == 0 { from } else { 0 })?;
            hit.spans.extend(ordered);
        }
        Some(hit)
    }
}

/// Sentences of a phrase's own words, in which each of its choices stands once.
///
/// # Errors
/// What is wrong with it.
pub(super) fn examples(text: &str, words: &BTreeMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let text = with_words(text, words)?;
    let fragments = text.split(" & ").flat_map(|group| group.split('…')).map(|text| Fragment::parse(text.trim()));
    let fragments: Vec<Fragment> = fragments.collect::<Result<_, _>>()?;
    let count = fragments.iter().map(Fragment::choices).max().unwrap_or(1);
    let sentence = |number| fragments.iter().map(|f| f.example(number)).collect::<Vec<_>>().join(" ");
    Ok((0..count).map(sentence).collect())
}

/// The fragments of a group, one after the other, on words that no earlier group has taken.
fn in_order(
    hits: &[(Place, Range<usize>)],
    group: usize,
    length: usize,
    taken: &Hit,
    start: usize,
) -> Option<Vec<Range<usize>>> {
    let is_free = |span: &Range<usize>| !taken.spans.iter().any(|t| t.start < span.end && span.start < t.end);
    let mut spans: Vec<Range<usize>> = Vec::new();
    for place in 0..length {
        let from = spans.last().map_or(start, |span| span.end);
        let fits = |(l, span): &&(Place, Range<usize>)| {
            l.group == group && l.place == place && span.start >= from && is_free(span)
        };
        spans.push(hits.iter().find(fits)?.1.clone());
    }
    Some(spans)
}

/// Whether a word may begin there. Scripts that glue digits to words still end one.
fn begins_word(text: &str, at: usize) -> bool {
    !text.get(..at).and_then(|t| t.chars().next_back()).is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::mail::text::fold;

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
        assert!(found("we received {it|}", "we received"));
    }

    #[test]
    fn parts_in_any_order_are_different_words() {
        assert!(found("<accept> & objection", "We accept your objection"));
        assert!(found("<accept> & objection", "Your objection was granted"));
        assert!(!found("<accept> & objection", "Your objection was refused"));
        assert!(!found("grant* & granted", "It was granted"));
    }

    #[test]
    fn a_fragment_with_many_choices_is_read_to_its_end() {
        let numbers: Vec<String> = (0..100).map(|n| format!("n{n}")).collect();
        let many = format!("{{{}}}", numbers.join("|"));
        let phrase = format!("we {many} {{not|}} {many} {{ever|}} {{accept|grant}} {{|now}}");
        assert!(found(&phrase, "we n7 n99 grant"));
        assert!(found(&phrase, "we n17 not n99 ever accept now."));
        assert!(!found(&phrase, "we n17 not n99 ever  accept"));
        assert!(!found(&phrase, "we n17 not ever accept now"));
        assert!(!found(&phrase, "we n17 n9 ever acceptance"));
        assert!(found(&format!("we {many} {many} accept*"), "we n17 n9 acceptance"));
    }

    #[test]
    fn a_faulty_phrase_is_told() {
        let fails = |text| Phrases::compile(&["good one", text], &BTreeMap::new()).is_err_and(|(place, _)| place == 1);
        assert!(["a {b", "{a|b {c|d}}", "x*", "", "<nothing> more", "a <b", "be* good"].into_iter().all(fails));
    }
}
