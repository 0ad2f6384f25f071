//! Rules are data: `rules/*.toml`, one file per language, compiled once.

use serde::Deserialize;

use super::Signal;
use super::controller::Controller;
use super::phrase::Phrases;

/// The rules that come with the program.
const BUILT_IN: [(&str, &str); 1] = [("en.toml", include_str!("rules/en.toml"))];
const CONTROLLER: &str = include_str!("rules/controller.toml");

/// All rules, ready to read mail by.
pub struct Rules {
    /// Whose mail it is about.
    pub controller: Controller,
    pub(super) languages: Vec<Language>,
    pub(super) phrases: Phrases,
    /// What each phrase is for, in the order of `phrases`.
    pub(super) roles: Vec<Role>,
}

/// A rule file that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {message}; mend the line, or move the file out of the rules directory")]
pub struct RulesError {
    /// The file, with the line where it is known.
    pub file: String,
    /// What is wrong with it.
    pub message: String,
}

/// What a phrase is for; the first number is the place of its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Evidence for a rule of the language: which, and whether it is strong.
    Evidence { language: usize, rule: usize, is_strong: bool },
    /// Makes its sentence a condition, which says nothing about this mail's reader.
    Condition { language: usize },
    /// Turns its sentence into its opposite.
    Negation { language: usize },
    /// The title of an objection form, as mails quote it in their subject.
    Title { language: usize },
    /// Stands near a code.
    CodeWord { language: usize },
    /// Says that numbers in its sentence are no code.
    NotCode { language: usize },
    /// A unit of time, in minutes.
    Unit { language: usize, minutes: i64 },
    /// Says that a time near it is how long the code is good for.
    Expiry { language: usize },
}

/// One language's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Language {
    /// ISO 639-1.
    pub language: String,
    condition: Vec<String>,
    negation: Vec<String>,
    title: Vec<Phrase>,
    code: CodeWords,
    pub rule: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeWords {
    words: Vec<String>,
    not: Vec<String>,
    expiry: Vec<String>,
    minutes: Vec<String>,
    hours: Vec<String>,
    days: Vec<String>,
}

/// What tells one signal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// What it is called in records and by `explain`.
    pub id: String,
    /// What it tells; `none` for wording that forbids the mail to be taken for a verification mail.
    pub signal: Signal,
    /// Whether a negation elsewhere in the sentence takes its phrases away.
    #[serde(default)]
    pub is_undone_by_negation: bool,
    strong: Vec<Phrase>,
    #[serde(default)]
    weak: Vec<Phrase>,
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

impl Rules {
    /// The rules that come with the program.
    ///
    /// # Errors
    /// None for a released program: a test loads them.
    pub fn built_in() -> Result<Self, RulesError> {
        Self::load(&BUILT_IN)
    }

    /// Compiles rule files, given as name and content.
    ///
    /// # Errors
    /// Names the file and line of the first fault.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, RulesError> {
        let controller = parse("controller.toml", CONTROLLER)?;
        let languages = files.iter().map(|(file, text)| parse(file, text)).collect::<Result<Vec<Language>, _>>()?;
        let (mut texts, mut roles) = (Vec::new(), Vec::new());
        for (at, language) in languages.iter().enumerate() {
            language.each_phrase(at, |text, role| {
                texts.push(text);
                roles.push(role);
            });
        }
        let phrases = Phrases::compile(&texts).map_err(|(place, message)| {
            let text = texts.get(place).copied().unwrap_or_default();
            let (file, line) = locate(files, text);
            RulesError { file: format!("{file}:{line}"), message }
        })?;
        Ok(Self { controller, languages, phrases, roles })
    }
}

impl Language {
    fn each_phrase<'a>(&'a self, language: usize, mut give: impl FnMut(&'a str, Role)) {
        for (at, rule) in self.rule.iter().enumerate() {
            rule.strong.iter().for_each(|p| give(&p.text, Role::Evidence { language, rule: at, is_strong: true }));
            rule.weak.iter().for_each(|p| give(&p.text, Role::Evidence { language, rule: at, is_strong: false }));
        }
        self.title.iter().for_each(|p| give(&p.text, Role::Title { language }));
        let units = [(&self.code.minutes, 1), (&self.code.hours, 60), (&self.code.days, 60 * 24)];
        for (words, minutes) in units {
            for word in words {
                give(word, Role::Unit { language, minutes });
            }
        }
        let lists = [
            (&self.condition, Role::Condition { language }),
            (&self.negation, Role::Negation { language }),
            (&self.code.words, Role::CodeWord { language }),
            (&self.code.not, Role::NotCode { language }),
            (&self.code.expiry, Role::Expiry { language }),
        ];
        for (words, role) in lists {
            for word in words {
                give(word, role);
            }
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, RulesError> {
    toml::from_str(text).map_err(|error| {
        let line =
            error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.lines().count().max(1));
        RulesError { file: format!("{file}:{line}"), message: error.message().to_owned() }
    })
}

/// The file and line that a phrase stands in.
fn locate<'a>(files: &[(&'a str, &str)], phrase: &str) -> (&'a str, usize) {
    let line = |text: &str| text.lines().position(|line| line.contains(phrase)).map(|at| at.saturating_add(1));
    files.iter().find_map(|(file, text)| line(text).map(|line| (*file, line))).unwrap_or(("rules", 0))
}
