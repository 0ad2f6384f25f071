//! The supervisory authorities (GDPR Art. 51): data with the date on which it was checked.

use serde::Deserialize;

use super::{DraftError, Language};

const FILE: &str = include_str!("authorities.toml");

/// The authorities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorities {
    /// The day on which addresses and forms were checked.
    pub checked: String,
    /// Where they come from.
    pub source: String,
    authority: Vec<Authority>,
}

/// An authority.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// ISO 3166 code, upper case.
    pub country: String,
    /// The part of Germany, as in ISO 3166-2.
    pub land: Option<String>,
    /// What that part is called.
    pub land_name: Option<String>,
    /// Its name.
    pub name: String,
    /// Its postal address, in lines.
    pub address: String,
    /// Its site.
    pub web: String,
    /// Its form for complaints.
    pub form: Option<String>,
    /// Its mail address.
    pub email: Option<String>,
    languages: Vec<String>,
}

impl Authorities {
    /// All of them.
    ///
    /// # Errors
    /// `BuiltIn`, never in practice.
    pub fn load() -> Result<Self, DraftError> {
        Ok(toml::from_str(FILE)?)
    }

    /// The authority of a place: a country, in Germany with its Land, by code (`BY`, `DE-BY`) or name.
    ///
    /// # Errors
    /// Where none is known, or a Land is missing.
    pub fn find(&self, country: &str, land: Option<&str>) -> Result<&Authority, DraftError> {
        let (country, land) = match country.split_once('-') {
            Some((country, part)) => (country, Some(part)),
            None => (country, land),
        };
        let country = if country == "UK" { "GB" } else { country };
        let mut there = self.authority.iter().filter(|a| a.country == country);
        let unknown = || DraftError::Authority(format!("`{country}`"));
        if country == "DE" {
            let Some(land) = land else { return Err(DraftError::Land(self.lands())) };
            return there.find(|a| a.is_of(land)).ok_or_else(|| DraftError::Land(self.lands()));
        }
        there.next().ok_or_else(unknown)
    }

    fn lands(&self) -> String {
        let lands =
            self.authority.iter().filter_map(|a| Some(format!("{} {}", a.land.as_ref()?, a.land_name.as_ref()?)));
        lands.collect::<Vec<_>>().join(", ")
    }
}

impl Authority {
    /// The language to write to it in: the preferred one where it takes that, else its own; `None` where there are no
    /// texts in any.
    #[must_use]
    pub fn language(&self, preferred: Option<&str>) -> Option<&str> {
        let preferred = preferred.and_then(|code| self.languages.iter().find(|l| *l == code));
        let known = preferred.into_iter().chain(&self.languages).find(|code| Language::is_known(code));
        known.map(String::as_str)
    }

    /// Where a complaint goes: its form, else its mail address, else its site.
    #[must_use]
    pub fn way(&self) -> &str {
        self.form.as_deref().or(self.email.as_deref()).unwrap_or(&self.web)
    }

    fn is_of(&self, land: &str) -> bool {
        let is_it =
            |name: &Option<String>| name.as_ref().is_some_and(|name| name.to_lowercase() == land.to_lowercase());
        is_it(&self.land) || is_it(&self.land_name)
    }
}
