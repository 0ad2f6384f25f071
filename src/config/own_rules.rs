//! The files of the user's own rules, as names and texts; `signal` parses them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Config;
use super::place::default_rules_dir;
use crate::fault::Fault;

/// The size of the largest rule file that is read, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

impl Config {
    /// Where the user's own rules are.
    pub(crate) fn own_rules_dir(&self) -> Option<PathBuf> {
        self.rules_dir.clone().or_else(|| default_rules_dir(self.path.as_deref()))
    }

    /// The user's own rule files, name and text, in the order of their names. A directory that the configuration names
    /// must be there.
    pub(crate) fn own_rules(&self) -> Result<Vec<(String, String)>, Fault> {
        if let Some(named) = self.rules_dir.as_ref().filter(|named| !named.is_dir()) {
            return Err(Fault::new(format!("`rules_dir`: there is no directory `{}`", named.display()))
                .remedy("make it, or remove the line"));
        }
        self.own_rules_dir().map_or_else(|| Ok(Vec::new()), |directory| files(&directory))
    }
}

fn files(directory: &Path) -> Result<Vec<(String, String)>, Fault> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fault(directory, &error.to_string())),
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort_unstable();
    paths.into_iter().map(|path| Ok((path.display().to_string(), text(&path)?))).collect()
}

fn text(path: &Path) -> Result<String, Fault> {
    if fs::metadata(path).is_ok_and(|meta| meta.len() > MAX_FILE) {
        return Err(fault(path, &format!("it is larger than {MAX_FILE} bytes")));
    }
    fs::read_to_string(path).map_err(|error| fault(path, &error.to_string()))
}

fn fault(path: &Path, what: &str) -> Fault {
    Fault::new(format!("rules `{}`: {what}", path.display()))
        .remedy("mend the line, or move the file out of the rules directory")
}
