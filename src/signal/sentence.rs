//! A text cut into sentences, the unit in which words bear on each other.

/// The sentences of the sender's own words in one version of a body, whitespace folded.
///
/// Blank lines, and line ends after a sentence's end mark, part sentences; other line ends are soft (RFC 3676). What
/// the form's fields were filled with is the user's text, so everything from the first of several `Question : answer`
/// lines on is left out (facts §1.5).
pub(super) fn sentences(view: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for paragraph in before_echo(view).split("\n\n") {
        let mut sentence = String::new();
        for word in paragraph.split_whitespace() {
            if matches!(word, "•" | "·") {
                sentences.push(std::mem::take(&mut sentence));
                continue;
            }
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(word);
            if word.trim_end_matches(['"', '\'', ')']).ends_with(['.', '!', '?', '…', ';']) {
                sentences.push(std::mem::take(&mut sentence));
            }
        }
        sentences.push(sentence);
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Whether a view holds an echo of a filled-in form.
pub(super) fn has_echo(view: &str) -> bool {
    echo_lines(view).nth(1).is_some()
}

fn before_echo(view: &str) -> String {
    let lines: Vec<&str> = view.lines().map(str::trim).collect();
    let end = if has_echo(view) { lines.iter().position(|line| is_echo(line)) } else { None };
    // Blank lines may hold spaces, and must part paragraphs all the same.
    lines.get(..end.unwrap_or(lines.len())).unwrap_or_default().join("\n")
}

fn echo_lines(view: &str) -> impl Iterator<Item = &str> {
    view.lines().map(str::trim).filter(|line| is_echo(line))
}

fn is_echo(line: &str) -> bool {
    line.split_once(" : ")
        .or_else(|| line.strip_suffix(" :").map(|label| (label, "")))
        .is_some_and(|(label, _)| (3..=160).contains(&label.chars().count()) && label.starts_with(char::is_alphabetic))
}
