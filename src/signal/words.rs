//! The closed classes of words that speak against a decision: `words/*.toml`, one file per language.
//!
//! Every language of the program fills every class. Entries are phrases, see `phrase.rs`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::phrase::{Hit, Phrases};

/// Nobody writes a longer sentence, in bytes: it is not read, so it speaks against whatever the mail says.
pub(super) const MAX_SENTENCE: usize = 8 * 1024;

/// What a word does to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Class {
    /// Makes what its sentence says depend on something, before or after the verb.
    Condition,
    /// A finite verb or a participle that makes a condition of the sentence that begins with it.
    VerbFirst,
    /// Announces that something else follows.
    Contrast,
    /// Concedes something: harmless where the decision follows it, else a contrast.
    Concession,
    /// Says that not all of it is meant.
    Partial,
    /// Narrows a decision down, when it stands in its sentence.
    Only,
    /// Takes something back.
    Correction,
    /// Ends something, or limits it in time.
    Ended,
    /// Says that something goes on.
    Continuation,
    /// Puts something in the past.
    Stale,
    /// Says who said or asked for something.
    Reported,
    /// The writer speaks as "I": the user's own words.
    Mine,
    /// Says that the matter is yet to be looked at.
    Review,
    /// What an objection about AI is not about.
    OtherObject,
    /// Says that it is somebody else's.
    OtherPerson,
    /// Refuses.
    Refusing,
    /// Denies by an idiom, or says that something can't be done.
    Doubt,
    /// Addresses the reader, in no other sense.
    You,
    /// Shows that the mail addresses the reader formally.
    Formal,
    /// A form of *your* that is also *her* or *their*, unless its capital tells.
    Ambiguous,
    /// Names the objection or the decision on it.
    Objection,
    /// Names the user's data.
    Data,
    /// Names AI or its training.
    Ai,
    /// Says that a decision takes effect, or on what.
    Effect,
    /// Negates, or says that something stops.
    Negation,
    /// A harmless turn that holds a word of another class.
    Harmless,
    /// Names what the controller always says that an objection does not cover: what others share.
    OthersShare,
    /// Announces the user's own words, before a colon.
    Quoting,
    /// Says that what it stands beside is an example.
    Sample,
}

impl Class {
    const ALL: [Self; 29] = [
        Self::Condition,
        Self::VerbFirst,
        Self::Contrast,
        Self::Concession,
        Self::Partial,
        Self::Only,
        Self::Correction,
        Self::Ended,
        Self::Continuation,
        Self::Stale,
        Self::Reported,
        Self::Mine,
        Self::Review,
        Self::OtherObject,
        Self::OtherPerson,
        Self::Refusing,
        Self::Doubt,
        Self::You,
        Self::Formal,
        Self::Ambiguous,
        Self::Objection,
        Self::Data,
        Self::Ai,
        Self::Effect,
        Self::Negation,
        Self::Harmless,
        Self::OthersShare,
        Self::Quoting,
        Self::Sample,
    ];

    /// Whether a language need not have it.
    fn may_be_empty(self) -> bool {
        matches!(self, Self::Formal | Self::Ambiguous)
    }
}

/// The classes of one language.
#[derive(Deserialize)]
#[serde(from = "BTreeMap<Class, Vec<String>>")]
pub(super) struct Words {
    classes: BTreeMap<Class, Vec<String>>,
    compiled: OnceLock<Option<(Phrases, Vec<Class>)>>,
}

impl From<BTreeMap<Class, Vec<String>>> for Words {
    fn from(classes: BTreeMap<Class, Vec<String>>) -> Self {
        Self { classes, compiled: OnceLock::new() }
    }
}

impl Words {
    /// What keeps the words from being used: a class that is missing or empty.
    pub fn lack(&self) -> Option<Class> {
        Class::ALL.into_iter().find(|class| match self.classes.get(class) {
            Some(words) => words.is_empty() && !class.may_be_empty(),
            None => true,
        })
    }

    /// The words of the classes in a folded sentence.
    pub fn find(&self, folded: &str) -> Vec<(Class, Hit)> {
        if folded.len() > MAX_SENTENCE {
            return Vec::new();
        }
        let Some((phrases, classes)) = self.compiled.get_or_init(|| self.compile().ok()) else { return Vec::new() };
        phrases.find_all(folded).into_iter().filter_map(|hit| Some((*classes.get(hit.phrase)?, hit))).collect()
    }

    /// Compiles the words.
    ///
    /// # Errors
    /// The faulty entry, and what is wrong with it.
    pub fn compile(&self) -> Result<(Phrases, Vec<Class>), (String, String)> {
        let entries = self.classes.iter().flat_map(|(class, words)| words.iter().map(|word| (word.as_str(), *class)));
        let (texts, classes): (Vec<&str>, Vec<Class>) = entries.unzip();
        let phrases = Phrases::compile(&texts, &BTreeMap::new())
            .map_err(|(at, message)| (texts.get(at).map_or_else(String::new, |text| (*text).to_owned()), message))?;
        Ok((phrases, classes))
    }

    /// Whether a folded word is a form of *your* that is also *her* or *their*.
    pub fn is_ambiguous(&self, word: &str) -> bool {
        self.list(Class::Ambiguous).iter().any(|form| form == word)
    }

    /// Whether a capital tells *your* from *her*: where no other word shows a formal address, it must.
    pub fn case_tells(&self) -> bool {
        self.list(Class::Formal).is_empty()
    }

    fn list(&self, class: Class) -> &[String] {
        self.classes.get(&class).map(Vec::as_slice).unwrap_or_default()
    }
}
