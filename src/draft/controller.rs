//! Who must answer (the controller, GDPR Art. 4(7)): data with the date on which it was checked.

use serde::Deserialize;

use super::DraftError;
use crate::objection::Objection;

const FILE: &str = include_str!("controllers.toml");

/// Who must answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    platforms: Vec<String>,
    #[serde(default)]
    british: bool,
    /// Its name.
    pub name: String,
    /// Its postal address, in lines.
    pub address: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "checked")]
    _checked: String,
    controller: Vec<Controller>,
}

impl Controller {
    /// Who must answer an objection.
    ///
    /// # Errors
    /// `BuiltIn`, never in practice.
    pub fn of(o: &Objection) -> Result<Self, DraftError> {
        let file: File = toml::from_str(FILE)?;
        let is_it = |c: &Self| {
            c.british == o.is_british() && c.platforms.iter().any(|platform| platform == o.platform.as_str())
        };
        file.controller.into_iter().find(is_it).ok_or_else(|| DraftError::Refused("no controller is known".to_owned()))
    }
}
