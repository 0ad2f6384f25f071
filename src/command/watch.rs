//! `tracker watch`: stays connected and does what `check` does as mail arrives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Context, Failure, Output, Status, check};
use crate::check::{Event, Watch};

/// How often it is looked whether to stop.
const TICK: Duration = Duration::from_secs(1);
/// Other mailboxes than the first, local mail, and what falls due are looked at this often.
const REGULAR: Duration = Duration::from_mins(15);
/// After another check was found running.
const BUSY: Duration = Duration::from_secs(5);

pub fn run(context: &Context<'_>) -> Result<Output, Failure> {
    let accounts = check::watched(context)?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&stop))
            .map_err(|error| Failure::new(Status::Unavailable, &format!("can't wait for signals: {error}")))?;
    }
    let watch = Watch::start(accounts);
    tell_systemd(true);
    let mut due = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        match watch.next(TICK) {
            Some(Event::Mail) => due = Instant::now(),
            Some(Event::Trouble(why)) => warn(context, &why),
            Some(Event::Misconfigured(why)) => return Err(Failure::new(Status::Usage, &why)),
            // Another start would be another try, which the server may not forgive.
            Some(Event::End) | None => {}
        }
        if Instant::now() >= due {
            due = later(if look(context)? { REGULAR } else { BUSY });
        }
    }
    tell_systemd(false);
    Ok(Output::default())
}

/// One check; whether it could be made.
fn look(context: &Context<'_>) -> Result<bool, Failure> {
    // A document without news is none.
    let mut say = |output: &mut Output, news: &str| if news.is_empty() { Ok(()) } else { output.print() };
    let (context, Some(output)) = check::again(context, &mut say)? else { return Ok(false) };
    output.failures.iter().for_each(|failure| warn(&context, &failure.to_string()));
    output.warnings.iter().for_each(|warning| warn(&context, warning));
    Ok(true)
}

fn warn(context: &Context<'_>, what: &str) {
    if !context.global.quiet {
        eprintln!("tracker: {}", crate::report::line(what));
    }
}

fn later(pause: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(pause).unwrap_or(now)
}

/// Where systemd started it, it is told (`sd_notify(3)`).
#[cfg(target_os = "linux")]
fn tell_systemd(is_ready: bool) {
    let state = if is_ready { sd_notify::NotifyState::Ready } else { sd_notify::NotifyState::Stopping };
    let _ = sd_notify::notify(&[state]);
}

#[cfg(not(target_os = "linux"))]
fn tell_systemd(_is_ready: bool) {}
