//! A text cut into sentences, the unit in which words bear on each other.

/// The sentences of the sender's own words in one version of a body, whitespace folded.
///
/// Blank lines and end marks part sentences; a full stop does not where the next word goes on in small letters or is a
/// number, as after *art.*, nor after an ordinal, as in *20. November*; line ends are soft (RFC 3676). What the form's
/// fields were filled with is the user's text, so everything from the first of several `Question : answer` lines on is
/// left out (facts §1.5).
pub(super) fn sentences(view: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for paragraph in before_echo(view).split("\n\n") {
        let mut sentence = String::new();
        let mut words = paragraph.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if matches!(word, "•" | "·") {
                sentences.push(std::mem::take(&mut sentence));
                continue;
            }
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(word);
            let goes_on =
                words.peek().and_then(|next| next.chars().next()).is_some_and(|c| c.is_lowercase() || c.is_numeric());
            let end = word.trim_end_matches(['"', '\'', ')']);
            if end.ends_with(['!', '?', '…', ';']) || (end.ends_with('.') && !goes_on && !is_ordinal(end)) {
                sentences.push(std::mem::take(&mut sentence));
            }
        }
        sentences.push(sentence);
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Whether a word can be the day of a date.
fn is_ordinal(word: &str) -> bool {
    word.strip_suffix('.').and_then(|digits| digits.parse::<u8>().ok()).is_some_and(|day| (1..=31).contains(&day))
}

/// Whether a view holds an echo of a filled-in form.
pub(super) fn has_echo(view: &str) -> bool {
    first_echo(&view.lines().map(str::trim).collect::<Vec<_>>()).is_some()
}

fn before_echo(view: &str) -> String {
    let lines: Vec<&str> = view.lines().map(str::trim).collect();
    let end = first_echo(&lines).unwrap_or(lines.len());
    // Blank lines may hold spaces, and must part paragraphs all the same.
    lines.get(..end).unwrap_or_default().join("\n")
}

/// Where the echo of a form begins: the first of several lines as Meta writes them, or of two such lines as others do,
/// one right below the other.
fn first_echo(lines: &[&str]) -> Option<usize> {
    let is_known = |line: &str| is_label(line.split_once(" : ").or_else(|| Some((line.strip_suffix(" :")?, ""))));
    let is_plain = |line: &str| is_label(line.split_once(": ")) && !line.ends_with([',', ';']);
    let mut known = (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|line| is_known(line)));
    let first = known.next().filter(|_| known.next().is_some());
    let pair = lines.windows(2).position(|pair| pair.iter().all(|line| is_plain(line) && !line.contains("://")));
    first.into_iter().chain(pair).min()
}

fn is_label(parts: Option<(&str, &str)>) -> bool {
    parts.is_some_and(|(label, _)| {
        let is_short = (3..=160).contains(&label.chars().count());
        is_short && label.starts_with(char::is_alphabetic) && !label.contains(['.', '!', '"', ','])
    })
}
