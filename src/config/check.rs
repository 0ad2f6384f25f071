//! `[check]`: how accounts are looked at.

use jiff::SignedDuration;
use serde::Deserialize;
use toml::Spanned;

use crate::fault::Fault;

/// The longest time that can be set: a year.
const MAX: SignedDuration = SignedDuration::from_hours(366 * 24);

/// How accounts are looked at.
#[derive(Debug, Clone, Copy)]
pub struct CheckSettings {
    /// For so long after a decision mail about it is looked for: it may be taken back.
    pub after_decision: SignedDuration,
}

/// The table, as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    after_decision: Option<String>,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self { after_decision: SignedDuration::from_hours(30 * 24) }
    }
}

/// Checks the table, if there is one. A fault comes with the table's place in the file.
pub(super) fn read(raw: Option<Spanned<RawCheck>>) -> Result<CheckSettings, (usize, Fault)> {
    let Some(raw) = raw else { return Ok(CheckSettings::default()) };
    let offset = raw.span().start;
    let Some(text) = raw.into_inner().after_decision else { return Ok(CheckSettings::default()) };
    let after_decision = duration(&text).ok_or_else(|| {
        let fault = Fault::new(format!("[check]: `after_decision = \"{text}\"` is not a time of at most a year"));
        (offset, fault.remedy("write it in days, such as \"30d\", or as \"0d\" to stop with the decision"))
    })?;
    Ok(CheckSettings { after_decision })
}

/// Days (`30d`), or what jiff reads as a time without calendar units (`12h`).
fn duration(text: &str) -> Option<SignedDuration> {
    let days = text.trim().strip_suffix('d').and_then(|days| days.trim().parse::<i64>().ok());
    let parsed = match days {
        Some(days) => days.checked_mul(24).map(SignedDuration::from_hours),
        None => text.parse().ok(),
    };
    parsed.filter(|time| (SignedDuration::ZERO..=MAX).contains(time))
}
