//! Which languages have texts, and which of them a country speaks.

use super::{DraftError, Texts};
use crate::fault::Fault;

/// The files of the languages, by ISO 639 code.
macro_rules! files {
    ($($code:literal)*) => { [$(($code, include_str!(concat!("letters/", $code, ".toml")))),*] };
}

const FILES: [(&str, &str); 26] = files!(
    "bg" "cs" "da" "de" "el" "en" "es" "et" "fi" "fr" "ga" "hr" "hu" "is" "it" "lt" "lv" "mt" "nb" "nl" "pl" "pt" "ro" "sk" "sl" "sv"
);

/// The ISO 639 codes of the languages that have texts.
fn codes() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(code, _)| *code)
}

fn unknown(code: &str) -> DraftError {
    let known = codes().collect::<Vec<_>>().join(", ");
    DraftError::Usage(Fault::new(format!("no texts in the language `{code}`")).remedy(format!("use {known}")))
}

impl Texts {
    /// The texts of a language, by its code; `pt-BR` is `pt`.
    pub(crate) fn new(code: &str) -> Result<Self, DraftError> {
        let lower = code.trim().to_lowercase();
        let main = match lower.split(['-', '_']).next().unwrap_or_default() {
            "no" | "nn" => "nb",
            main => main,
        };
        let (_, text) = FILES.iter().find(|(known, _)| *known == main).ok_or_else(|| unknown(code))?;
        super::built_in(text)
    }

    /// All languages, by code.
    pub(crate) fn all() -> Result<Vec<Self>, DraftError> {
        codes().map(Self::new).collect()
    }

    /// Whether a language has texts.
    pub(super) fn is_known(code: &str) -> bool {
        codes().any(|known| known == code)
    }

    /// The language of most people of a country, where it has texts.
    pub(crate) fn language_of(country: &str) -> Option<&'static str> {
        Some(match country {
            "DE" | "AT" | "LI" => "de",
            "FR" | "LU" => "fr",
            "NL" | "BE" => "nl",
            "IE" | "GB" | "UK" | "MT" => "en",
            "BG" => "bg",
            "CZ" => "cs",
            "DK" => "da",
            "EE" => "et",
            "ES" => "es",
            "FI" => "fi",
            "GR" | "EL" | "CY" => "el",
            "HR" => "hr",
            "HU" => "hu",
            "IS" => "is",
            "IT" => "it",
            "LT" => "lt",
            "LV" => "lv",
            "NO" => "nb",
            "PL" => "pl",
            "PT" => "pt",
            "RO" => "ro",
            "SE" => "sv",
            "SI" => "sl",
            "SK" => "sk",
            _ => return None,
        })
    }
}
