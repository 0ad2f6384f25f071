//! A language that there are rules for: its files, read when a mail can be in it.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::file::parse;
use super::language::Language;
use super::words::Words;
use crate::fault::Fault;

/// A language that there are rules for.
#[derive(Default)]
pub(super) struct Known {
    /// ISO 639-1.
    pub code: String,
    /// The program's own rules and closed classes, as files hold them; none for a language of the user's alone.
    files: Option<Files>,
    /// The words that the user's own files add to those it is known by.
    pub common: Vec<String>,
    language: OnceLock<Language>,
}

/// The text of a language's files.
pub(super) struct Files {
    pub rules: Cow<'static, str>,
    pub words: Cow<'static, str>,
}

impl Known {
    /// A language of the program.
    pub fn new(code: &str, files: Files) -> Self {
        Self { code: code.to_owned(), files: Some(files), ..Self::default() }
    }

    /// A language that the user's own rules bring.
    pub fn of_the_user(code: &str) -> Self {
        Self { code: code.to_owned(), ..Self::default() }
    }

    /// Its rules. A test loads all files of the program; of a faulty one nothing would be read.
    pub fn language(&self) -> &Language {
        self.language.get_or_init(|| self.load().unwrap_or_default())
    }

    /// Adds the rules of a file of the user's.
    ///
    /// # Errors
    /// If the program's own file is faulty.
    pub fn merge(&mut self, more: Language) -> Result<&Language, Fault> {
        self.common.extend(more.common.iter().cloned());
        let mut language = match self.language.take() {
            Some(language) => language,
            None => self.load()?,
        };
        language.merge(more);
        Ok(self.language.get_or_init(|| language))
    }

    /// Reads the program's own files. Without closed classes nothing could speak against a decision, so all must be there.
    ///
    /// # Errors
    /// Names the file and line of the first fault.
    pub fn load(&self) -> Result<Language, Fault> {
        let Some(files) = &self.files else {
            return Ok(Language::new(&self.code));
        };
        let mut language: Language = parse(&format!("{}.toml", self.code), &files.rules)?;
        let file = format!("words/{}.toml", self.code);
        let words: Words = parse(&file, &files.words)?;
        if let Some(class) = words.lack() {
            return Err(Fault::new(format!("rules `{file}`: the class {class:?} has no words")));
        }
        language.classes = Some(words);
        Ok(language)
    }
}
