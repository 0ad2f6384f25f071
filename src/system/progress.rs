//! Shows how far long work has come, on a terminal only.

use std::borrow::Cow;

use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};

/// Work of fewer steps than this is too short to be shown.
const LONG: u64 = 500;
/// Work on fewer bytes from a disk than this is too short to be shown.
const LARGE: u64 = 128 * 1024 * 1024;
const STEPS: &str = "{msg} {wide_bar} {pos}/{len}, {per_sec}, {eta} left";
const BYTES: &str = "{msg} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";

/// Whether progress is shown.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    is_wanted: bool,
}

/// The line of one piece of work. It vanishes on drop.
pub struct Bar(Option<ProgressBar>);

impl Progress {
    /// `indicatif` shows nothing where standard error is no terminal, whatever is wanted.
    pub fn new(is_wanted: bool) -> Self {
        Self { is_wanted }
    }

    /// Begins work of so many steps.
    pub fn start(self, what: impl Into<Cow<'static, str>>, steps: usize) -> Bar {
        let steps = count(steps);
        if self.is_wanted && steps >= LONG { Bar::new(STEPS, what, steps) } else { Bar(None) }
    }

    /// Begins work on so many bytes from a disk. The size is asked for only if it may be shown.
    pub fn bytes(self, what: impl Into<Cow<'static, str>>, size: impl FnOnce() -> u64) -> Bar {
        let size = if self.is_wanted { size() } else { 0 };
        if size >= LARGE { Bar::new(BYTES, what, size) } else { Bar(None) }
    }
}

/// A size for people to read.
pub fn size(bytes: u64) -> String {
    DecimalBytes(bytes).to_string()
}

fn count(steps: usize) -> u64 {
    u64::try_from(steps).unwrap_or(u64::MAX)
}

impl Bar {
    fn new(template: &str, what: impl Into<Cow<'static, str>>, length: u64) -> Self {
        let bar = ProgressBar::new(length);
        // A mistake in a template would show the default bar; a test makes sure that there is none.
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        Self(Some(bar))
    }

    /// Counts so many steps as done.
    pub fn add(&self, steps: usize) {
        self.add_bytes(count(steps));
    }

    /// Counts so many bytes as done.
    pub fn add_bytes(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
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
        assert!(shown(true, 500));
        assert!(!shown(true, 499) && !shown(false, 500));
        let shown = |is_wanted, size| Progress::new(is_wanted).bytes("x", || size).0.is_some();
        assert!(shown(true, LARGE) && !shown(true, LARGE - 1) && !shown(false, LARGE));
        assert!([STEPS, BYTES].iter().all(|template| ProgressStyle::with_template(template).is_ok()));
    }
}
