//! How to object: the controller's forms and the steps to them. Addresses of forms change, so they are data with the date
//! on which they were checked.

use serde::Deserialize;

use super::DraftError;
use super::texts::fill;
use crate::objection::Platform;

const FILE: &str = include_str!("forms.toml");

/// The way to the forms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormGuide {
    /// The day on which the addresses were checked.
    pub(crate) checked: String,
    /// The controller's own page about objections.
    pub(crate) help: String,
    /// On what law the right and the complaint rest.
    pub(crate) rights: String,
    /// What to do where an address no longer works.
    pub(crate) way: String,
    steps: Vec<String>,
    form: Vec<Form>,
}

/// The form of a platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    platform: String,
    /// What the platform is called.
    pub(crate) name: String,
    /// The form's address.
    pub(crate) url: String,
    /// The month in which the form was last seen in use.
    pub(crate) seen: String,
    /// Its other addresses that were in use.
    pub(crate) others: Vec<String>,
    /// What the form asks for.
    pub(crate) asks: Vec<String>,
    /// What one objection covers, and what not.
    pub(crate) covers: Vec<String>,
}

impl FormGuide {
    pub(crate) fn load() -> Result<Self, DraftError> {
        super::built_in(FILE)
    }

    /// The form of a platform.
    pub(crate) fn form(&self, platform: Platform) -> Option<&Form> {
        self.form.iter().find(|form| form.platform == platform.as_str())
    }

    /// What to do, in order.
    pub(crate) fn steps(&self, form: &Form) -> Vec<String> {
        self.steps.iter().map(|step| fill(step, &[("url", &form.url)])).collect()
    }
}
