//! What is wrong in a rule file, and where: malformed, said twice, contradictory, or never to be found.

use std::collections::{BTreeMap, HashMap};

use super::entries::{Entry, entries, words};
use super::evidence::{Sentence, counts};
use super::language::{Language, Part, Role, Rule, Sense};
use super::phrase::{Phrases, examples};
use super::rules::Rules;
use super::sentence::sentences;
use super::words::Words;
use crate::mail::text::fold;

/// Something wrong in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// From one.
    pub line: usize,
    /// In characters, from one.
    pub column: usize,
    /// What it is.
    pub what: String,
}

/// A rule file under examination.
struct File<'a> {
    text: &'a str,
    /// Its language, with the rules that the program has for it.
    known: Option<&'a Language>,
    language: Language,
    entries: Vec<Entry>,
}

/// What is wrong in a file of rules. `base` holds the rules that it adds to; none for a file of the program's own.
#[must_use]
pub fn flaws(text: &str, base: Option<&Rules>) -> Vec<Flaw> {
    let language: Language = match toml::from_str(text) {
        Ok(language) => language,
        Err(error) => return vec![malformed(text, &error)],
    };
    let known = base.and_then(|base| base.language(base.place(&language.language)?));
    let file = File { text, known, language, entries: entries(text) };
    let mut flaws = file.malformed();
    flaws.extend(file.repeated());
    flaws.extend(file.contradictory());
    flaws.extend(file.unused());
    flaws.sort_by_key(|flaw| (flaw.line, flaw.column));
    flaws
}

/// What is wrong in a file of closed classes.
#[must_use]
pub fn flaws_of_classes(text: &str) -> Vec<Flaw> {
    let words: Words = match toml::from_str(text) {
        Ok(words) => words,
        Err(error) => return vec![malformed(text, &error)],
    };
    let entries = entries(text);
    let mut flaws: Vec<Flaw> =
        words.lack().map(|class| flaw(text, 0, format!("the class {class:?} has no words"))).into_iter().collect();
    let mut seen: HashMap<(&str, String), usize> = HashMap::new();
    for entry in &entries {
        if let Err((_, message)) = Phrases::compile(&[&entry.text], &BTreeMap::new()) {
            flaws.push(flaw(text, entry.at.start, message));
        }
        if let Some(first) = seen.insert((&entry.list, fold(&entry.text)), entry.at.start) {
            flaws.push(flaw(
                text,
                entry.at.start,
                format!("`{}` stands in line {} already", entry.text, line(text, first)),
            ));
        }
    }
    flaws
}

/// The phrases of a file that can never match, whatever a mail says. `rules` hold the file.
#[must_use]
pub fn never_matching(text: &str, rules: &Rules) -> Vec<Flaw> {
    let Ok(Language { language: code, rule: own, .. }) = toml::from_str::<Language>(text) else { return Vec::new() };
    let Some((at, language)) = rules.place(&code).and_then(|at| Some((at, rules.language(at)?))) else {
        return Vec::new();
    };
    let entries = entries(text);
    let evidence = entries.iter().filter(|entry| matches!(entry.list.as_str(), "strong" | "weak"));
    let place = |entry: &Entry| {
        let id = &own.get(entry.rule?)?.id;
        language.rule.iter().position(|rule| rule.id == *id)
    };
    evidence
        .filter_map(|entry| {
            let rule = place(entry)?;
            let why = Trial { rules, language, at, rule }.obstacle(&entry.text)?;
            Some(flaw(text, entry.at.start, format!("`{}` can never match: {why}", entry.text)))
        })
        .collect()
}

impl File<'_> {
    fn malformed(&self) -> Vec<Flaw> {
        let mut words = self.known.map(|known| known.words.clone()).unwrap_or_default();
        words.extend(self::words(&self.entries));
        let is_phrase = |entry: &&Entry| {
            !matches!(
                entry.list.as_str(),
                "language" | "common" | "id" | "signal" | "in" | "platforms" | "generation" | "source"
            ) && !entry.list.starts_with("words.")
        };
        let phrases = self.entries.iter().filter(is_phrase);
        phrases
            .filter_map(|entry| {
                let (_, message) = Phrases::compile(&[&entry.text], &words).err()?;
                Some(self.flaw(entry, message))
            })
            .collect()
    }

    /// What stands twice in a list, or in ours too.
    fn repeated(&self) -> Vec<Flaw> {
        let mut seen: HashMap<(&str, Option<usize>, String), &Entry> = HashMap::new();
        let mut flaws = Vec::new();
        for entry in &self.entries {
            if let Some(first) = seen.get(&(entry.list.as_str(), entry.rule, fold(&entry.text))) {
                let line = line(self.text, first.at.start);
                flaws.push(self.flaw(entry, format!("`{}` stands in line {line} already", entry.text)));
            } else {
                seen.insert((&entry.list, entry.rule, fold(&entry.text)), entry);
            }
        }
        for (entry, rule, is_strong) in self.evidence() {
            let same = self.others().find(|(other, text, strong)| {
                other.signal == rule.signal && *strong == is_strong && fold(text) == fold(&entry.text)
            });
            flaws.extend(
                same.map(|(other, ..)| self.flaw(entry, format!("`{}` stands in `{}` already", entry.text, other.id))),
            );
        }
        flaws
    }

    /// What is said for two senses that exclude each other, or for and against one rule.
    fn contradictory(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let evidence: Vec<(&Entry, &Rule, bool)> = self.evidence().collect();
        for (entry, rule, _) in evidence.iter().filter(|(_, _, is_strong)| *is_strong) {
            let text = fold(&entry.text);
            let here = evidence.iter().filter(|(_, _, is_strong)| *is_strong).map(|(e, r, _)| (*r, e.text.as_str()));
            let others = self.others().filter(|(_, _, is_strong)| *is_strong).map(|(rule, text, _)| (rule, text));
            let opposite =
                here.chain(others).find(|(other, words)| excludes(rule.signal, other.signal) && fold(words) == text);
            if let Some((other, _)) = opposite {
                flaws.push(self.flaw(entry, format!("`{}` says the contrary in `{}`", entry.text, other.id)));
            }
            let is_denied = |e: &&Entry| e.list == "not" && e.rule == entry.rule && fold(&e.text) == text;
            if self.entries.iter().any(|e| is_denied(&e)) {
                flaws.push(self.flaw(entry, format!("`{}` stands under `not` of its rule too", entry.text)));
            }
        }
        flaws
    }

    /// Lists that no phrase names.
    fn unused(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut known: Vec<&str> = Vec::new();
        for entry in &self.entries {
            let Some(name) = entry.list.strip_prefix("words.").filter(|name| !known.contains(name)) else { continue };
            known.push(name);
            let naming = format!("<{name}>");
            if !self.entries.iter().any(|other| other.text.contains(&naming)) {
                flaws.push(self.flaw(entry, format!("no phrase names `<{name}>`")));
            }
        }
        flaws
    }

    /// The file's evidence, with the rule that each phrase is for, and whether it is strong.
    fn evidence(&self) -> impl Iterator<Item = (&Entry, &Rule, bool)> {
        self.entries.iter().filter_map(|entry| {
            let is_strong = entry.list == "strong";
            let rule = self.language.rule.get(entry.rule?)?;
            (is_strong || entry.list == "weak").then_some((entry, rule, is_strong))
        })
    }

    /// The evidence of the program's rules that the file leaves in force.
    fn others(&self) -> impl Iterator<Item = (&Rule, &str, bool)> {
        let is_kept = |rule: &&Rule| !self.language.rule.iter().any(|own| own.id == rule.id);
        self.known.into_iter().flat_map(|known| &known.rule).filter(is_kept).flat_map(Rule::phrases)
    }

    fn flaw(&self, entry: &Entry, what: String) -> Flaw {
        flaw(self.text, entry.at.start, what)
    }
}

/// A phrase on trial: whether a sentence of its own words is evidence for its rule.
struct Trial<'a> {
    rules: &'a Rules,
    language: &'a Language,
    at: usize,
    rule: usize,
}

impl Trial<'_> {
    /// What keeps every sentence of the phrase's own words from being evidence.
    fn obstacle(&self, phrase: &str) -> Option<String> {
        let rule = self.language.rule.get(self.rule)?;
        let mut why = None;
        for text in examples(phrase, &self.language.words).ok()? {
            why = Some(self.obstacle_in(rule, text)?);
        }
        why
    }

    fn obstacle_in(&self, rule: &Rule, text: String) -> Option<String> {
        if sentences(&text).len() > 1 {
            return Some("it runs over the end of a sentence".to_owned());
        }
        let folded = fold(&text);
        let found = vec![(self.at, self.language.find(&folded))];
        let is_subject = rule.part == Part::Subject;
        let sentence = Sentence { text, folded, is_subject, is_in_quotation: false, found };
        let platforms: Vec<_> = rule.platforms.iter().map(|word| word.0).collect();
        let hits = sentence.roles().filter_map(|(role, hit)| match role {
            Role::Evidence { rule, .. } if *rule == self.rule => Some(hit),
            _ => None,
        });
        let hits: Vec<_> = hits.collect();
        if hits.iter().any(|hit| counts(self.rules, &sentence, &platforms, self.at, self.rule, hit).is_some()) {
            return None;
        }
        let has = |wanted: Role| sentence.has_in(self.at, wanted);
        Some(match () {
            () if hits.is_empty() => "not even in its own words".to_owned(),
            () if has(Role::Not { rule: self.rule }) => "`not` of its rule takes it away".to_owned(),
            () if has(Role::NotFor { sense: rule.signal }) => "`[not]` of its signal takes it away".to_owned(),
            () if has(Role::Condition) || has(Role::ConditionBefore) => "a word in it makes it a condition".to_owned(),
            () => "a negation in it takes it away".to_owned(),
        })
    }
}

/// Whether no mail can say both.
fn excludes(one: Sense, other: Sense) -> bool {
    one != other && one.needs_topic() && other.needs_topic()
}

fn malformed(text: &str, error: &toml::de::Error) -> Flaw {
    flaw(text, error.span().map_or(0, |span| span.start), error.message().to_owned())
}

fn flaw(text: &str, at: usize, what: String) -> Flaw {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(start..).unwrap_or_default().chars().count().saturating_add(1);
    Flaw { line: line(text, at), column, what }
}

fn line(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count().saturating_add(1)
}
