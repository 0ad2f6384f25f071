//! Where files are: the default places, and paths that the configuration names.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The platform's place for the configuration.
pub(crate) fn default_path() -> Option<PathBuf> {
    directories().map(|d| d.config_dir().join("tracker/config.toml"))
}

/// The platform's place for the database.
pub(crate) fn default_database() -> Option<PathBuf> {
    directories().map(|d| d.data_dir().join("tracker/tracker.db"))
}

/// Where the user's own rules are by default: in `rules` beside the configuration.
pub(super) fn default_rules_dir(config: Option<&Path>) -> Option<PathBuf> {
    let beside = config.and_then(Path::parent).map(Path::to_owned);
    beside.or_else(|| directories().map(|d| d.config_dir().join("tracker"))).map(|directory| directory.join("rules"))
}

/// A path that the configuration names: `~/` is the user's home, a relative path starts at the configuration's
/// directory.
pub(super) fn resolve(base: &Path, path: &str) -> PathBuf {
    match path.strip_prefix("~/").zip(etcetera::home_dir().ok()) {
        Some((rest, home)) => home.join(rest),
        None => base.join(path),
    }
}

fn directories() -> Option<impl BaseStrategy> {
    etcetera::choose_base_strategy().ok()
}
