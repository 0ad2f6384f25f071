//! What a shell can complete: the numbers and names that this user has. They are looked up only when a shell asks.

use std::path::PathBuf;

use clap_complete::CompletionCandidate;
use clap_complete::engine::ArgValueCandidates;
use strum::VariantArray;

use crate::config::{self, Config};
use crate::objection::Objection;
use crate::report::line;
use crate::store::{Kept, Store};

/// The words of an enum.
pub fn words<T: VariantArray + Copy + Into<&'static str>>() -> ArgValueCandidates {
    ArgValueCandidates::new(|| T::VARIANTS.iter().map(|word| CompletionCandidate::new((*word).into())).collect())
}

/// The ISO 3166 codes of countries.
pub fn countries() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        config::countries().map(|(code, name)| CompletionCandidate::new(code).help(Some(name.into()))).collect()
    })
}

/// Objections, by number.
pub fn objections() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let known = store().and_then(|store| store.records().objections().ok()).unwrap_or_default();
        let candidate = |o: &Objection| {
            let help = line(&format!("{}, {}, {}", o.platform, o.email, o.state));
            CompletionCandidate::new(o.id.to_string()).help(Some(help.into()))
        };
        known.iter().map(candidate).collect()
    })
}

/// Mails that are held, by number.
pub fn held_mails() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let held = store().and_then(|store| store.records().held().ok()).unwrap_or_default();
        let candidate = |mail: &Kept| CompletionCandidate::new(mail.id.to_string()).help(Some(line(&mail.from).into()));
        held.iter().map(candidate).collect()
    })
}

/// Accounts, by name.
pub fn accounts() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let known = configuration().map(|config| config.accounts).unwrap_or_default();
        known.iter().map(|a| CompletionCandidate::new(a.name.clone()).help(Some(a.email.clone().into()))).collect()
    })
}

fn configuration() -> Option<Config> {
    Config::load(std::env::var_os("TRACKER_CONFIG").map(PathBuf::from).as_deref()).ok()
}

/// The database, if it exists. Completing must not create one.
fn store() -> Option<Store> {
    let named = std::env::var_os("TRACKER_DATABASE").map(PathBuf::from);
    let path = named.or_else(|| configuration()?.database).or_else(config::default_database)?;
    if path.exists() { Store::open(&path).ok() } else { None }
}
