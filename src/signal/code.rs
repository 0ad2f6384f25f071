//! The code finder: which digits in a verification mail are the code.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::SignedDuration;
use jiff::civil::Date;

/// How a code may be written: digits behind one of these and a hyphen, as in `FB-12345` (facts §1.6).
const PREFIXES: [&str; 3] = ["fb", "ig", "wa"];

/// Whether a text ends with a word for another number, such as *case* or *phone*.
pub(super) type EndsWithOther<'a> = Box<dyn Fn(&str) -> bool + 'a>;

/// A sentence as the finder sees it. Places are in bytes of its text.
pub(super) struct Line<'a> {
    /// The sentence, folded.
    pub text: &'a str,
    /// Whether a code word, or what makes the mail a verification mail, stands in it.
    pub has_code_word: bool,
    /// Whether it says that its numbers are no code.
    pub is_excluded: bool,
    /// Whether a text ends with a word for another number.
    pub ends_with_other: EndsWithOther<'a>,
    /// Where words for the number one stand.
    pub ones: Vec<Range<usize>>,
    /// The unit, in minutes, of how long something is good for, if it says so, and where it begins.
    pub unit: Option<(i64, usize)>,
}

/// A word of a sentence, and where it begins.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    at: usize,
}

/// The different codes in a mail: digits beside a code word, or alone in the sentence before or after one.
pub(super) fn codes(lines: &[Line<'_>]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        if line.is_excluded {
            continue;
        }
        let neighbours = [at.checked_sub(1), at.checked_add(1)];
        let is_beside =
            neighbours.into_iter().flatten().filter_map(|n| lines.get(n)).any(|n| n.has_code_word && !n.is_excluded);
        if line.has_code_word || (is_beside && line.is_alone()) {
            codes.extend(numbers(line));
        }
    }
    codes
}

/// Whether digits that could be a code stand beside a code word or alone, in whatever words.
pub(super) fn may_hold_code(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| !line.is_excluded && (line.has_code_word || line.is_alone()) && !numbers(line).is_empty())
}

/// How long the code is good for, if the mail says so; a minute to a week.
pub(super) fn valid_for(lines: &[Line<'_>]) -> Option<SignedDuration> {
    lines.iter().find_map(|line| {
        let (unit, unit_at) = line.unit?;
        let number = |word: &Word<'_>| trim(word.text).parse::<i64>().ok().filter(|n| (1..1000).contains(n));
        let mut before = words(line.text).into_iter().rev().filter(|word| word.at < unit_at);
        let count = before.find_map(|word| number(&word));
        let one = || line.ones.iter().any(|one| one.end <= unit_at).then_some(1);
        let minutes = count.or_else(one)?.checked_mul(unit)?;
        (1..=7 * 24 * 60).contains(&minutes).then(|| SignedDuration::from_mins(minutes))
    })
}

/// The numbers of 5 to 8 digits in a sentence that could be a code: not in an address or a link, no date, amount, phone
/// or case number.
fn numbers(line: &Line<'_>) -> Vec<String> {
    let words = words(line.text);
    let mut numbers = Vec::new();
    let mut at = 0_usize;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let run = rest.iter().take_while(|word| is_digits(trim(word.text))).count();
        let group = rest.get(..run.max(1)).unwrap_or_default();
        if !line.is_other_number(group) {
            numbers.extend(if run > 1 { joined(group) } else { group.first().and_then(|word| single(line, *word)) });
        }
        at = at.saturating_add(run.max(1));
    }
    numbers
}

impl Line<'_> {
    /// Whether there is nothing in it but numbers and signs.
    fn is_alone(&self) -> bool {
        self.text.chars().filter(|c| c.is_alphabetic()).count() <= 2
    }

    /// Whether a group of digits is called something else: what stands between that word and the digits is at most a
    /// colon, or a sign for a number.
    fn is_other_number(&self, group: &[Word<'_>]) -> bool {
        let before = group.first().and_then(|word| self.text.get(..word.at)).unwrap_or_default();
        let label = before.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ',' | ';'));
        before.len().saturating_sub(label.len()) <= 4 && (self.ends_with_other)(label)
    }
}

/// A code split by spaces: digit by digit, or in two halves. More groups are a phone number.
fn joined(group: &[Word<'_>]) -> Option<String> {
    let parts: Vec<&str> = group.iter().map(|word| trim(word.text)).collect();
    let is_split = parts.iter().all(|part| part.len() == 1)
        || matches!(parts.as_slice(), [a, b] if a.len() == b.len() && (3..=4).contains(&a.len()));
    Some(parts.concat()).filter(|code| is_split && is_code(code))
}

/// A code in one word: `12345`, `FB-12345`, `123-456`, `code123456`.
fn single(line: &Line<'_>, word: Word<'_>) -> Option<String> {
    if word.text.contains(['@', '/', '#', '%', '+', '$', '€', '£', '&', '=']) {
        return None;
    }
    let text = trim(word.text);
    if is_digits(text) {
        return Some(text.to_owned()).filter(|code| is_code(code));
    }
    let (label, digits) = text.split_at_checked(text.find(|c: char| c.is_ascii_digit())?)?;
    // A label that lost the space or line break before its number (facts §0.5).
    let letters = label.chars().filter(|c| c.is_alphabetic()).count();
    let is_label = letters >= 3 && label.chars().all(|c| c.is_alphabetic() || c == '-');
    if is_label {
        let is_glued = is_code(digits) && line.has_code_word && !(line.ends_with_other)(label);
        return is_glued.then(|| digits.to_owned());
    }
    let (head, tail) = text.split_once('-')?;
    let is_half = is_digits(head) && is_digits(tail) && head.len() == tail.len() && (3..=4).contains(&head.len());
    let is_prefixed = PREFIXES.contains(&head) && is_digits(tail);
    let code = if is_half { text.replace('-', "") } else { tail.to_owned() };
    Some(code).filter(|code| (is_half || is_prefixed) && is_code(code))
}

fn words(text: &str) -> Vec<Word<'_>> {
    let place = |word: &str| (word.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    text.split_whitespace().map(|word| Word { text: word, at: place(word) }).collect()
}

fn trim(word: &str) -> &str {
    word.trim_matches(|c: char| {
        matches!(c, '.' | ',' | ':' | ';' | '!' | '?' | '"' | '\'' | '(' | ')' | '[' | ']' | '*' | '·')
    })
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

/// Whether digits can be a code: 5 to 8 of them, and no date written without separators.
fn is_code(digits: &str) -> bool {
    let is_date = digits.len() == 8 && (digits.starts_with("19") || digits.starts_with("20")) && {
        Date::strptime("%Y%m%d", digits).is_ok()
    };
    is_digits(digits) && (5..=8).contains(&digits.len()) && !is_date
}
