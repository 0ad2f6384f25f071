//! Rules are data: `rules/*.toml`, one file per language, and the user's own beside them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use super::controller::Controller;
use super::file::{fault, locate, parse};
use super::known::{Files, Known};
use super::language::Language;
use crate::fault::Fault;
use crate::mail::sha256;
use crate::mail::text::{fold, normalise};

/// Each language with its rules and its closed classes of words.
macro_rules! built_in {
    ($($code:ident)+) => {
        [$((
            stringify!($code),
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
const COMMON: &str = include_str!("rules/common.toml");
/// More languages than this are not thought possible for one mail.
const MAX_LANGUAGES: usize = 3;
/// What one common word is worth; one that several languages share is worth as much less.
const WORD: usize = 60;

/// All rules, ready to read mail by. A language's are read from its files when the first mail can be in it.
pub struct Rules {
    /// Whose mail it is about.
    pub controller: Controller,
    known: Vec<Known>,
    /// Which languages have a word among their common ones.
    common: OnceLock<HashMap<String, Vec<usize>>>,
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
        Self::of(&[], own)
    }

    /// The same, where files of a checkout stand for those that came with the program: `rules/da.toml`, `words/da.toml`.
    ///
    /// # Errors
    /// Names the file and line of the first fault.
    pub fn of(checkout: &[(String, String)], own: &[(String, String)]) -> Result<Self, Fault> {
        let text = |file: String, ours: &'static str| {
            let newer = checkout.iter().find(|(name, _)| *name == file);
            newer.map_or(Cow::Borrowed(ours), |(_, text)| Cow::Owned(text.clone()))
        };
        let known = BUILT_IN.iter().map(|(code, rules, words)| {
            let rules = text(format!("rules/{code}.toml"), rules);
            Known::new(code, Files { rules, words: text(format!("words/{code}.toml"), words) })
        });
        let mut rules = Self {
            controller: parse("controller.toml", CONTROLLER)?,
            known: known.collect(),
            common: OnceLock::new(),
            own: own.iter().map(|(_, text)| text.as_str()).collect(),
        };
        own.iter().try_for_each(|(file, text)| rules.add(file, text))?;
        Ok(rules)
    }

    /// Adds a file of the user's own.
    fn add(&mut self, file: &str, text: &str) -> Result<(), Fault> {
        let mut more: Language = parse(file, text)?;
        more.rule.iter_mut().for_each(|rule| rule.is_own = true);
        let known = match self.known.iter().position(|known| known.code == more.language) {
            Some(at) => self.known.get_mut(at),
            None if more.common.is_empty() => {
                let message =
                    format!("`{}` is a new language, so it needs `common`, the words it is known by", more.language);
                return Err(fault(&locate(file, text, "language"), &message));
            }
            None => Some(self.known.push_mut(Known::of_the_user(&more.language))),
        };
        let Some(known) = known else { return Ok(()) };
        let compiled = known.merge(more)?.compile();
        compiled.map(drop).map_err(|(phrase, message)| fault(&locate(file, text, &phrase), &message))
    }

    /// The place of a language.
    pub(super) fn place(&self, code: &str) -> Option<usize> {
        self.known.iter().position(|known| known.code == code)
    }

    /// The rules of a language, known by its place.
    pub(super) fn language(&self, at: usize) -> Option<&Language> {
        self.known.get(at).map(Known::language)
    }

    /// SHA-256 of all that the rules say: what was read by others would be read otherwise.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let texts: String = BUILT_IN
            .iter()
            .flat_map(|(_, rules, words)| [*rules, *words])
            .chain([CONTROLLER, COMMON, self.own.as_str()])
            .collect();
        sha256(texts.as_bytes())
    }

    /// The languages that there are rules for (ISO 639-1).
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|known| known.code.as_str())
    }

    /// The languages that a folded text can be in, the likeliest first: those whose common words weigh at least half of
    /// the likeliest one's. Wording of other languages does not count, for *if* in one is *as* in another.
    pub(super) fn languages_of(&self, folded: &str) -> Vec<usize> {
        let common = self.common.get_or_init(|| common(&self.known));
        let mut weights = vec![0_usize; self.known.len()];
        for word in folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            let Some(known) = common.get(word) else { continue };
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

fn common(known: &[Known]) -> HashMap<String, Vec<usize>> {
    let ours: BTreeMap<String, String> = parse("common.toml", COMMON).unwrap_or_default();
    let mut common: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, language) in known.iter().enumerate() {
        let ours = ours.get(&language.code).into_iter().flat_map(|words| words.split_whitespace());
        for word in ours.chain(language.common.iter().map(String::as_str)) {
            let languages = common.entry(fold(&normalise(word))).or_default();
            if !languages.contains(&at) {
                languages.push(at);
            }
        }
    }
    common
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
        files.retain(|name| name != "controller.toml" && name != "common.toml");
        files.sort_unstable();
        let mut known: Vec<String> = BUILT_IN.iter().map(|(code, ..)| format!("{code}.toml")).collect();
        known.sort_unstable();
        assert_eq!(files, known);
        let common: BTreeMap<String, String> = parse("common.toml", COMMON).unwrap();
        for known in Rules::built_in().unwrap().known {
            let language = known.load().unwrap();
            assert_eq!(language.language, known.code);
            assert_eq!(language.compile().map(|_| ()), Ok(()), "{}", known.code);
            let words: Vec<&str> = common.get(&known.code).unwrap().split_whitespace().collect();
            assert!(words.len() >= 20 && words.iter().all(|w| w.chars().all(char::is_alphabetic)), "{}", known.code);
            assert_eq!(language.classes.unwrap().compile().map(|_| ()), Ok(()), "{}", known.code);
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
        let count = |rules: &Rules| {
            rules.known.iter().filter(|l| l.code == "en").map(|l| l.language().rule.len()).sum::<usize>()
        };
        let built_in = count(&Rules::built_in().unwrap());
        assert_eq!(count(&with(&rule("mine", "hooray for you")).unwrap()), built_in + 1);
        assert_eq!(count(&with(&rule("en/accepted", "hooray for you")).unwrap()), built_in);
        let klingon = "language = \"tlh\"\ncommon = [\"Qapla'\"]\n";
        assert_eq!(with(klingon).unwrap().languages().count(), BUILT_IN.len() + 1);
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
