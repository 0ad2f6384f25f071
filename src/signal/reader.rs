//! Reads a mail by the rules: sentence by sentence, each version of the body for itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use secrecy::SecretString;

use super::code::{self, Line};
use super::phrase::Hit;
use super::rules::{Role, Rule, Rules};
use super::sentence::{has_echo, sentences};
use super::{FoundCode, Reading, Signal};
use crate::mail::Mail;
use crate::mail::text::fold;

/// Reads a mail. `context` counts the signs that stand outside its wording: a support sender, a case number.
#[must_use]
pub fn read(mail: &Mail, rules: &Rules, context: usize) -> Reading {
    let mut readings: Vec<View> =
        mail.views.iter().map(|view| View::read(rules, &mail.subject, view, context)).collect();
    if readings.is_empty() {
        readings.push(View::read(rules, &mail.subject, "", context));
    }
    let decisions: BTreeSet<Signal> = readings.iter().map(|v| v.signal).filter(|s| *s != Signal::None).collect();
    let is_unclear = readings.iter().any(|v| v.is_unclear) || decisions.len() > 1;
    let codes: BTreeSet<&String> = readings.iter().flat_map(|v| &v.codes).collect();
    let found = match codes.iter().collect::<Vec<_>>().as_slice() {
        [] => FoundCode::None,
        [one] => FoundCode::One(SecretString::from(one.as_str()), readings.iter().find_map(|v| v.valid_for)),
        _ => FoundCode::Several,
    };
    let best = readings.iter().find(|v| v.signal != Signal::None).or(readings.first());
    let signal = if is_unclear { Signal::None } else { decisions.first().copied().unwrap_or(Signal::None) };
    Reading {
        signal,
        is_unclear,
        language: best.and_then(|v| v.language.clone()),
        rule: best.and_then(|v| v.rule.clone()),
        matched: best.map(|v| v.matched.clone()).unwrap_or_default(),
        code: if signal == Signal::VerificationCode { found } else { FoundCode::None },
    }
}

/// What one version of the body says.
struct View {
    signal: Signal,
    is_unclear: bool,
    language: Option<String>,
    rule: Option<String>,
    matched: Vec<String>,
    codes: BTreeSet<String>,
    valid_for: Option<SignedDuration>,
}

/// The evidence for one signal in one language.
#[derive(Default)]
struct Evidence {
    strong: usize,
    weak: usize,
    rule: Option<String>,
    matched: Vec<String>,
}

/// A sentence with what was found in it.
struct Read {
    text: String,
    hits: Vec<Hit>,
}

impl View {
    fn read(rules: &Rules, subject: &str, view: &str, context: usize) -> Self {
        let texts = std::iter::once(subject.to_owned()).chain(sentences(view));
        let read: Vec<Read> = texts
            .map(|text| {
                let hits = rules.phrases.find(&fold(&text));
                Read { text, hits }
            })
            .collect();
        let tally = tally(rules, &read);
        let has_title = read.first().is_some_and(|s| s.has(rules, |role| matches!(role, Role::Title { .. })));
        let signs = context.saturating_add(usize::from(has_title)).saturating_add(usize::from(has_echo(view)));
        let lines: Vec<Line<'_>> = read.iter().map(|sentence| sentence.line(rules)).collect();
        let codes = code::codes(&lines);
        let mut decided: BTreeMap<Signal, (usize, usize)> = BTreeMap::new();
        for ((signal, language), evidence) in &tally {
            let score = evidence.score(*signal, signs, !codes.is_empty());
            if let Some(score) = score {
                let best = decided.entry(*signal).or_insert((score, *language));
                if score > best.0 {
                    *best = (score, *language);
                }
            }
        }
        let (signal, is_unclear) = settle(&decided);
        let language = decided.get(&signal).or_else(|| decided.values().next()).map(|(_, language)| *language);
        let evidence = language.and_then(|l| tally.get(&(signal, l)));
        Self {
            signal,
            is_unclear,
            language: language.and_then(|l| rules.languages.get(l)).map(|l| l.language.clone()),
            rule: evidence.and_then(|e| e.rule.clone()),
            matched: evidence.map(|e| e.matched.clone()).unwrap_or_default(),
            codes: if signal == Signal::VerificationCode { codes } else { BTreeSet::new() },
            valid_for: code::valid_for(&lines),
        }
    }
}

impl Evidence {
    /// How much speaks for a signal; `None` if it is not enough. One strong phrase and one more sign decide.
    fn score(&self, signal: Signal, signs: usize, has_code: bool) -> Option<usize> {
        let signs = match signal {
            // A notice and another sort of code decide nothing, so that one phrase is enough to be careful.
            Signal::Announcement | Signal::None => 1,
            Signal::VerificationCode => usize::from(has_code),
            _ => signs,
        };
        let score = self.strong.saturating_mul(2).saturating_add(self.weak).saturating_add(signs);
        (self.strong > 0 && score >= 3).then_some(score)
    }
}

/// Which of the decided signals holds, or that they exclude each other.
fn settle(decided: &BTreeMap<Signal, (usize, usize)>) -> (Signal, bool) {
    let has = |signal| decided.contains_key(&signal);
    let answers: Vec<Signal> =
        [Signal::NeedsInfo, Signal::Accepted, Signal::Refused].into_iter().filter(|s| has(*s)).collect();
    let answer = match answers.as_slice() {
        [] if has(Signal::Acknowledged) => Some(Signal::Acknowledged),
        [] => None,
        [one] => Some(*one),
        // "We can't process it. We need more information": the matter stays open.
        [Signal::NeedsInfo, Signal::Refused] => Some(Signal::NeedsInfo),
        _ => return (Signal::None, true),
    };
    match (answer, has(Signal::VerificationCode), has(Signal::Announcement)) {
        (Some(_), true, _) | (Some(_), _, true) => (Signal::None, true),
        (Some(answer), false, false) => (answer, false),
        (None, true, _) if has(Signal::None) => (Signal::None, false),
        (None, true, _) => (Signal::VerificationCode, false),
        (None, false, true) => (Signal::Announcement, false),
        (None, false, false) => (Signal::None, false),
    }
}

/// Counts the evidence. A condition takes its sentence away, so does a question; a negation where the rule says so.
/// Words that were counted for a signal do not count for it again.
fn tally(rules: &Rules, read: &[Read]) -> BTreeMap<(Signal, usize), Evidence> {
    let mut tally: BTreeMap<(Signal, usize), Evidence> = BTreeMap::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for sentence in read {
        let mut counted: BTreeMap<(Signal, usize), Vec<&Hit>> = BTreeMap::new();
        for is_strong in [true, false] {
            for hit in &sentence.hits {
                let Some((language, rule)) = sentence.evidence(rules, hit, is_strong) else { continue };
                let counted = counted.entry((rule.signal, language)).or_default();
                if counted.iter().any(|earlier| earlier.overlaps(hit)) {
                    continue;
                }
                counted.push(hit);
                if seen.insert(hit.phrase) {
                    let evidence = tally.entry((rule.signal, language)).or_default();
                    evidence.add(rule, is_strong, &sentence.text);
                }
            }
        }
    }
    tally
}

impl Evidence {
    fn add(&mut self, rule: &Rule, is_strong: bool, sentence: &str) {
        if is_strong {
            self.strong = self.strong.saturating_add(1);
            self.rule.get_or_insert_with(|| rule.id.clone());
        } else {
            self.weak = self.weak.saturating_add(1);
        }
        if !self.matched.iter().any(|known| known == sentence) {
            self.matched.push(sentence.to_owned());
        }
    }
}

impl Read {
    /// The rule that a hit is evidence for, if nothing in the sentence takes it away.
    fn evidence<'r>(&self, rules: &'r Rules, hit: &Hit, strong: bool) -> Option<(usize, &'r Rule)> {
        let Some(Role::Evidence { language, rule, is_strong }) = rules.roles.get(hit.phrase).copied() else {
            return None;
        };
        let rule = rules.languages.get(language)?.rule.get(rule)?;
        let is_conditional =
            self.text.ends_with('?') || self.others(rules, hit).any(|role| role == Role::Condition { language });
        let is_negated =
            rule.is_undone_by_negation && self.others(rules, hit).any(|role| role == Role::Negation { language });
        (is_strong == strong && !is_conditional && !is_negated).then_some((language, rule))
    }

    /// The roles of what stands in the sentence beside a hit.
    fn others<'a>(&'a self, rules: &'a Rules, hit: &'a Hit) -> impl Iterator<Item = Role> {
        self.hits.iter().filter(|other| !other.overlaps(hit)).filter_map(|other| rules.roles.get(other.phrase).copied())
    }

    fn has(&self, rules: &Rules, is: impl Fn(Role) -> bool) -> bool {
        self.hits.iter().any(|hit| rules.roles.get(hit.phrase).is_some_and(|role| is(*role)))
    }

    fn line(&self, rules: &Rules) -> Line<'_> {
        let unit = self.hits.iter().find_map(|hit| match rules.roles.get(hit.phrase) {
            Some(Role::Unit { minutes, .. }) => Some(*minutes),
            _ => None,
        });
        let has_expiry = self.has(rules, |role| matches!(role, Role::Expiry { .. }));
        Line {
            text: &self.text,
            has_code_word: self.has(rules, |role| matches!(role, Role::CodeWord { .. })),
            is_excluded: self.has(rules, |role| matches!(role, Role::NotCode { .. })),
            unit: unit.filter(|_| has_expiry),
        }
    }
}
