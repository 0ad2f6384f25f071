//! How far long work has come, on a terminal only.

use std::borrow::Cow;

use indicatif::{ProgressBar, ProgressStyle};

/// Less work than this is done before anybody wonders.
const LONG: usize = 500;

/// Whether progress is shown.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    is_wanted: bool,
}

/// One piece of work. Its line vanishes with it.
pub struct Bar(Option<ProgressBar>);

impl Progress {
    /// Where standard error is no terminal nothing is shown either way.
    #[must_use]
    pub fn new(is_wanted: bool) -> Self {
        Self { is_wanted }
    }

    /// Begins to count so many steps.
    pub fn start(self, what: impl Into<Cow<'static, str>>, steps: usize) -> Bar {
        if !self.is_wanted || steps < LONG {
            return Bar(None);
        }
        let bar = ProgressBar::new(u64::try_from(steps).unwrap_or(u64::MAX));
        // A test makes one, so that a mistake in it can't be released.
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}, {per_sec}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        Bar(Some(bar))
    }
}

impl Bar {
    /// So many steps more.
    pub fn add(&self, steps: usize) {
        if let Some(bar) = &self.0 {
            bar.inc(u64::try_from(steps).unwrap_or(u64::MAX));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_work_is_not_shown() {
        let shown = |is_wanted, steps| Progress::new(is_wanted).start("x", steps).0.is_some();
        assert!(shown(true, LONG));
        assert!(!shown(true, LONG - 1) && !shown(false, LONG));
        assert!(ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}, {per_sec}, {eta} left").is_ok());
    }
}
