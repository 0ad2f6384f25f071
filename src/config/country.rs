//! Countries as people name them.

use crate::fault::Fault;

/// A line for each country: its ISO 3166 code, a tab, its names.
const COUNTRIES: &str = include_str!("countries.tsv");

/// The ISO 3166 codes of all countries, with their English names.
pub(crate) fn countries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = COUNTRIES.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(code, names)| (code, names.split(" | ").next().unwrap_or(names)))
}

/// The ISO 3166 code of a country, from its code or one of its names.
pub(crate) fn parse_country(text: &str) -> Result<String, Fault> {
    let wanted = text.trim().to_lowercase();
    let all = || COUNTRIES.lines().filter_map(|line| line.split_once('\t'));
    let by_code = all().find(|(code, _)| code.eq_ignore_ascii_case(&wanted));
    let by_name = || all().find(|(_, names)| names.split(" | ").any(|name| name.to_lowercase() == wanted));
    by_code.or_else(by_name).map(|(code, _)| code.to_owned()).ok_or_else(|| {
        Fault::new(format!("`{text}` is no country")).remedy("use its two letters (ISO 3166), such as DE, or its name")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_code_and_name() {
        for (text, code) in [
            ("de", "DE"),
            (" Deutschland ", "DE"),
            ("Éire", "IE"),
            ("UK", "GB"),
            ("EL", "GR"),
            ("frankreich", "FR"),
            ("Brazil", "BR"),
        ] {
            assert_eq!(parse_country(text).unwrap(), code);
        }
        for text in ["XX", "", "|", "Europe", "Austria | Österreich"] {
            assert!(parse_country(text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_name_is_that_of_two_countries() {
        let mut names: Vec<String> = COUNTRIES
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(_, names)| names.split(" | "))
            .map(str::to_lowercase)
            .collect();
        names.sort();
        assert!(names.len() > 400 && names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
