//! Text made plain, so that wording can be compared: normal forms, no invisible characters, no quoted replies.

use unicode_normalization::UnicodeNormalization;

/// NFKC, with typographic quotes and dashes made plain, decimal digits made ASCII, and zero-width and direction
/// characters removed.
pub fn normalise(text: &str) -> String {
    // ASCII is its own normal form.
    if text.is_ascii() {
        return text.chars().filter(|c| !is_invisible(*c)).map(plain).collect();
    }
    text.nfkc().filter(|c| !is_invisible(*c)).map(plain).collect()
}

/// Normalised and case-folded: for comparison only.
pub fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { caseless::default_case_fold_str(text) }
}

/// What mail programs write over a quoted mail after its date, in the languages of the rules.
const WROTE: [&str; 26] = [
    "wrote",
    "schrieb",
    "a écrit",
    "escribió",
    "ha scritto",
    "escreveu",
    "schreef",
    "napisał",
    "napisała",
    "skrev",
    "kirjoitti",
    "napsal",
    "napsala",
    "napísal",
    "írta",
    "a scris",
    "написа",
    "έγραψε",
    "napisao",
    "je napisal",
    "va escriure",
    "rašė",
    "rakstīja",
    "kirjutas",
    "scríobh",
    "kiteb",
];

/// The author's own words in a plain-text body: quoted lines, and everything from the head of a reply or a forward
/// on, are left out.
pub fn own_words(plain: &str) -> String {
    plain
        .lines()
        .take_while(|line| !is_head_of_quotation(line.trim()))
        .filter(|line| !line.trim_start().starts_with('>'))
        .collect::<Vec<_>>()
        .join("\n")
}

/// "On 24 Nov 2026 at 10:00, Anna wrote:", "-----Original Message-----" and their like.
fn is_head_of_quotation(line: &str) -> bool {
    let is_reply = || {
        line.ends_with(':')
            && line.contains(|c: char| c.is_ascii_digit())
            && WROTE.iter().any(|verb| line.contains(verb))
    };
    let is_ruled = || {
        let inside = line.trim_matches('-');
        line.starts_with("--") && line.ends_with("--") && inside.contains(char::is_alphabetic)
    };
    is_reply() || is_ruled() || line == "Begin forwarded message:"
}

/// Text that is safe to print on a terminal: control characters become `·`, direction characters vanish (Trojan Source,
/// CVE-2021-42574). Line ends are kept.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !is_direction(*c) && *c != '\r')
        .map(|c| match c {
            '\n' => '\n',
            '\t' => ' ',
            c if c.is_control() => '·',
            c => c,
        })
        .collect()
}

/// JSON in which no control character is left: `serde_json` leaves those above ASCII, which some terminals obey.
pub(crate) fn escaped(json: &str) -> String {
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    if json.is_ascii() && !json.contains('\u{7f}') { json.to_owned() } else { json.chars().map(escape).collect() }
}

/// A text cut to so many characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut chars = text.chars();
    let mut head: String = chars.by_ref().take(most).collect();
    if chars.next().is_some() {
        head.push('…');
    }
    head
}

/// The same on one line.
pub(crate) fn line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(c: char) -> bool {
    is_direction(c)
        || matches!(c, '\u{00ad}' | '\u{034f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180e}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '`' | '´' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '«' | '»' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        // Romanian is often written with the Turkish letters.
        'ş' | 'Ş' => 'ș',
        'ţ' | 'Ţ' => 'ț',
        '\u{0660}'..='\u{0669}' => digit(c, '\u{0660}'),
        '\u{06f0}'..='\u{06f9}' => digit(c, '\u{06f0}'),
        c => c,
    }
}

/// The ASCII digit for a decimal digit of the block that begins at `zero`.
fn digit(c: char, zero: char) -> char {
    u32::from(c).checked_sub(u32::from(zero)).and_then(|n| char::from_digit(n, 10)).unwrap_or(c)
}
