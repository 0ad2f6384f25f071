//! The strings of a rule file, each with the list that it stands in and its place in the text.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A string of a rule file.
pub(super) struct Entry {
    /// The list, as `strong`, `condition` or `words.objection`.
    pub list: String,
    /// The place of its `[[rule]]`, if it stands in one.
    pub rule: Option<usize>,
    pub text: String,
    /// Where it stands, in bytes of the file.
    pub at: Range<usize>,
}

/// All strings of a file that can be parsed.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        for (key, value) in table.get_ref() {
            if key.get_ref() == "rule" {
                let rules = value.get_ref().as_array().into_iter().flatten();
                rules.enumerate().for_each(|(at, rule)| walk("", Some(at), rule, &mut entries));
            } else {
                walk(key.get_ref(), None, value, &mut entries);
            }
        }
    }
    entries
}

fn walk(list: &str, rule: Option<usize>, value: &Spanned<DeValue<'_>>, entries: &mut Vec<Entry>) {
    match value.get_ref() {
        DeValue::String(text) => {
            entries.push(Entry { list: list.to_owned(), rule, text: text.to_string(), at: value.span() });
        }
        DeValue::Array(values) => values.iter().for_each(|value| walk(list, rule, value, entries)),
        DeValue::Table(table) => {
            // A phrase with its source is one entry of its list; other tables are lists of lists.
            let is_phrase = table.keys().any(|key| key.get_ref() == "text");
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "text" => walk(list, rule, value, entries),
                    _ if is_phrase => {}
                    key if list.is_empty() => walk(key, rule, value, entries),
                    key => walk(&format!("{list}.{key}"), rule, value, entries),
                }
            }
        }
        _ => {}
    }
}

/// The lists under `[words]`.
pub(super) fn words(entries: &[Entry]) -> BTreeMap<String, Vec<String>> {
    let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries {
        if let Some(name) = entry.list.strip_prefix("words.") {
            words.entry(name.to_owned()).or_default().push(entry.text.clone());
        }
    }
    words
}
