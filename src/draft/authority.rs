//! The supervisory authorities (GDPR Art. 51): data, each with the day on which it was checked.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::Deserialize;

use super::{DraftError, Texts};
use crate::fault::Fault;

const FILE: &str = include_str!("authorities.toml");

/// The authorities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authorities {
    authority: Vec<Authority>,
}

/// An authority.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authority {
    /// ISO 3166 code, upper case.
    pub(super) country: String,
    /// The part of Germany, as in ISO 3166-2.
    land: Option<String>,
    /// What that part is called.
    land_name: Option<String>,
    pub(crate) name: String,
    /// Its postal address, in lines.
    pub(super) address: String,
    /// Its site.
    pub(crate) web: String,
    /// The address of its form for complaints.
    pub(crate) form: Option<String>,
    /// Its mail address.
    pub(crate) email: Option<String>,
    /// In which it is written to, its own first.
    languages: Vec<String>,
    /// What the user should know of the way to it.
    pub(crate) note: Option<String>,
    /// The day on which address and form were checked.
    pub(crate) checked: Date,
    /// Where its address and its form were looked up.
    pub(crate) source: String,
}

impl Authorities {
    /// All of them.
    pub(crate) fn load() -> Result<Self, DraftError> {
        super::built_in(FILE)
    }

    /// The authority of a place: a country, in Germany with its Land, by code (`BY`, `DE-BY`) or name.
    pub(crate) fn find(&self, country: &str, land: Option<&str>) -> Result<&Authority, DraftError> {
        let (country, land) = match country.split_once('-') {
            Some((country, part)) => (country, Some(part)),
            None => (country, land),
        };
        let is_it = |authority: &&Authority| country != "DE" || land.is_some_and(|land| authority.is_of(land));
        self.of(country).find(is_it).ok_or_else(|| DraftError::Usage(self.unknown(country)))
    }

    /// The language in which the authorities of a country are written to.
    pub(crate) fn language_of<'a>(&'a self, country: &str, preferred: Option<&str>) -> Option<&'a str> {
        self.of(country).next()?.language(preferred)
    }

    /// Refuses a country outside the Union, the EEA and the United Kingdom, where the letters would cite a law that does
    /// not apply.
    pub(crate) fn refuse_other_law(&self, country: &str) -> Result<(), DraftError> {
        let fault = match (country, self.of(country).next()) {
            ("CH", Some(authority)) => {
                Fault::new(
                    "Switzerland: its own law applies instead of the GDPR, and what it says of objections is not known here, so \
                     there is no letter for it",
                )
                    .remedy(format!("write to {}", authority.way()))
            }
            (_, Some(_)) => return Ok(()),
            // The forms' list of countries has it (facts §4.4); what time the law sets for an objection was not found.
            ("BR", None) => Fault::new(
                "Brazil: its own law applies instead of the GDPR, and what time it sets for an answer is not known here, so \
                 there is no letter for it",
            )
            .remedy("ask the ANPD, https://www.gov.br/anpd"),
            (_, None) => {
                Fault::new(format!("`{country}`: the GDPR does not apply there, so there is no letter for it"))
                    .remedy("ask the authority of that country")
            }
        };
        Err(DraftError::Refused(fault))
    }

    /// The authorities of a country.
    fn of(&self, country: &str) -> impl Iterator<Item = &Authority> {
        let code = if country == "UK" { "GB" } else { country };
        self.authority.iter().filter(move |authority| authority.country == code)
    }

    fn unknown(&self, country: &str) -> Fault {
        if country == "DE" {
            return Fault::new("Germany has an authority in each Land")
                .remedy(format!("name yours with --land: {}", self.lands()));
        }
        Fault::new(format!("no supervisory authority is known for `{country}`"))
            .remedy("name one with --authority, such as IE")
    }

    fn lands(&self) -> String {
        let lands =
            self.authority.iter().filter_map(|a| Some(format!("{} {}", a.land.as_ref()?, a.land_name.as_ref()?)));
        lands.collect::<Vec<_>>().join(", ")
    }
}

impl Authority {
    /// The language to write to the authority in: the preferred one where the authority takes that, else its own; `None`
    /// where none of them has texts.
    pub(crate) fn language<'a>(&'a self, preferred: Option<&str>) -> Option<&'a str> {
        let preferred = preferred.and_then(|code| self.languages.iter().find(|l| *l == code));
        let known = preferred.into_iter().chain(&self.languages).find(|code| Texts::is_known(code));
        known.map(String::as_str)
    }

    /// Whether it was checked more than a year ago.
    pub(crate) fn is_old(&self, now: Timestamp) -> bool {
        let until = self.checked.checked_add(Span::new().years(1)).unwrap_or(Date::MAX);
        jiff::tz::TimeZone::UTC.to_datetime(now).date() > until
    }

    /// Where a complaint goes: its form, else its mail address, else its site.
    pub(crate) fn way(&self) -> &str {
        self.form.as_deref().or(self.email.as_deref()).unwrap_or(&self.web)
    }

    fn is_of(&self, land: &str) -> bool {
        let is_it =
            |name: &Option<String>| name.as_ref().is_some_and(|name| name.to_lowercase() == land.to_lowercase());
        is_it(&self.land) || is_it(&self.land_name)
    }
}
