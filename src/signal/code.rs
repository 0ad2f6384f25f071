//! The code finder: which digits in a verification mail are the code.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::mail::text::fold;

/// A sentence as the finder sees it.
pub(super) struct Line<'a> {
    /// The sentence.
    pub text: &'a str,
    /// Whether a code word stands in it.
    pub has_code_word: bool,
    /// Whether it says that its numbers are no code.
    pub is_excluded: bool,
    /// Whether it says how long something is good for, and in which unit, in minutes.
    pub unit: Option<i64>,
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
        let is_alone = line.text.chars().filter(|c| c.is_alphabetic()).count() <= 2;
        if line.has_code_word || (is_beside && is_alone) {
            codes.extend(numbers(line.text));
        }
    }
    codes
}

/// How long the code is good for, if the mail says so; a minute to a week.
pub(super) fn valid_for(lines: &[Line<'_>]) -> Option<SignedDuration> {
    lines.iter().find_map(|line| {
        let unit = line.unit?;
        let words = line.text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
        let mut count = words.filter_map(|word| match word {
            "an" | "one" => Some(1),
            word if word.len() <= 3 => word.parse::<i64>().ok(),
            _ => None,
        });
        let minutes = count.next_back()?.checked_mul(unit)?;
        (1..=7 * 24 * 60).contains(&minutes).then(|| SignedDuration::from_mins(minutes))
    })
}

/// The numbers of 5 to 8 digits in a sentence that could be a code: not in an address or a link, no amount, no phone
/// or case number.
fn numbers(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut numbers = Vec::new();
    let mut at = 0_usize;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let run = rest.iter().take_while(|word| is_digits(trim(word))).count();
        let before = at.checked_sub(1).and_then(|n| words.get(n)).copied().unwrap_or_default();
        let group = rest.get(..run.max(1)).unwrap_or_default();
        if !is_label_of_another_number(before) {
            numbers.extend(if run > 1 { joined(group) } else { group.first().and_then(|word| single(word)) });
        }
        at = at.saturating_add(run.max(1));
    }
    numbers
}

/// A code split by spaces: digit by digit, or in two halves. More groups are a phone number.
fn joined(group: &[&str]) -> Option<String> {
    let parts: Vec<&str> = group.iter().map(|word| trim(word)).collect();
    let is_split = parts.iter().all(|part| part.len() == 1)
        || matches!(parts.as_slice(), [a, b] if a.len() == b.len() && (3..=4).contains(&a.len()));
    Some(parts.concat()).filter(|code| is_split && is_code(code))
}

/// A code in one word: `12345`, `FB-12345`, `123-456`, `code123456`.
fn single(word: &str) -> Option<String> {
    if word.contains(['@', '/', '#', '%', '+', '$', '€', '£', '&', '=']) || word.contains("://") {
        return None;
    }
    let word = trim(word);
    if is_digits(word) {
        return Some(word.to_owned()).filter(|code| is_code(code));
    }
    if let Some((head, tail)) = word.split_once('-') {
        let is_half = is_digits(head) && is_digits(tail) && head.len() == tail.len() && (3..=4).contains(&head.len());
        let is_prefixed = head.len() <= 3 && head.chars().all(|c| c.is_ascii_alphabetic()) && is_digits(tail);
        let code = if is_half { word.replace('-', "") } else { tail.to_owned() };
        return Some(code).filter(|code| (is_half || is_prefixed) && is_code(code));
    }
    // A label that lost the space or line break before its number (facts §0.5).
    let digits: String = word.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let label = word.split_once(digits.as_str()).map_or("", |(label, _)| label);
    Some(digits).filter(|code| fold(label).ends_with("code") && is_code(code))
}

fn is_label_of_another_number(word: &str) -> bool {
    let word = fold(word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#' && c != '+'));
    word.starts_with(['#', '+'])
        || ["case", "ticket", "order", "reference", "ref", "report", "id", "no", "phone", "tel", "call", "box"]
            .contains(&word.as_str())
}

fn trim(word: &str) -> &str {
    word.trim_matches(|c: char| {
        matches!(c, '.' | ',' | ':' | ';' | '!' | '?' | '"' | '\'' | '(' | ')' | '[' | ']' | '*')
    })
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

fn is_code(digits: &str) -> bool {
    (5..=8).contains(&digits.len())
}
