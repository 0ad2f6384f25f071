//! Who must answer (the controller, GDPR Art. 4(7)): data with the date on which it was checked.

use serde::Deserialize;

use super::DraftError;
use crate::fault::Fault;
use crate::objection::Objection;

const FILE: &str = include_str!("controllers.toml");

/// A controller's name and postal address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ControllerAddress {
    platforms: Vec<String>,
    #[serde(default)]
    british: bool,
    pub(crate) name: String,
    /// For whose attention a letter is, as its privacy policy has it.
    attention: String,
    /// In lines.
    pub(super) address: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Controllers {
    #[serde(rename = "checked")]
    _checked: String,
    controller: Vec<ControllerAddress>,
}

impl ControllerAddress {
    /// The head of a letter to it.
    pub(super) fn addressee(&self) -> String {
        format!("{}\n{}\n{}", self.name, self.attention, self.address)
    }

    /// Who must answer an objection.
    pub(crate) fn of(o: &Objection) -> Result<Self, DraftError> {
        let known: Controllers = super::built_in(FILE)?;
        let is_it = |controller: &Self| {
            controller.british == o.is_british() && controller.platforms.iter().any(|name| name == o.platform.as_str())
        };
        let none = || DraftError::Refused(Fault::new("no controller is known"));
        known.controller.into_iter().find(is_it).ok_or_else(none)
    }
}
