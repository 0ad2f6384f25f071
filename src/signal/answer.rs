//! The answer that a version of a body gives to the objection, if it gives one, with what speaks against it.

use std::collections::BTreeMap;

use super::Dated;
use super::against::{Decision, is_harmless};
use super::evidence::{Evidence, Sentence};
use super::language::Sense;
use super::rules::Rules;

/// An answer, and what speaks against it.
#[derive(Default)]
pub(super) struct Answer {
    pub decision: Option<Sense>,
    pub against: Vec<String>,
    pub dated: Vec<Dated>,
}

/// What a version of a body says, in which language.
pub(super) struct Decided<'a> {
    pub rules: &'a Rules,
    pub tally: &'a BTreeMap<(Sense, usize), Evidence>,
    /// For each sense its score and its language.
    pub decided: &'a BTreeMap<Sense, (usize, usize)>,
}

impl Decided<'_> {
    /// The one answer in it.
    pub fn decision(&self, read: &[Sentence], doubtful: &[Sentence], settled: Result<Option<Sense>, ()>) -> Answer {
        let answers: Vec<Sense> = self.decided.keys().copied().filter(|sense| sense.is_answer()).collect();
        let [sense] = answers.as_slice() else { return Answer::default() };
        if settled.is_ok_and(|settled| settled != Some(*sense)) {
            return Answer::default();
        }
        let language = self.decided.get(sense).and_then(|(_, language)| self.rules.language(*language));
        let Some((decisive, language)) = self.evidence(*sense).zip(language) else { return Answer::default() };
        let decision = Decision { sense: *sense, sentences: read, doubtful, decides: &decisive.decides };
        let mut against = language.classes.as_ref().map(|words| decision.against(words)).unwrap_or_default();
        // A help text or a notice speaks of decisions too: it is none where it asks, or where more speaks against it.
        if read.iter().any(|s| s.asks(self.rules)) || (settled.is_err() && !against.is_empty()) {
            return Answer::default();
        }
        if settled.is_err() {
            let others = self.decided.keys().filter(|other| *other != sense && **other != Sense::Acknowledged);
            against.extend(others.filter_map(|other| self.evidence(*other)).flat_map(|e| e.matched.clone()));
        }
        Answer { decision: Some(*sense), against, dated: decision.dated() }
    }

    fn evidence(&self, sense: Sense) -> Option<&Evidence> {
        self.decided.get(&sense).and_then(|(_, language)| self.tally.get(&(sense, *language)))
    }
}

/// Whether harmless turns of the language explain what was taken for another matter.
pub(super) fn is_explained(rules: &Rules, read: &[Sentence], language: usize, evidence: &Evidence) -> bool {
    let words = rules.language(language).and_then(|l| l.classes.as_ref());
    words.is_some_and(|words| is_harmless(words, evidence.decides.keys().filter_map(|at| read.get(*at))))
}
