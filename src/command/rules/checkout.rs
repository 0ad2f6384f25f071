//! A checkout of the program's source, in which its rules and its sample mails are files.

use std::fs;
use std::path::{Path, PathBuf};

/// A checkout of the program's source.
pub struct Checkout {
    /// Its root.
    root: PathBuf,
}

/// Where the rules are, below the root.
const RULES: &str = "src/signal";

impl Checkout {
    /// The checkout that the working directory is in.
    pub fn find() -> Option<Self> {
        let here = std::env::current_dir().ok()?;
        let is_root = |path: &&Path| path.join(RULES).join("rules").is_dir() && path.join("tests/corpus").is_dir();
        here.ancestors().find(is_root).map(|root| Self { root: root.to_owned() })
    }

    /// A file's name in the program, as `rules/da.toml`, if it is one of the checkout's with rules or closed classes.
    pub fn name_of(&self, path: &Path) -> Option<String> {
        let rules = self.root.join(RULES).canonicalize().ok()?;
        let name = path.canonicalize().ok()?.strip_prefix(rules).ok()?.to_str()?.to_owned();
        let is_shared = name.ends_with("controller.toml") || name.ends_with("common.toml");
        ((name.starts_with("rules/") || name.starts_with("words/")) && !is_shared).then_some(name)
    }

    /// All its files with rules and closed classes, in the order of their names.
    pub fn files(&self) -> Vec<PathBuf> {
        let folders = ["rules", "words"].map(|folder| self.root.join(RULES).join(folder));
        let files = folders.iter().flat_map(|folder| below(folder, "toml"));
        files.filter(|path| self.name_of(path).is_some()).map(|path| self.shown(&path)).collect()
    }

    /// The sample mails of a language, in the order of their names.
    pub fn samples(&self, language: &str) -> Vec<PathBuf> {
        below(&self.root.join("tests/corpus").join(language), "eml").iter().map(|path| self.shown(path)).collect()
    }

    /// A path as it is typed in the root, if that is where the user is.
    fn shown(&self, path: &Path) -> PathBuf {
        let is_here = std::env::current_dir().is_ok_and(|here| here == self.root);
        path.strip_prefix(&self.root).ok().filter(|_| is_here).unwrap_or(path).to_owned()
    }
}

fn below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort_unstable();
    paths
}
