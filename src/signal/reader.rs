//! Reads a mail by the rules: sentence by sentence, each version of the body for itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use secrecy::SecretString;

use super::against::is_for_something_else;
use super::answer::{Decided, is_explained};
use super::code::{self, Line};
use super::evidence::{Sentence, tally};
use super::language::{Language, Role, Sense};
use super::phrase::Hit;
use super::rules::Rules;
use super::sentence::{has_echo, sentences};
use super::words::Class;
use super::{Dated, FoundCode, Reading, Signal};
use crate::mail::Mail;
use crate::mail::text::fold;
use crate::objection::Platform;

/// Reads a mail. `context` counts the signs that stand outside its wording: a support sender, a case number.
#[must_use]
pub fn read(mail: &Mail, rules: &Rules, context: usize) -> Reading {
    let sender = mail.author.as_ref().ok().and_then(|author| rules.controller.sender(author.domain()));
    let platforms: Vec<Platform> = sender.map(|s| s.platforms.iter().map(|word| word.0).collect()).unwrap_or_default();
    let read = |view: &str| View::read(rules, mail, view, context, &platforms);
    let mut views: Vec<View> = mail.views.iter().map(|view| read(view)).collect();
    if views.is_empty() {
        views.push(read(""));
    }
    let decisions: BTreeSet<Signal> = views.iter().map(|v| v.signal).filter(|s| *s != Signal::None).collect();
    let is_unclear = views.iter().any(|v| v.is_unclear) || decisions.len() > 1;
    let codes: BTreeSet<&String> = views.iter().flat_map(|v| &v.codes).collect();
    let found = match codes.iter().collect::<Vec<_>>().as_slice() {
        [] => FoundCode::None,
        [one] => FoundCode::One(SecretString::from(one.as_str()), views.iter().find_map(|v| v.valid_for)),
        _ => FoundCode::Several,
    };
    let best = views.iter().find(|v| v.signal != Signal::None).or(views.first());
    let signal = if is_unclear { Signal::None } else { decisions.first().copied().unwrap_or(Signal::None) };
    Reading {
        signal,
        is_unclear,
        decision: settled_on(&views),
        against: unique(views.iter().flat_map(|v| v.against.clone())),
        dated: views.iter().flat_map(|v| v.dated.clone()).collect(),
        language: best.and_then(|v| v.language.clone()),
        rule: best.and_then(|v| v.rule.clone()),
        matched: best.map(|v| v.matched.clone()).unwrap_or_default(),
        code: if signal == Signal::VerificationCode { found } else { FoundCode::None },
        may_hold_code: views.iter().any(|v| v.may_hold_code) && views.iter().all(|v| !v.is_explained),
    }
}

/// The one decision that can be read in the versions of a body, if they don't differ.
fn settled_on(views: &[View]) -> Option<Signal> {
    let decisions: BTreeSet<Signal> = views.iter().filter_map(|v| v.decision).collect();
    decisions.first().copied().filter(|_| decisions.len() == 1)
}

fn unique(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}

/// What one version of the body says.
struct View {
    signal: Signal,
    is_unclear: bool,
    decision: Option<Signal>,
    against: Vec<String>,
    dated: Vec<Dated>,
    language: Option<String>,
    rule: Option<String>,
    matched: Vec<String>,
    codes: BTreeSet<String>,
    is_explained: bool,
    may_hold_code: bool,
    valid_for: Option<SignedDuration>,
}

impl View {
    fn read(rules: &Rules, mail: &Mail, view: &str, context: usize, platforms: &[Platform]) -> Self {
        let read = found(rules, &mail.subject, view);
        let mut tally = tally(rules, &read, platforms);
        let has_title = read.first().is_some_and(|subject| subject.has(|role| role == Role::Title));
        let signs = context.saturating_add(usize::from(has_title)).saturating_add(usize::from(has_echo(view)));
        let lines: Vec<Line<'_>> = read.iter().map(|sentence| sentence.line(rules)).collect();
        tally.retain(|(sense, language), evidence| {
            let words = rules.language(*language).and_then(|l| l.classes.as_ref());
            *sense != Sense::VerificationCode
                || !words.is_some_and(|w| is_for_something_else(w, &read, &evidence.decides))
        });
        let codes = code::codes(&lines);
        // What scores highest in one language; of those that score the same, the likelier language comes first.
        let mut decided: BTreeMap<Sense, (usize, usize)> = BTreeMap::new();
        let likely: Vec<usize> = read.first().map(|s| s.found.iter().map(|(at, _)| *at).collect()).unwrap_or_default();
        for language in likely {
            let is_off_topic = !has_title && is_off_topic(rules, &read, language);
            for ((sense, _), evidence) in tally.iter().filter(|((_, at), _)| *at == language) {
                let Some(score) = evidence.score(*sense, signs, !codes.is_empty()) else { continue };
                if is_off_topic && sense.needs_topic() && !evidence.is_own {
                    continue;
                }
                let best = decided.entry(*sense).or_insert((score, language));
                if score > best.0 {
                    *best = (score, language);
                }
            }
        }
        let has_answer = decided.keys().any(|sense| sense.is_answer());
        decided.retain(|sense, (_, language)| {
            let evidence = tally.get(&(*sense, *language));
            let is_other = has_answer && *sense == Sense::OtherMatter;
            !is_other || !evidence.is_some_and(|e| is_explained(rules, &read, *language, e))
        });
        let settled = settle(&decided);
        let doubtful: Vec<Sentence> = sentences(&mail.doubtful).into_iter().map(Sentence::bare).collect();
        let answer = Decided { rules, tally: &tally, decided: &decided }.decision(&read, &doubtful, settled);
        let is_answer = settled.is_ok_and(|sense| sense.is_some_and(Sense::is_answer));
        let settled = if is_answer && answer.decision.is_none() { Err(()) } else { settled };
        let sense = settled.ok().flatten().or_else(|| decided.keys().next().copied());
        let language = sense.and_then(|sense| decided.get(&sense)).map(|(_, language)| *language);
        let evidence = sense.zip(language).and_then(|key| tally.get(&key));
        let signal = settled.ok().flatten().map_or(Signal::None, Sense::signal);
        Self {
            signal,
            is_unclear: settled.is_err(),
            decision: answer.decision.map(Sense::signal),
            against: answer.against,
            dated: answer.dated,
            language: language.and_then(|l| rules.language(l)).map(|l| l.language.clone()),
            rule: evidence.and_then(|e| e.rule.clone()),
            matched: evidence.map(|e| e.matched.clone()).unwrap_or_default(),
            codes: if signal == Signal::VerificationCode { codes } else { BTreeSet::new() },
            is_explained: sense.is_some(),
            may_hold_code: code::may_hold_code(&lines),
            valid_for: code::valid_for(&lines),
        }
    }
}

/// Whether a mail names nowhere what an answer in this language must be about.
fn is_off_topic(rules: &Rules, read: &[Sentence], language: usize) -> bool {
    let is_named = || read.iter().any(|sentence| sentence.has_in(language, Role::Topic));
    rules.language(language).is_some_and(Language::has_topic) && !is_named()
}

/// The subject and the sentences of a version of the body, with what the rules of its languages find in them.
pub(super) fn found(rules: &Rules, subject: &str, view: &str) -> Vec<Sentence> {
    let languages = rules.languages_of(&fold(&format!("{subject}\n{view}")));
    let subject = std::iter::once((subject.to_owned(), true));
    let mut read: Vec<Sentence> = subject
        .chain(sentences(view).into_iter().map(|text| (text, false)))
        .map(|(text, is_subject)| {
            let folded = fold(&text);
            let find = |at: &usize| Some((*at, rules.language(*at)?.find(&folded)));
            let found = languages.iter().filter_map(find).collect();
            Sentence { text, folded, is_subject, is_in_quotation: false, found }
        })
        .collect();
    mark_quotations(&mut read);
    if let Some(at) = read.iter().position(|sentence| !sentence.is_subject && announces_own_words(rules, sentence)) {
        read.truncate(at);
    }
    read
}

/// "You wrote: …": what follows are the user's own words, and nobody tells where they end.
fn announces_own_words(rules: &Rules, sentence: &Sentence) -> bool {
    let words = sentence.found.iter().filter_map(|(at, _)| rules.language(*at)?.classes.as_ref());
    sentence.folded.contains(':')
        && words.flat_map(|words| words.find(&sentence.folded)).any(|(class, hit)| {
            let rest = sentence.folded.get(hit.hull().end..).unwrap_or_default();
            class == Class::Quoting && rest.split(' ').take(3).any(|word| word.ends_with(':'))
        })
}

/// Marks the sentences in which a quotation goes on. One that is never closed is none: a mark alone may be an inch.
fn mark_quotations(read: &mut [Sentence]) {
    let marks: Vec<usize> = read.iter().map(|s| s.folded.matches('"').count()).collect();
    let is_closed = marks.iter().sum::<usize>() % 2 == 0;
    let mut is_open = false;
    for (sentence, marks) in read.iter_mut().zip(marks) {
        sentence.is_in_quotation = is_open && is_closed;
        is_open ^= marks % 2 == 1;
    }
}

/// Which of the decided senses holds, if any.
///
/// # Errors
/// When they exclude each other.
fn settle(decided: &BTreeMap<Sense, (usize, usize)>) -> Result<Option<Sense>, ()> {
    let has = |sense| decided.contains_key(&sense);
    let answers: Vec<Sense> =
        [Sense::NeedsInfo, Sense::Accepted, Sense::Refused].into_iter().filter(|s| has(*s)).collect();
    let answer = match answers.as_slice() {
        [] if has(Sense::Acknowledged) => Some(Sense::Acknowledged),
        [] => None,
        [one] => Some(*one),
        // "We can't process it. We need more information": the matter stays open.
        [Sense::NeedsInfo, Sense::Refused] => Some(Sense::NeedsInfo),
        _ => return Err(()),
    };
    let code = Some(Sense::VerificationCode).filter(|code| has(*code) && !has(Sense::OtherCode));
    let answer = answer.filter(|_| !has(Sense::OtherMatter));
    // "We have your request. Enter this code to confirm your address": the code is what it is about.
    let answer = answer.filter(|answer| code.is_none() || answer.is_answer());
    match (answer, code, has(Sense::Announcement)) {
        (Some(_), Some(_), _) | (Some(_), _, true) => Err(()),
        (Some(answer), None, false) => Ok(Some(answer)),
        (None, Some(code), _) => Ok(Some(code)),
        (None, None, true) => Ok(Some(Sense::Announcement)),
        (None, None, false) => Ok([Sense::OtherCode, Sense::OtherMatter].into_iter().find(|sense| has(*sense))),
    }
}

impl Sentence {
    /// A sentence in which no rule is looked for.
    fn bare(text: String) -> Self {
        Self { folded: fold(&text), text, is_subject: false, is_in_quotation: false, found: Vec::new() }
    }

    /// Whether it asks for an answer in the words of one, as the questions of a help text do.
    pub(super) fn asks(&self, rules: &Rules) -> bool {
        let is_answer = |at: usize, rule: usize| {
            let rule = rules.language(at).and_then(|l| l.rule.get(rule));
            rule.is_some_and(|rule| rule.signal.is_answer())
        };
        let says = |(at, found): &(usize, Vec<(Role, Hit)>)| {
            found.iter().any(|(role, _)| match role {
                Role::Evidence { rule, is_strong: true } => is_answer(*at, *rule),
                _ => false,
            })
        };
        self.is_question() && self.found.iter().any(says)
    }

    /// The sentence as the code finder sees it.
    fn line<'a>(&'a self, rules: &'a Rules) -> Line<'a> {
        let ones = self.roles().filter(|(role, _)| *role == Role::One).map(|(_, hit)| hit.hull());
        let is_code_evidence = |language: usize, role: Role| match role {
            Role::Evidence { rule, .. } => rules
                .language(language)
                .and_then(|l| l.rule.get(rule))
                .is_some_and(|rule| rule.signal == Sense::VerificationCode),
            _ => false,
        };
        let says_so = self.found.iter().any(|(at, found)| found.iter().any(|(role, _)| is_code_evidence(*at, *role)));
        let unit = self.roles().find_map(|(role, hit)| match role {
            Role::Unit { minutes } => Some((*minutes, hit.hull().start)),
            _ => None,
        });
        Line {
            text: &self.folded,
            has_code_word: says_so || self.has(|role| role == Role::CodeWord),
            is_excluded: self.has(|role| role == Role::NotCode) || self.gives_an_example(rules),
            ends_with_other: Box::new(|text| self.ends_with_other(rules, text)),
            ones: ones.collect(),
            unit: unit.filter(|_| self.has(|role| role == Role::Expiry)),
        }
    }

    /// "A code looks like 416827."
    fn gives_an_example(&self, rules: &Rules) -> bool {
        let is_number = |word: &str| word.bytes().filter(u8::is_ascii_digit).count() >= 5;
        let mut words = self.found.iter().filter_map(|(at, _)| rules.language(*at)?.classes.as_ref());
        self.folded.split(' ').any(is_number)
            && words.any(|words| words.find(&self.folded).iter().any(|(class, _)| *class == Class::Sample))
    }

    /// Whether a text ends with a word for another number, in a language of the sentence.
    fn ends_with_other(&self, rules: &Rules, text: &str) -> bool {
        // The last words are enough, and a phrase is found only once in a text.
        let from = text.char_indices().rev().filter(|(_, c)| *c == ' ').nth(1).map_or(0, |(at, _)| at);
        let tail = text.get(from..).unwrap_or(text);
        let mut found = self.found.iter().filter_map(|(at, _)| rules.language(*at)).flat_map(|l| l.find(tail));
        found.any(|(role, hit)| role == Role::OtherNumber && hit.hull().end == tail.len())
    }
}
