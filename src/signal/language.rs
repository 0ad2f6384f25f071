//! A language's rules: what its file holds, and what each of its phrases is for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::Signal;
use super::controller::Word;
use super::phrase::{Hit, Phrases};
use super::words::{MAX_SENTENCE, Words};

/// What a phrase is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Evidence for a rule: which, and whether it is strong.
    Evidence { rule: usize, is_strong: bool },
    /// Takes its sentence's evidence for one rule away.
    Not { rule: usize },
    /// Takes its sentence's evidence for one sense away.
    NotFor { sense: Sense },
    /// Names what one rule's evidence must stand near to.
    Near { rule: usize },
    /// Makes its sentence a condition, wherever it stands in it.
    Condition,
    /// Makes what follows it in its sentence a condition.
    ConditionBefore,
    /// Turns what it belongs to into its opposite.
    Negation,
    /// Begins another clause of the sentence.
    Conjunction,
    /// The title of an objection form, as mails quote it in their subject.
    Title,
    /// Names what an answer must be about: the objection, or AI.
    Topic,
    /// Stands near a code.
    CodeWord,
    /// Says that numbers in its sentence are no code.
    NotCode,
    /// Stands before a number that is no code.
    OtherNumber,
    /// A unit of time, in minutes.
    Unit { minutes: i64 },
    /// Stands for the number one before a unit of time.
    One,
    /// Says that a time near it is how long the code is good for.
    Expiry,
}

/// What a rule tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sense {
    VerificationCode,
    Acknowledged,
    NeedsInfo,
    Accepted,
    Refused,
    Announcement,
    /// A code for something else: the mail is no verification mail.
    OtherCode,
    /// Another matter, such as an appeal: the mail is no answer to an objection.
    OtherMatter,
}

/// Where in a mail a rule's phrases count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// Anywhere.
    #[default]
    Any,
    /// In the subject only.
    Subject,
    /// In the text only.
    Text,
}

/// One language's rules.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Language {
    /// ISO 639-1.
    pub language: String,
    /// The words it is known by.
    #[serde(default)]
    pub common: Vec<String>,
    /// Lists that phrases name as `<name>`.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    condition: Vec<String>,
    #[serde(default)]
    condition_before: Vec<String>,
    #[serde(default)]
    negation: Vec<String>,
    #[serde(default)]
    conjunction: Vec<String>,
    #[serde(default)]
    title: Vec<Phrase>,
    /// Words of which a receipt, a question or a decision must hold one, if any are listed.
    #[serde(default)]
    topic: Vec<String>,
    /// For each sense, what must not stand in the same sentence as evidence for it, whatever the rule.
    #[serde(default)]
    not: BTreeMap<Sense, Vec<String>>,
    #[serde(default)]
    code: CodeWords,
    #[serde(default)]
    pub rule: Vec<Rule>,
    /// What speaks against a decision; none for a language that only the user's own rules know.
    #[serde(skip)]
    pub classes: Option<Words>,
    #[serde(skip)]
    compiled: OnceLock<Option<(Phrases, Vec<Role>)>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CodeWords {
    words: Vec<String>,
    not: Vec<String>,
    other_number: Vec<String>,
    expiry: Vec<String>,
    one: Vec<String>,
    minutes: Vec<String>,
    hours: Vec<String>,
    days: Vec<String>,
}

/// What tells one sense.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// What it is called in records and by `explain`.
    pub id: String,
    /// What it tells.
    pub signal: Sense,
    /// Whether a negation takes its phrases away.
    #[serde(default)]
    pub is_undone_by_negation: bool,
    /// Whose mails it is about; empty for all.
    #[serde(default)]
    pub platforms: Vec<Word>,
    /// The generation of the template that it was read in.
    #[allow(dead_code, reason = "for the reader of the file; its form is checked")]
    #[serde(default)]
    generation: Option<String>,
    /// Where its phrases count.
    #[serde(default, rename = "in")]
    pub part: Part,
    /// What must not stand in the same sentence.
    #[serde(default)]
    not: Vec<String>,
    /// Of which one must stand in the same sentence, the one before or the one after, if any are listed.
    #[serde(default)]
    pub near: Vec<String>,
    #[serde(default)]
    strong: Vec<Phrase>,
    #[serde(default)]
    weak: Vec<Phrase>,
    /// Whether it is the user's own.
    #[serde(skip)]
    pub is_own: bool,
}

/// A phrase with its source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    text: String,
    /// The section of facts/meta-mail.md, or the page, that it comes from.
    #[allow(dead_code, reason = "for the reader of the file; its presence is checked")]
    source: String,
    /// Whether it was seen word for word.
    #[allow(dead_code, reason = "for the reader of the file; its form is checked")]
    #[serde(default)]
    verified: bool,
}

impl Sense {
    /// Whether it decides about an objection.
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused)
    }

    /// Whether a mail must name what it is about to say it: a request of any kind is received, asked about and decided in
    /// the same words.
    pub fn needs_topic(self) -> bool {
        self.is_answer() || matches!(self, Self::Acknowledged | Self::NeedsInfo)
    }

    /// What it says to the outside.
    pub fn signal(self) -> Signal {
        match self {
            Self::VerificationCode => Signal::VerificationCode,
            Self::Acknowledged => Signal::Acknowledged,
            Self::NeedsInfo => Signal::NeedsInfo,
            Self::Accepted => Signal::Accepted,
            Self::Refused => Signal::Refused,
            Self::Announcement => Signal::Announcement,
            Self::OtherCode | Self::OtherMatter => Signal::None,
        }
    }
}

impl Rule {
    /// Its evidence, and whether each phrase is strong.
    pub fn phrases(&self) -> impl Iterator<Item = (&Self, &str, bool)> {
        let strong = self.strong.iter().map(move |phrase| (self, phrase.text.as_str(), true));
        strong.chain(self.weak.iter().map(move |phrase| (self, phrase.text.as_str(), false)))
    }
}

impl Language {
    /// A language without rules.
    pub fn new(code: &str) -> Self {
        Self { language: code.to_owned(), ..Self::default() }
    }

    /// The phrases in a folded sentence, with what each is for. One that is too long to be a sentence says nothing: it
    /// could decide nothing, for it speaks against whatever the mail says.
    pub fn find(&self, folded: &str) -> Vec<(Role, Hit)> {
        if folded.len() > MAX_SENTENCE {
            return Vec::new();
        }
        // What comes with the program is compiled when it is needed, and by a test; the user's own when it is loaded.
        let Some((phrases, roles)) = self.compiled.get_or_init(|| self.compile().ok()) else { return Vec::new() };
        phrases.find(folded).into_iter().filter_map(|hit| Some((*roles.get(hit.phrase)?, hit))).collect()
    }

    /// Whether an answer in this language must name what it is about.
    pub fn has_topic(&self) -> bool {
        !self.topic.is_empty()
    }

    /// Compiles the phrases.
    ///
    /// # Errors
    /// The faulty phrase, and what is wrong with it.
    pub fn compile(&self) -> Result<(Phrases, Vec<Role>), (String, String)> {
        let (mut texts, mut roles) = (Vec::new(), Vec::new());
        self.each_phrase(|text, role| {
            texts.push(text);
            roles.push(role);
        });
        let phrases = Phrases::compile(&texts, &self.words).map_err(|(place, message)| {
            (texts.get(place).map_or_else(String::new, |text| (*text).to_owned()), message)
        })?;
        Ok((phrases, roles))
    }

    /// Adds another file's rules for the language: what has the same name is replaced.
    pub fn merge(&mut self, other: Self) {
        self.common.extend(other.common);
        self.words.extend(other.words);
        self.condition.extend(other.condition);
        self.condition_before.extend(other.condition_before);
        self.negation.extend(other.negation);
        self.conjunction.extend(other.conjunction);
        self.title.extend(other.title);
        self.topic.extend(other.topic);
        for (sense, not) in other.not {
            self.not.entry(sense).or_default().extend(not);
        }
        self.code.merge(other.code);
        for rule in other.rule {
            match self.rule.iter_mut().find(|known| known.id == rule.id) {
                Some(known) => *known = rule,
                None => self.rule.push(rule),
            }
        }
    }

    fn each_phrase<'a>(&'a self, mut give: impl FnMut(&'a str, Role)) {
        for (at, rule) in self.rule.iter().enumerate() {
            rule.strong.iter().for_each(|p| give(&p.text, Role::Evidence { rule: at, is_strong: true }));
            rule.weak.iter().for_each(|p| give(&p.text, Role::Evidence { rule: at, is_strong: false }));
            rule.not.iter().for_each(|text| give(text, Role::Not { rule: at }));
            rule.near.iter().for_each(|text| give(text, Role::Near { rule: at }));
        }
        for (sense, not) in &self.not {
            for text in not {
                give(text, Role::NotFor { sense: *sense });
            }
        }
        self.title.iter().for_each(|p| give(&p.text, Role::Title));
        let lists = [
            (&self.condition, Role::Condition),
            (&self.condition_before, Role::ConditionBefore),
            (&self.negation, Role::Negation),
            (&self.conjunction, Role::Conjunction),
            (&self.topic, Role::Topic),
        ];
        for (words, role) in lists.into_iter().chain(self.code.lists()) {
            for word in words {
                give(word, role);
            }
        }
    }
}

impl CodeWords {
    fn lists(&self) -> [(&Vec<String>, Role); 8] {
        [
            (&self.words, Role::CodeWord),
            (&self.not, Role::NotCode),
            (&self.other_number, Role::OtherNumber),
            (&self.expiry, Role::Expiry),
            (&self.one, Role::One),
            (&self.minutes, Role::Unit { minutes: 1 }),
            (&self.hours, Role::Unit { minutes: 60 }),
            (&self.days, Role::Unit { minutes: 60 * 24 }),
        ]
    }

    fn merge(&mut self, other: Self) {
        self.words.extend(other.words);
        self.not.extend(other.not);
        self.other_number.extend(other.other_number);
        self.expiry.extend(other.expiry);
        self.one.extend(other.one);
        self.minutes.extend(other.minutes);
        self.hours.extend(other.hours);
        self.days.extend(other.days);
    }
}
