//! An objection as the user writes it, on the command line or in a line of a table.

use crate::command::{Context, Failure, parse_when, typed};
use crate::config::parse_country;
use crate::fault::Fault;
use crate::objection::Platform;
use crate::store::NewObjection;

/// What was written for each field, not looked at yet.
pub struct Row {
    pub platform: String,
    pub email: String,
    pub country: Option<String>,
    pub submitted: Option<String>,
    pub label: Option<String>,
    pub reason: Option<String>,
    pub form_url: Option<String>,
}

impl Row {
    /// The objection that it says, or what is wrong with it.
    pub fn check(self, context: &Context<'_>) -> Result<NewObjection, Failure> {
        let given = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let platform: Platform = self.platform.trim().parse().map_err(|fault: Fault| Failure::usage(fault))?;
        let email = typed::address(&self.email)?;
        let country = match given(self.country) {
            Some(code) => Some(parse_country(&code)?),
            None => context.config.country.clone(),
        };
        let submitted_at = match self.submitted {
            Some(text) => parse_when("submitted", &text, country.as_deref(), context.now)?,
            None => context.now,
        };
        let reason = given(self.reason).map(typed::reason).transpose()?;
        Ok(NewObjection {
            platform,
            email: email.to_string(),
            country,
            label: given(self.label),
            reason,
            form_url: given(self.form_url),
            submitted_at,
        })
    }
}
