//! `tracker watch`: stays connected and does what `check` does as mail arrives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Context, Failure, Output, now, round};
use crate::check::{Heard, Listeners};
use crate::round::News;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker watch
  systemctl --user enable --now tracker-watch.service")]
pub struct Args {}

/// How soon a signal to stop is noticed.
const TICK: Duration = Duration::from_secs(1);
/// A server tells of its first mailbox only, so all mailboxes, mail on disk and deadlines are looked at this often.
const REGULAR: Duration = Duration::from_mins(15);
/// How soon a look is tried again that another check kept from being made.
const BUSY: Duration = Duration::from_secs(5);

pub fn run(context: &Context<'_>) -> Result<Output, Failure> {
    let accounts = round::watched(context)?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&stop))
            .map_err(|error| Failure::unavailable(format!("can't wait for signals: {error}")))?;
    }
    let watch = Listeners::start(accounts);
    tell_systemd(true);
    let mut due = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        match watch.next(TICK) {
            Some(Heard::Mail) => due = Instant::now(),
            Some(Heard::Trouble(why)) => context.console.warn(why),
            Some(Heard::Misconfigured(fault)) => return Err(Failure::usage(fault)),
            // If `watch` ended, systemd would start it again, and one more refused login may lock the account.
            Some(Heard::End) | None => {}
        }
        if Instant::now() >= due {
            due = later(if look(context, &stop)? { REGULAR } else { BUSY });
        }
    }
    tell_systemd(false);
    Ok(Output::default())
}

/// Looks at all accounts; `false` if another check was running. Sets `stop` when nobody reads the news any more.
fn look(context: &Context<'_>, stop: &AtomicBool) -> Result<bool, Failure> {
    let mut say = |news: &News| {
        // With `--json`, nothing is printed when there is no news.
        let is_read = news.is_empty() || round::print(context, news)?;
        if !is_read {
            stop.store(true, Ordering::Relaxed);
        }
        Ok(is_read)
    };
    let Some(news) = round::check_all(context, now()?, &mut say)? else { return Ok(false) };
    let Output { failures, warnings, .. } = round::rest(news);
    for what in failures.iter().map(ToString::to_string).chain(warnings) {
        context.console.warn(what);
    }
    Ok(true)
}

fn later(pause: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(pause).unwrap_or(now)
}

/// Tells systemd, if that started us, that we are ready or stopping (`sd_notify(3)`).
#[cfg(target_os = "linux")]
fn tell_systemd(is_ready: bool) {
    let state = if is_ready { sd_notify::NotifyState::Ready } else { sd_notify::NotifyState::Stopping };
    let _ = sd_notify::notify(&[state]);
}

#[cfg(not(target_os = "linux"))]
fn tell_systemd(_is_ready: bool) {}
