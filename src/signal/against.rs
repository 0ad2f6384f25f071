//! What speaks against a decision, anywhere in the mail: one sentence decides nothing by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;

use super::Dated;
use super::evidence::Sentence;
use super::language::Sense;
use super::phrase::Hit;
use super::words::{Class, MAX_SENTENCE, Words};
use crate::mail::text::fold;

/// A decision that was read, before the rest of the mail was asked.
pub(super) struct Decision<'a> {
    /// Which.
    pub sense: Sense,
    /// The subject and all sentences.
    pub sentences: &'a [Sentence],
    /// What a reader perhaps does not see.
    pub doubtful: &'a [Sentence],
    /// The places of the sentences that decide, and where in each its words begin.
    pub decides: &'a BTreeMap<usize, usize>,
}

/// A sentence as the classes see it.
struct Clause<'a> {
    sentence: &'a Sentence,
    /// All words of the classes in it.
    found: Vec<(Class, Hit)>,
    /// The classes of those that no harmless turn explains.
    open: BTreeSet<Class>,
    decides: bool,
}

impl Decision<'_> {
    /// The sentences that speak against it.
    pub fn against(&self, words: &Words) -> Vec<String> {
        let all = self.sentences.iter().chain(self.doubtful).enumerate();
        let clauses: Vec<Clause<'_>> = all.map(|(at, sentence)| self.clause(words, at, sentence)).collect();
        let names_ai = clauses.iter().any(|clause| !clause.sentence.is_subject && clause.has(Class::Ai));
        let speaks = |clause: &&Clause<'_>| match self.sense {
            Sense::Refused => clause.speaks_against_refusal(),
            _ => clause.speaks_against_acceptance(names_ai),
        };
        // What only the subject decides may be about the matter that the body is about: a removed post, not the objection.
        let is_in_subject = clauses.iter().all(|clause| !clause.decides || clause.sentence.is_subject);
        let strays = |clause: &Clause<'_>| {
            !clause.sentence.is_subject && clause.has_open(&[Class::OtherObject, Class::OtherPerson])
        };
        let is_against = |clause: &&Clause<'_>| speaks(clause) || (is_in_subject && strays(clause));
        let mut against: Vec<String> = clauses.iter().filter(is_against).map(|c| c.sentence.text.clone()).collect();
        against.extend(unbound(words, &clauses));
        against.dedup();
        against
    }

    fn clause<'a>(&self, words: &Words, at: usize, sentence: &'a Sentence) -> Clause<'a> {
        let found = words.find(&sentence.folded);
        let decides = self.decides.get(&at).copied();
        let harmless = harmless(sentence, &found, decides);
        // "We've refused to withdraw your objection": what decides takes nothing back in passing.
        let is_open = |(class, hit): &&(Class, Hit)| {
            let hull = hit.hull();
            (decides.is_some() && *class == Class::Correction)
                || !harmless.iter().any(|range| range.start < hull.end && hull.start < range.end)
        };
        // "They will not continue to be used", "remain excluded": what is denied does not go on.
        let goes_on = |(class, hit): &&(Class, Hit)| *class != Class::Continuation || !is_denied(sentence, &found, hit);
        let open = found.iter().filter(is_open).filter(goes_on).map(|(class, _)| *class).collect();
        Clause { sentence, found, open, decides: decides.is_some() }
    }

    /// What the deciding sentences say of days.
    pub fn dated(&self) -> Vec<Dated> {
        let deciding = self.decides.keys().filter_map(|at| self.sentences.get(*at));
        let dated = |sentence: &Sentence| last_day(&sentence.folded).map(|until| (sentence.text.clone(), until));
        deciding.filter_map(dated).map(|(text, until)| Dated { text, until }).collect()
    }
}

/// Whether the only negation of a sentence stands right before or after a hit.
fn is_denied(sentence: &Sentence, found: &[(Class, Hit)], hit: &Hit) -> bool {
    let hull = hit.hull();
    let negations = found.iter().filter(|(class, _)| *class == Class::Negation).map(|(_, negation)| negation.hull());
    let mut different: Vec<Range<usize>> = negations.collect();
    different.dedup();
    let [negation] = different.as_slice() else { return false };
    let gap = if negation.end <= hull.start { negation.end..hull.start } else { hull.end..negation.start };
    sentence.folded.get(gap).is_some_and(|text| text.split_whitespace().count() <= 1)
}

/// Whether a harmless turn of the language stands in each of these sentences: "you can withdraw your objection".
pub(super) fn is_harmless<'a>(words: &Words, mut sentences: impl Iterator<Item = &'a Sentence>) -> bool {
    sentences.all(|sentence| {
        let found = words.find(&sentence.folded);
        found.iter().any(|(class, hit)| *class == Class::Harmless && is_turn(sentence, &hit.hull()))
    })
}

/// Whether a code is one for something that no objection needs, or a mere example: "… and start selling".
pub(super) fn is_for_something_else(words: &Words, read: &[Sentence], decides: &BTreeMap<usize, usize>) -> bool {
    decides.keys().filter_map(|at| read.get(*at)).any(|sentence| {
        let found = words.find(&sentence.folded);
        sentence.folded.len() > MAX_SENTENCE
            || found.iter().any(|(class, _)| matches!(class, Class::OtherObject | Class::Sample))
    })
}

/// A turn that runs past a comma could hide a decision in it.
fn is_turn(sentence: &Sentence, range: &Range<usize>) -> bool {
    !sentence.folded.get(range.clone()).unwrap_or_default().contains([',', ';', ':', '('])
}

/// The stretches of a sentence that explain the words in them: harmless turns, and a concession before the decision.
fn harmless(sentence: &Sentence, found: &[(Class, Hit)], decides: Option<usize>) -> Vec<Range<usize>> {
    let turns = found.iter().filter(|(class, _)| *class == Class::Harmless).map(|(_, hit)| hit.hull());
    let turns = turns.filter(|range| is_turn(sentence, range));
    let conceded = found.iter().filter(|(class, _)| *class == Class::Concession).filter_map(|(_, hit)| {
        let start = hit.hull().start;
        let end = start.saturating_add(sentence.folded.get(start..)?.find(',')?);
        decides.filter(|decision| end < *decision).map(|_| start..end)
    });
    turns.chain(conceded).collect()
}

impl Clause<'_> {
    fn has(&self, class: Class) -> bool {
        self.found.iter().any(|(found, _)| *found == class)
    }

    fn has_open(&self, classes: &[Class]) -> bool {
        classes.iter().any(|class| self.open.contains(class))
    }

    /// Whether it is about the objection or what the controller does with data.
    fn is_of_the_matter(&self) -> bool {
        self.decides || [Class::Objection, Class::Data, Class::Ai].into_iter().any(|class| self.has(class))
    }

    fn speaks_against_acceptance(&self, names_ai: bool) -> bool {
        if self.has_open(&[Class::Correction]) || self.is_too_long() {
            return true;
        }
        if self.sentence.is_subject {
            return false;
        }
        let concerns_it = self.is_of_the_matter() || self.has(Class::Effect);
        let says_that_it_is_over_or_goes_on = !self.is_of_others()
            && (self.has_open(&[Class::Contrast, Class::Concession, Class::Continuation, Class::Review])
                || (concerns_it && self.has_open(&[Class::Condition, Class::Ended, Class::Refusing, Class::Doubt]))
                || (self.is_of_the_matter() && self.has_open(&[Class::Partial]))
                || self.says_that_data_is_used());
        says_that_it_is_over_or_goes_on
            || (!names_ai && self.has_open(&[Class::OtherObject]))
            || self.is_of_something_else()
            || (self.decides && self.has_open(&[Class::Only]))
    }

    fn is_too_long(&self) -> bool {
        self.sentence.folded.len() > MAX_SENTENCE
    }

    /// Regret, contrast and what goes on are normal in a refusal.
    fn speaks_against_refusal(&self) -> bool {
        self.has_open(&[Class::Correction])
            || self.is_too_long()
            || self.is_of_something_else()
            || (self.decides && self.has_open(&[Class::Condition, Class::Ended]))
    }

    /// Whether a deciding sentence is not the controller's own decision on the reader's own objection.
    fn is_of_something_else(&self) -> bool {
        let is_conditional =
            || self.found.iter().any(|(class, hit)| *class == Class::VerbFirst && hit.hull().start == 0);
        self.decides
            && !self.sentence.is_subject
            && (self.has_open(&[Class::OtherObject, Class::OtherPerson, Class::Stale, Class::Reported, Class::Mine])
                || is_conditional())
    }

    /// Whether it is what the controller always says of what others share.
    fn is_of_others(&self) -> bool {
        !self.decides && self.has(Class::OthersShare)
    }

    /// "Your posts will feed our models": said of the user's data, with nothing that denies it.
    fn says_that_data_is_used(&self) -> bool {
        !self.decides
            && self.has(Class::Data)
            && self.has(Class::Ai)
            && !self.has(Class::Negation)
            && !self.has(Class::Objection)
            && !self.sentence.is_question()
    }
}

/// The deciding sentences, if none of them says that the objection is the reader's own.
fn unbound(words: &Words, clauses: &[Clause<'_>]) -> Vec<String> {
    let is_formal = clauses.iter().any(|c| c.has(Class::Formal) || forms(words, c.sentence).any(|f| f.is_formal));
    let is_bound = |clause: &&Clause<'_>| {
        let mut forms = forms(words, clause.sentence);
        clause.has(Class::You) || forms.any(|form| form.is_formal || (is_formal && form.may_be_formal))
    };
    let of_another = |clause: &&Clause<'_>| {
        let is_another = |form: &Form| form.names_objection && !form.is_formal && !(is_formal && form.may_be_formal);
        let mut forms = forms(words, clause.sentence);
        forms.any(|form| is_another(&form))
    };
    let deciding: Vec<&Clause<'_>> = clauses.iter().filter(|c| c.decides && !c.sentence.is_subject).collect();
    let text = |clause: &&Clause<'_>| clause.sentence.text.clone();
    // "We've looked at your objection and accept it": what it is about may be named in another sentence.
    let mut naming = clauses.iter().filter(|c| !c.sentence.is_subject && (c.decides || c.is_of_the_matter()));
    if naming.any(|clause| is_bound(&clause)) {
        return deciding.iter().filter(|clause| of_another(clause)).map(text).collect();
    }
    deciding.iter().map(text).collect()
}

/// A form of *your* that is also *her* or *their*, as it stands in a sentence.
struct Form {
    /// A capital within a sentence addresses the reader; at its beginning it says nothing.
    is_formal: bool,
    /// Whether the form can address the reader at all: where the case tells, a small letter can't.
    may_be_formal: bool,
    /// Whether the next word names the objection.
    names_objection: bool,
}

/// The ambiguous forms in a sentence.
fn forms<'a>(words: &'a Words, sentence: &'a Sentence) -> impl Iterator<Item = Form> {
    let tokens: Vec<&str> =
        sentence.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (0..tokens.len()).filter_map(move |at| {
        let token = tokens.get(at)?;
        words.is_ambiguous(&fold(token)).then(|| {
            let next = tokens.get(at.saturating_add(1)).map(|next| fold(next)).unwrap_or_default();
            let is_capital = token.starts_with(char::is_uppercase);
            Form {
                is_formal: is_capital && at > 0,
                may_be_formal: is_capital || !words.case_tells(),
                names_objection: words.find(&next).iter().any(|(class, _)| *class == Class::Objection),
            }
        })
    })
}

/// The last day that the dates in a folded text can mean; a year alone may be its last day.
fn last_day(text: &str) -> Option<Date> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ','));
    words.filter_map(|word| day(word.trim_end_matches(['.', ':', ';', '!', '?']))).max()
}

/// A date in figures, or the last day of a year. `2016/679` is a regulation.
fn day(word: &str) -> Option<Date> {
    let parts: Vec<&str> = word.split(['.', '-', '/']).collect();
    let number = |part: &&str| part.parse::<i16>().ok();
    let small = |part: &&str| part.parse::<i8>().ok();
    let is_year = |year: &i16| (2000..=2099).contains(year);
    match parts.as_slice() {
        [year, letters] | [letters, year] if letters.chars().all(char::is_alphabetic) => {
            number(year).filter(is_year).and_then(new_year_eve)
        }
        [year] => number(year).filter(is_year).and_then(new_year_eve),
        [year, month, day] if year.len() == 4 => {
            Date::new(number(year).filter(is_year)?, small(month)?, small(day)?).ok()
        }
        [a, b, year] if year.len() == 4 => {
            let year = number(year).filter(is_year)?;
            let dates = [Date::new(year, small(b)?, small(a)?), Date::new(year, small(a)?, small(b)?)];
            dates.into_iter().flatten().max()
        }
        _ => None,
    }
}

fn new_year_eve(year: i16) -> Option<Date> {
    Date::new(year, 12, 31).ok()
}
