//! The forms: their addresses, which change, as data with the date on which they were checked.

use serde::Deserialize;

use super::DraftError;
use super::language::fill;
use crate::objection::Platform;

const FILE: &str = include_str!("forms.toml");

/// The way to the forms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The day on which the addresses were checked.
    pub checked: String,
    /// The controller's own page about objections.
    pub help: String,
    /// What to do where an address no longer works.
    pub way: String,
    steps: Vec<String>,
    form: Vec<Form>,
}

/// The form of a platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    platform: String,
    /// What the platform is called.
    pub name: String,
    /// The form's address.
    pub url: String,
    /// The month in which it was last seen in use.
    pub seen: String,
    /// Other addresses of it that were in use.
    pub others: Vec<String>,
    /// What it asks for.
    pub asks: Vec<String>,
    /// What one objection covers, and what not.
    pub covers: Vec<String>,
}

impl Guide {
    /// The guide.
    ///
    /// # Errors
    /// `BuiltIn`, never in practice.
    pub fn load() -> Result<Self, DraftError> {
        Ok(toml::from_str(FILE)?)
    }

    /// The form of a platform.
    #[must_use]
    pub fn form(&self, platform: Platform) -> Option<&Form> {
        self.form.iter().find(|form| form.platform == platform.as_str())
    }

    /// What to do, in order.
    #[must_use]
    pub fn steps(&self, form: &Form) -> Vec<String> {
        self.steps.iter().map(|step| fill(step, &[("url", &form.url)])).collect()
    }
}
