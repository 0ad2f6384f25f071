//! `tracker code`: the digits to type, and nothing else.

mod clipboard;

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;

use super::{Context, Failure, Output, Status, check, find, now};
use crate::check::{Event, Watch};
use crate::cli::{self, Code};
use crate::objection::ObjectionId;
use crate::report;
use crate::store::UsableCode;

/// How often the time left is shown anew.
const TICK: Duration = Duration::from_secs(1);
/// Only the first mailbox is told of; the others, and local mail, are looked at this often.
const REGULAR: Duration = Duration::from_secs(15);

pub fn run(context: &Context<'_>, args: &Code) -> Result<Output, Failure> {
    if let Some(id) = args.id {
        find(context.store()?.records(), id)?;
    }
    let mut output = Output::default();
    let code = match (usable(context, args)?, args.wait) {
        (Some(code), _) => code,
        (None, None) => return Err(none(context, args)?),
        (None, Some(seconds)) => {
            awaited(context, args, Duration::from_secs(seconds), &mut output)?.ok_or_else(|| late(seconds))?
        }
    };
    let digits = code.digits.expose_secret();
    output.text = context.output(|| report::code(&code), || format!("{digits}\n")).text;
    if args.copy {
        // Who pastes it does not wait for the minute.
        let mut stdout = std::io::stdout();
        let _ = stdout.write_all(std::mem::take(&mut output.text).as_bytes()).and_then(|()| stdout.flush());
        clipboard::lend(digits)?;
    }
    Ok(output)
}

fn usable(context: &Context<'_>, args: &Code) -> Result<Option<UsableCode>, Failure> {
    Ok(context.store()?.records().usable_code(args.id.map(ObjectionId), context.now)?)
}

/// Why there is none.
fn none(context: &Context<'_>, args: &Code) -> Result<Failure, Failure> {
    let objection = args.id.map(|id| find(context.store()?.records(), id)).transpose()?;
    let (which, known) = match &objection {
        Some(o) => (format!(" for objection {}", o.id), o.code),
        None => (String::new(), None),
    };
    let why = match known {
        Some(code) if code.is_used => "it was used".to_owned(),
        Some(code) => format!("it expired at {}", report::when(code.expires_at)),
        None => "none came".to_owned(),
    };
    let message = format!("no usable code{which}: {why}; run tracker check, or ask for a new one in the form");
    Ok(Failure::new(Status::Refused, &message))
}

fn late(seconds: u64) -> Failure {
    let message = format!(
        "no code came within {seconds} s; look at `tracker held` and into the mailboxes that `tracker doctor` does not name, \
         or ask for a new one in the form"
    );
    Failure::new(Status::Refused, &message)
}

/// Watches the inboxes until there is a code. What else comes meanwhile is told beside it.
fn awaited(
    context: &Context<'_>,
    args: &Code,
    patience: Duration,
    output: &mut Output,
) -> Result<Option<UsableCode>, Failure> {
    if context.config.accounts.is_empty() {
        return Err(Failure::new(Status::Usage, "no account is configured; add one with `tracker setup`"));
    }
    let until = Instant::now().checked_add(patience).unwrap_or_else(Instant::now);
    let watch = Watch::start(&context.config.accounts);
    let spinner = std::io::stderr().is_terminal() && !context.global.quiet;
    let mut due = Instant::now();
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if spinner {
            eprint!("\rwaiting for the code, {} s left \u{1b}[K", left.as_secs());
        }
        let event = watch.next(TICK.min(left));
        if spinner {
            eprint!("\r\u{1b}[K");
        }
        match event {
            Some(Event::Mail) => {}
            Some(Event::Trouble(why)) => {
                output.warnings.push(why);
                continue;
            }
            None if left.is_zero() => return Ok(None),
            None if Instant::now() >= due => {}
            None => continue,
        }
        due = Instant::now().checked_add(REGULAR).unwrap_or(due);
        let context = Context { now: now()?, config: context.config.clone(), ..*context };
        let all = cli::Check { accounts: Vec::new(), full: false, dry_run: false };
        match check::once(&context, &all) {
            Ok((seen, _)) => {
                // Standard output is for the digits alone.
                if !context.global.json {
                    output.warnings.extend(seen.text.lines().map(str::to_owned));
                }
                output.warnings.extend(seen.failures.iter().map(ToString::to_string));
            }
            // Another check takes the mail in as well.
            Err(failure) if failure.status == Status::Unavailable => {}
            Err(failure) => return Err(failure),
        }
        if let Some(code) = usable(&context, args)? {
            return Ok(Some(code));
        }
    }
}
