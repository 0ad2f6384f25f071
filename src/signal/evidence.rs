//! What speaks for each thing that a mail can say, sentence by sentence.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::language::{Part, Role, Rule, Sense};
use super::phrase::Hit;
use super::rules::Rules;
use crate::objection::Platform;

/// The evidence for one sense in one language.
#[derive(Default)]
pub(super) struct Evidence {
    pub strong: usize,
    pub weak: usize,
    pub rule: Option<String>,
    pub matched: Vec<String>,
    /// The places of the sentences with a strong phrase, and where the first one begins in each.
    pub decides: BTreeMap<usize, usize>,
    /// Whether a rule of the user's own says it.
    pub is_own: bool,
}

/// A sentence, with what was found in it in each language that it can be in.
pub(super) struct Sentence {
    pub text: String,
    pub folded: String,
    pub is_subject: bool,
    /// Whether a quotation that began in an earlier sentence goes on.
    pub is_in_quotation: bool,
    /// The place of the language, and what its rules found.
    pub found: Vec<(usize, Vec<(Role, Hit)>)>,
}

impl Sentence {
    pub fn has(&self, is: impl Fn(Role) -> bool) -> bool {
        self.roles().any(|(role, _)| is(*role))
    }

    /// Whether the rules of a language find something in it that is for one thing.
    pub fn has_in(&self, language: usize, wanted: Role) -> bool {
        let mut found = self.found.iter().filter(|(at, _)| *at == language).flat_map(|(_, found)| found);
        found.any(|(role, _)| *role == wanted)
    }

    pub fn roles(&self) -> impl Iterator<Item = &(Role, Hit)> {
        self.found.iter().flat_map(|(_, found)| found)
    }

    /// Whether it asks: nothing that a question says has happened. The Greek question mark is a semicolon.
    pub fn is_question(&self) -> bool {
        let end = self.text.trim_end_matches(['"', '\'', ')']);
        let is_greek = || self.text.chars().any(|c| ('\u{370}'..='\u{3ff}').contains(&c));
        end.ends_with('?') || self.text.contains('¿') || (end.ends_with(';') && is_greek())
    }

    /// Whether a hit stands within quotation marks: somebody's words, or an example.
    fn is_quoted(&self, hit: &Hit) -> bool {
        let Range { start, end } = hit.hull();
        let marks = |stretch: Option<&str>| stretch.map_or(0, |text| text.matches('"').count());
        let before = marks(self.folded.get(..start)).saturating_add(usize::from(self.is_in_quotation));
        before % 2 == 1 && marks(self.folded.get(start..end)) == 0
    }

    /// Whether a condition takes a hit away.
    fn is_conditional(&self, hit: &Hit) -> bool {
        let start = hit.hull().start;
        self.roles().any(|(role, other)| match role {
            Role::Condition => !other.overlaps(hit),
            Role::ConditionBefore => !other.overlaps(hit) && other.hull().end <= start,
            _ => false,
        })
    }

    /// Whether a negation takes a hit away: one before it, within it, or after it in the same clause. One that is part of
    /// what is said for the same sense ("accept it, so we won't use your data") is none, unless it stands within the hit;
    /// before the hit, only a strong phrase can make it part of that.
    fn is_negated(&self, rules: &Rules, language: usize, rule: &Rule, hit: &Hit) -> bool {
        let hull = hit.hull();
        let negations = self.roles().filter(|(role, other)| *role == Role::Negation && !other.overlaps(hit));
        negations.map(|(_, negation)| (negation, negation.hull())).any(|(negation, at)| {
            let is_said = |only_strong| self.is_said(rules, language, rule, negation, only_strong);
            if at.start >= hull.end {
                !is_said(false) && !self.is_parted(hull.end..at.start)
            } else {
                at.end > hull.start || !is_said(true)
            }
        })
    }

    /// Whether a negation is part of what is said for a rule's sense.
    fn is_said(&self, rules: &Rules, language: usize, rule: &Rule, negation: &Hit, only_strong: bool) -> bool {
        let mut found = self.found.iter().filter(|(at, _)| *at == language).flat_map(|(_, found)| found);
        found.any(|(role, other)| match role {
            Role::Evidence { rule: at, is_strong } if *is_strong || !only_strong => {
                let same = rules.language(language).and_then(|l| l.rule.get(*at));
                same.is_some_and(|other| other.signal == rule.signal) && other.overlaps(negation)
            }
            _ => false,
        })
    }

    /// Whether another clause begins in a stretch of the sentence.
    fn is_parted(&self, stretch: Range<usize>) -> bool {
        let has_mark = self
            .folded
            .get(stretch.clone())
            .is_some_and(|text| text.contains([',', ';', ':', '(']) || text.contains(" - "));
        has_mark
            || self.roles().any(|(role, hit)| {
                *role == Role::Conjunction && hit.hull().start >= stretch.start && hit.hull().end <= stretch.end
            })
    }
}

/// Counts the evidence. Words that were counted for a sense do not count for it again, nor does a phrase twice.
pub(super) fn tally(
    rules: &Rules,
    sentences: &[Sentence],
    platforms: &[Platform],
) -> BTreeMap<(Sense, usize), Evidence> {
    let mut tally: BTreeMap<(Sense, usize), Evidence> = BTreeMap::new();
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (place, sentence) in sentences.iter().enumerate() {
        let end = place.saturating_add(2).min(sentences.len());
        let nearby = sentences.get(place.saturating_sub(1)..end).unwrap_or_default();
        let mut counted: BTreeMap<(Sense, usize), Vec<&Hit>> = BTreeMap::new();
        for wanted in [true, false] {
            for (language, at, hit) in evidence(sentence, wanted) {
                let Some(rule) = counts(rules, sentence, platforms, language, at, hit) else { continue };
                let is_near = |s: &Sentence| !s.is_subject && s.has_in(language, Role::Near { rule: at });
                if !rule.near.is_empty() && !nearby.iter().any(is_near) {
                    continue;
                }
                let earlier = counted.entry((rule.signal, language)).or_default();
                if earlier.iter().any(|earlier| earlier.overlaps(hit)) {
                    continue;
                }
                earlier.push(hit);
                if wanted {
                    let evidence = tally.entry((rule.signal, language)).or_default();
                    let start = evidence.decides.entry(place).or_insert(usize::MAX);
                    *start = hit.hull().start.min(*start);
                }
                if seen.insert((language, hit.phrase)) {
                    tally.entry((rule.signal, language)).or_default().add(rule, wanted, &sentence.text);
                }
            }
        }
    }
    tally
}

/// The hits of a sentence that are evidence of one strength.
fn evidence(sentence: &Sentence, wanted: bool) -> impl Iterator<Item = (usize, usize, &Hit)> {
    sentence.found.iter().flat_map(move |(language, found)| {
        found.iter().filter_map(move |(role, hit)| match role {
            Role::Evidence { rule, is_strong } if *is_strong == wanted => Some((*language, *rule, hit)),
            _ => None,
        })
    })
}

/// The rule that a hit is evidence for, if nothing takes it away.
pub(super) fn counts<'r>(
    rules: &'r Rules,
    sentence: &Sentence,
    platforms: &[Platform],
    language: usize,
    at: usize,
    hit: &Hit,
) -> Option<&'r Rule> {
    let rule = rules.language(language)?.rule.get(at)?;
    let is_here = match rule.part {
        Part::Any => true,
        Part::Subject => sentence.is_subject,
        Part::Text => !sentence.is_subject,
    };
    let is_meant = rule.platforms.is_empty() || rule.platforms.iter().any(|word| platforms.contains(&word.0));
    let is_taken = || {
        let not = [Role::Not { rule: at }, Role::NotFor { sense: rule.signal }];
        not.into_iter().any(|role| sentence.has_in(language, role))
    };
    let is_unsaid = match rule.signal {
        // "If it was you, enter this code": a code is one, and another matter, whatever the conditions.
        Sense::VerificationCode | Sense::OtherCode | Sense::OtherMatter | Sense::Announcement => false,
        // "Could you send us a screenshot?" asks for it.
        Sense::NeedsInfo => sentence.is_conditional(hit),
        Sense::Acknowledged | Sense::Accepted | Sense::Refused => {
            sentence.is_question() || sentence.is_conditional(hit) || sentence.is_quoted(hit)
        }
    };
    let is_undone = is_unsaid || (rule.is_undone_by_negation && sentence.is_negated(rules, language, rule, hit));
    (is_here && is_meant && !is_taken() && !is_undone).then_some(rule)
}

impl Evidence {
    fn add(&mut self, rule: &Rule, is_strong: bool, sentence: &str) {
        if is_strong {
            self.strong = self.strong.saturating_add(1);
            self.is_own |= rule.is_own;
            self.rule.get_or_insert_with(|| rule.id.clone());
        } else {
            self.weak = self.weak.saturating_add(1);
        }
        if !self.matched.iter().any(|known| known == sentence) {
            self.matched.push(sentence.to_owned());
        }
    }

    /// How much speaks for a sense; `None` if it is not enough. One strong phrase and one more sign decide.
    pub fn score(&self, sense: Sense, signs: usize, has_code: bool) -> Option<usize> {
        if sense == Sense::VerificationCode && !has_code {
            return None;
        }
        let signs = match sense {
            // What decides nothing needs no second sign: one phrase is enough to be careful.
            Sense::Announcement | Sense::OtherCode | Sense::OtherMatter => 1,
            // The code is one.
            Sense::VerificationCode => 1,
            _ => signs,
        };
        let score = self.strong.saturating_mul(2).saturating_add(self.weak).saturating_add(signs);
        (self.strong > 0 && score >= 3).then_some(score)
    }
}
