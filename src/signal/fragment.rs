//! Fragments: words that follow each other, with choices between some of them.

use std::collections::BTreeMap;

use crate::mail::text::{fold, normalise};

/// A fragment is looked for by its first parts, in all ways to write them; of more than this it takes fewer parts.
const MAX_HEADS: usize = 48;
/// A head shorter than this, in bytes, stands everywhere.
const MIN_HEAD: usize = 4;
/// More ways to begin a fragment than this is a mistake in the rule.
const MAX_STARTS: usize = 2048;

/// The parts of a fragment, each with its choices.
pub(super) struct Fragment(Vec<Vec<String>>);

/// One way to write the first parts of a fragment.
pub(super) struct Head {
    /// Without spaces around it.
    pub text: String,
    /// How many parts it stands for.
    pub parts: usize,
    /// How it ends.
    pub end: End,
}

/// How what was read of a fragment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    /// Whether a space must follow before the next word.
    is_spaced: bool,
    /// Whether its last word may have any ending.
    any_ending: bool,
}

impl Fragment {
    /// Reads `word {one|other} word*`, folded.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let folded = fold(&normalise(text));
        let mut parts: Vec<Vec<String>> = Vec::new();
        let mut rest = folded.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (choices, after) = after.split_once('}').ok_or_else(|| format!("`{{` without `}}` in `{text}`"))?;
            if choices.contains('{') {
                return Err(format!("`{{` within `{{…}}` in `{text}`: write every choice out"));
            }
            if !before.is_empty() {
                parts.push(vec![before.to_owned()]);
            }
            parts.push(choices.split('|').map(str::to_owned).collect());
            rest = after;
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(vec![rest.to_owned()]);
        }
        let mut is_last = true;
        for part in parts.iter().rev() {
            for choice in part {
                let stem = if is_last { choice.strip_suffix('*').unwrap_or(choice) } else { choice };
                if stem.contains('*') {
                    return Err(format!("`*` within `{text}`: put ` … ` after it"));
                }
            }
            is_last &= part.iter().all(|choice| choice.trim().is_empty());
        }
        Ok(Self(parts))
    }

    /// The ways to write as many of the first parts as are fit to be looked for.
    ///
    /// # Errors
    /// If one way to write it is too short to mean anything, or there are too many.
    pub fn heads(&self) -> Result<Vec<Head>, String> {
        let mut texts = vec![String::new()];
        let mut parts = 0_usize;
        let length = |text: &String| text.trim().trim_end_matches('*').len();
        for part in &self.0 {
            let ways = texts.len().saturating_mul(part.len());
            if ways > MAX_HEADS && texts.iter().all(|text| length(text) >= MIN_HEAD) {
                break;
            }
            if ways > MAX_STARTS {
                return Err(format!("more than {MAX_STARTS} ways to begin `{self}`"));
            }
            texts = texts.iter().flat_map(|head| part.iter().map(move |choice| format!("{head}{choice}"))).collect();
            parts = parts.saturating_add(1);
        }
        let head = |text: &String| {
            let (any_ending, is_spaced) = (text.trim_end().ends_with('*'), text.ends_with(' '));
            let stem = text.trim_end().trim_end_matches('*');
            // An empty choice leaves two spaces behind.
            let words = stem.split_whitespace().collect::<Vec<_>>().join(" ");
            if words.len() < if any_ending { 2 } else { 1 } {
                return Err(format!("`{self}` is too short to mean anything"));
            }
            Ok(Head { text: words, parts, end: End { is_spaced, any_ending } })
        };
        texts.iter().map(head).collect()
    }

    /// One way to write it: of each part the choice of this number, counted round.
    pub fn example(&self, number: usize) -> String {
        let choice = |part: &Vec<String>| {
            let at = number.checked_rem(part.len()).unwrap_or(0);
            part.get(at).map(|choice| choice.replace('*', "")).unwrap_or_default()
        };
        let text: String = self.0.iter().map(choice).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The most choices that a part has.
    pub fn choices(&self) -> usize {
        self.0.iter().map(Vec::len).max().unwrap_or(1)
    }

    /// Where the fragment ends in a folded text, if so many first parts end at `at`.
    pub fn ends(&self, text: &str, at: usize, parts: usize, end: End) -> Vec<usize> {
        let mut rest = self.0.get(parts..).unwrap_or_default().iter();
        let Some(next) = rest.next() else {
            return if is_whole(text, (at, end)) { vec![at] } else { Vec::new() };
        };
        let mut reached: Vec<(usize, End)> = on(text, (at, end), next).collect();
        for part in rest {
            reached = reached.iter().flat_map(|from| on(text, *from, part)).collect();
            reached.sort_unstable();
            reached.dedup();
        }
        reached.into_iter().filter(|place| is_whole(text, *place)).map(|(at, _)| at).collect()
    }
}

/// Where a part leads to from a place in a text.
fn on(text: &str, from: (usize, End), part: &[String]) -> impl Iterator<Item = (usize, End)> {
    part.iter().filter_map(move |choice| follow(text, from, choice))
}

impl std::fmt::Display for Fragment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|part| match part.as_slice() {
            [one] => f.write_str(one),
            choices => write!(f, "{{{}}}", choices.join("|")),
        })
    }
}

/// Reads a choice on from a place in a text. Spaces count between words only, and once.
fn follow(text: &str, (mut at, mut end): (usize, End), choice: &str) -> Option<(usize, End)> {
    let stem = choice.trim_end_matches('*');
    for (index, word) in stem.split(' ').enumerate() {
        end.is_spaced |= index > 0;
        if word.is_empty() {
            continue;
        }
        let space: &[u8] = if end.is_spaced { b" " } else { b"" };
        let left = text.as_bytes().get(at..)?.strip_prefix(space)?.strip_prefix(word.as_bytes())?;
        at = text.len().saturating_sub(left.len());
        end = End { is_spaced: false, any_ending: false };
    }
    end.any_ending |= stem.len() < choice.len();
    Some((at, end))
}

/// Whether a word ends at a place, or may go on.
fn is_whole(text: &str, (at, end): (usize, End)) -> bool {
    end.any_ending || !text.get(at..).and_then(|t| t.chars().next()).is_some_and(char::is_alphabetic)
}

/// `<name>` replaced by the list of that name.
///
/// # Errors
/// If there is none.
pub(super) fn with_words(text: &str, words: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
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
