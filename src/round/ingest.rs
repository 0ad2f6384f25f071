//! Mail from files, folders and standard input. Others may do the same at the same time: each tells of its own.

use std::path::{Path, PathBuf};

use super::{News, Round};
use crate::check::{Gathered, Origin, Trouble};
use crate::fault::Fault;
use crate::source::disk::DiskError;
use crate::store::StoreError;
use crate::system::progress;

/// So many files that are no mail are named.
const MAX_NAMES: usize = 3;

impl Round<'_> {
    /// Takes in the mail of files and folders, and of standard input for `-`.
    pub fn ingest(&mut self, origin: &Origin<'_>, paths: &[PathBuf]) -> Result<News, StoreError> {
        let mut news = News::new(self.terms.now);
        news.mails = self.reconsider()?;
        let check = self.terms.check();
        for path in paths {
            news.add(path, check.disk(&mut self.store, origin, path)?);
        }
        news.objections = self.store.records().objections()?;
        Ok(news)
    }
}

impl News {
    fn add(&mut self, path: &Path, gathered: Gathered) {
        self.mails.extend(gathered.mails);
        if gathered.skipped > 0 {
            let size = progress::size(gathered.skipped);
            let what = format!("`{}`: {size} of it were read before", path.display());
            self.warnings.push(Fault::new(what).remedy("--full reads them again"));
        }
        if let Some(what) = passed_over(&gathered.passed_over) {
            self.warnings.push(Fault::new(what));
        }
        self.troubles.extend(gathered.errors.iter().map(|error| {
            let fault = Fault::from(error);
            if matches!(error, DiskError::NoMail(_)) { Trouble::NoMail(fault) } else { Trouble::Mistake(fault) }
        }));
        self.troubles.extend(gathered.waiting.into_iter().map(Trouble::Outage));
    }
}

/// Says which files are no mail, some of them by name.
fn passed_over(paths: &[PathBuf]) -> Option<String> {
    let names: Vec<String> = paths.iter().take(MAX_NAMES).map(|path| format!("`{}`", path.display())).collect();
    let more = paths.len().checked_sub(names.len()).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    let are = if paths.len() == 1 { "file is" } else { "files are" };
    (!paths.is_empty()).then(|| format!("{} {are} no mail: {}{more}", paths.len(), names.join(", ")))
}
