//! Rules are data: `rules/*.toml`, one file per language, and the user's own beside them.

use std::collections::HashMap;

use super::controller::Controller;
use super::language::Language;
use super::words::Words;
use crate::fault::Fault;
use crate::mail::sha256;
use crate::mail::text::{fold, normalise};

/// The name of each language's files, its rules, and its closed classes of words.
macro_rules! built_in {
    ($($code:ident)+) => {
        [$((
            concat!(stringify!($code), ".toml"),
            include_str!(concat!("rules/", stringify!($code), ".toml")),
            include_str!(concat!("words/", stringify!($code), ".toml")),
        )),+]
    };
}

/// The rules that come with the program.
const BUILT_IN: [(&str, &str, &str); 27] = built_in!(
    bg ca cs da de el en es et fi fr ga hr hu is it lt lv mt nb nl pl pt ro sk sl sv
);
const CONTROLLER: &str = include_str!("rules/controller.toml");
/// More languages than this are not thought possible for one mail.
const MAX_LANGUAGES: usize = 3;
/// What one common word is worth; one that several languages share is worth as much less.
const WORD: usize = 60;

/// All rules, ready to read mail by.
pub struct Rules {
    /// Whose mail it is about.
    pub controller: Controller,
    pub(super) languages: Vec<Language>,
    /// Which languages have a word among their common ones.
    common: HashMap<String, Vec<usize>>,
    /// What the user's own files say.
    own: String,
}

impl Rules {
    /// The rules that come with the program.
    ///
    /// # Errors
    /// None for a released program: a test loads them.
    pub fn built_in() -> Result<Self, Fault> {
        Self::with(&[])
    }

    /// The rules that come with the program, and more files, given as name and content.
    ///
    /// # Errors
    /// Names the file and line of the first fault.
    pub fn with(own: &[(String, String)]) -> Result<Self, Fault> {
        let controller = parse("controller.toml", CONTROLLER)?;
        let mut languages: Vec<Language> =
            BUILT_IN.iter().map(|(file, rules, words)| built_in(file, rules, words)).collect::<Result<_, _>>()?;
        for (file, text) in own {
            let mut more: Language = parse(file, text)?;
            more.rule.iter_mut().for_each(|rule| rule.is_own = true);
            let language = match languages.iter().position(|known| known.language == more.language) {
                Some(at) => {
                    let Some(known) = languages.get_mut(at) else { continue };
                    known.merge(more);
                    known
                }
                None => languages.push_mut(more),
            };
            if language.common.is_empty() {
                let message = format!(
                    "`{}` is a new language, so it needs `common`, the words it is known by",
                    language.language
                );
                return Err(fault(&locate(file, text, "language"), &message));
            }
            language.compile().map_err(|(phrase, message)| fault(&locate(file, text, &phrase), &message))?;
        }
        let common = common(&languages);
        let own = own.iter().map(|(_, text)| text.as_str()).collect();
        Ok(Self { controller, languages, common, own })
    }

    /// SHA-256 of all that the rules say: what was read by others would be read otherwise.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let texts: String = BUILT_IN
            .iter()
            .flat_map(|(_, rules, words)| [*rules, *words])
            .chain([CONTROLLER, self.own.as_str()])
            .collect();
        sha256(texts.as_bytes())
    }

    /// The languages that there are rules for (ISO 639-1).
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(|language| language.language.as_str())
    }

    /// The languages that a folded text can be in, the likeliest first: those whose common words weigh at least half of
    /// the likeliest one's. Wording of other languages does not count, for *if* in one is *as* in another.
    pub(super) fn languages_of(&self, folded: &str) -> Vec<usize> {
        let mut weights = vec![0_usize; self.languages.len()];
        for word in folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            let Some(known) = self.common.get(word) else { continue };
            let share = WORD.checked_div(known.len()).unwrap_or(0);
            for at in known {
                if let Some(weight) = weights.get_mut(*at) {
                    *weight = weight.saturating_add(share);
                }
            }
        }
        let most = weights.iter().copied().max().unwrap_or(0);
        let mut likely: Vec<(usize, usize)> = weights.into_iter().enumerate().map(|(at, w)| (w, at)).collect();
        likely.retain(|(weight, _)| *weight > 0 && weight.saturating_mul(2) >= most);
        likely.sort_by_key(|(weight, at)| (std::cmp::Reverse(*weight), *at));
        likely.into_iter().map(|(_, at)| at).take(MAX_LANGUAGES).collect()
    }
}

fn common(languages: &[Language]) -> HashMap<String, Vec<usize>> {
    let mut common: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, language) in languages.iter().enumerate() {
        for word in &language.common {
            let known = common.entry(fold(&normalise(word))).or_default();
            if !known.contains(&at) {
                known.push(at);
            }
        }
    }
    common
}

/// A language of the program. Without its closed classes nothing could speak against a decision, so all must be there.
fn built_in(file: &str, rules: &str, words: &str) -> Result<Language, Fault> {
    let mut language: Language = parse(file, rules)?;
    let file = format!("words/{file}");
    let words: Words = parse(&file, words)?;
    if let Some(class) = words.lack() {
        return Err(Fault::new(format!("rules `{file}`: the class {class:?} has no words")));
    }
    language.classes = Some(words);
    Ok(language)
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        fault(&format!("{file}:{line}"), error.message())
    })
}

/// What is wrong with a file, in its line.
fn fault(file: &str, message: &str) -> Fault {
    Fault::new(format!("rules `{file}`: {message}"))
        .remedy("mend the line, or move the file out of the rules directory")
}

/// The file and line that a phrase stands in.
fn locate(file: &str, text: &str, phrase: &str) -> String {
    let line = text.lines().position(|line| line.contains(phrase)).map_or(1, |at| at.saturating_add(1));
    format!("{file}:{line}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_file_of_the_program_is_used_and_can_be_compiled() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/signal/rules");
        let mut files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        files.retain(|name| name != "controller.toml");
        files.sort_unstable();
        let mut known: Vec<&str> = BUILT_IN.iter().map(|(name, ..)| *name).collect();
        known.sort_unstable();
        assert_eq!(files, known);
        for language in Rules::built_in().unwrap().languages {
            assert_eq!(language.compile().map(|_| ()), Ok(()), "{}", language.language);
            assert!(language.common.len() >= 20, "{}", language.language);
            let words = language.classes.unwrap();
            assert_eq!(words.compile().map(|_| ()), Ok(()), "{}", language.language);
        }
    }

    #[test]
    fn the_user_s_own_rules_add_and_replace_and_are_checked() {
        let with = |text: &str| Rules::with(&[("own.toml".to_owned(), text.to_owned())]);
        let fault = |text: &str| with(text).map(|_| ()).unwrap_err().to_string();
        let rule = |id: &str, text: &str| {
            format!(
                "language = \"en\"\n[[rule]]\nid = \"{id}\"\nsignal = \"accepted\"\nstrong = [\n  {{ text = \"{text}\", source = \"mine\" }},\n]\n"
            )
        };
        let count =
            |rules: &Rules| rules.languages.iter().filter(|l| l.language == "en").map(|l| l.rule.len()).sum::<usize>();
        let built_in = count(&Rules::built_in().unwrap());
        assert_eq!(count(&with(&rule("mine", "hooray for you")).unwrap()), built_in + 1);
        assert_eq!(count(&with(&rule("en/accepted", "hooray for you")).unwrap()), built_in);
        let klingon = "language = \"tlh\"\ncommon = [\"Qapla'\"]\n";
        assert_eq!(with(klingon).unwrap().languages.len(), BUILT_IN.len() + 1);
        assert!(fault("language = \"tlh\"\n").starts_with("rules `own.toml:1`: `tlh` is a new language"));
        let remedy = "mend the line, or move the file out of the rules directory";
        assert_eq!(
            fault(&rule("mine", "hooray {for")),
            format!("rules `own.toml:6`: `{{` without `}}` in `hooray {{for`; {remedy}")
        );
        assert_eq!(
            fault("language = \"en\"\ncolour = 1\n").split(", expected").next().unwrap(),
            "rules `own.toml:2`: unknown field `colour`"
        );
    }
}
