//! `tracker code`: the digits to type, and nothing else.

mod clipboard;

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;

use super::{Context, Failure, Output, Status, check, find};
use crate::check::{Event, Watch};
use crate::cli::Code;
use crate::objection::ObjectionId;
use crate::report;
use crate::signal::Signal;
use crate::store::{Kept, UsableCode};

/// A held code that is older than this is not the one that is asked for.
const LATELY: SignedDuration = SignedDuration::from_mins(10);
/// How often the time left is shown anew.
const TICK: Duration = Duration::from_secs(1);
/// Only the first mailbox is told of; the others, and local mail, are looked at this often.
const REGULAR: Duration = Duration::from_secs(15);

pub fn run(context: &Context<'_>, args: &Code) -> Result<Output, Failure> {
    if let Some(id) = args.id {
        find(context.store()?.records(), id).map_err(|failure| match args.wait {
            // So long if no seconds are given.
            Some(300) => {
                Failure::new(failure.status, &format!("{}; for {id} seconds write --wait={id}", failure.message))
            }
            _ => failure,
        })?;
    }
    let mut output = Output::default();
    let code = match (usable(context, args)?, args.wait) {
        (Some(code), _) => code,
        (None, None) => return Err(none(context, args)?),
        (None, Some(seconds)) => match awaited(context, args, Duration::from_secs(seconds), &mut output)? {
            Some(code) => code,
            None => return Ok(output),
        },
    };
    // With the code there, what else went wrong is no failure of this command.
    output.warnings.extend(output.failures.drain(..).map(|failure| failure.to_string()));
    let digits = code.digits.expose_secret();
    if context.is_terminal {
        output.warnings.push(format!(
            "it came on {} for objection {}; once it is entered: tracker mark {} verified",
            report::when(code.received_at),
            code.objection,
            code.objection
        ));
    }
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
        None if !held(context, context.now)?.is_empty() => "one came and is held: tracker held".to_owned(),
        None => "none came".to_owned(),
    };
    let message = format!("no usable code{which}: {why}; run tracker check, or ask for a new one in the form");
    Ok(Failure::new(Status::Refused, &message))
}

/// The codes that came of late and are held for the person.
fn held(context: &Context<'_>, now: Timestamp) -> Result<Vec<Kept>, Failure> {
    let mut held = context.store()?.records().held()?;
    held.retain(|mail| mail.signal == Signal::VerificationCode && now.duration_since(mail.received_at) < LATELY);
    Ok(held)
}

/// Says so of one of them.
fn is_held(mail: &Kept) -> Failure {
    let why = mail.held_reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    let message = format!(
        "a code came and is held{why}, for it is not certain that it is Meta's and yours; look at it: tracker held show {}",
        mail.id
    );
    Failure::new(Status::Refused, &message)
}

/// Notes what went wrong, once.
fn note(output: &mut Output, failure: Failure) {
    if output.failures.iter().all(|known| known.message != failure.message) {
        output.failures.push(failure);
    }
}

fn late(seconds: u64) -> Failure {
    let message = format!(
        "no code came within {seconds} s; look at `tracker held`, and for a mail in other folders than those that `tracker doctor` \
         names, or ask for a new one in the form"
    );
    Failure::new(Status::Refused, &message)
}

/// Watches the inboxes until there is a code, or it is known why there will be none. What else comes meanwhile is told
/// beside it.
fn awaited(
    context: &Context<'_>,
    args: &Code,
    patience: Duration,
    output: &mut Output,
) -> Result<Option<UsableCode>, Failure> {
    let accounts = check::watched(context)?;
    let until = Instant::now().checked_add(patience).unwrap_or_else(Instant::now);
    let watch = Watch::start(accounts);
    let spinner = std::io::stderr().is_terminal() && !context.global.quiet;
    let mut due = Instant::now();
    // One that is held already is not the one that is waited for.
    let known = held(context, context.now)?;
    for mail in &known {
        eprintln!("tracker: {}", is_held(mail));
    }
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
                note(output, Failure::new(Status::Unavailable, &why));
                continue;
            }
            Some(Event::Misconfigured(why)) => {
                note(output, Failure::new(Status::Usage, &why));
                continue;
            }
            // Who never comes in can't be waited at.
            Some(Event::End) => return Ok(None),
            None if left.is_zero() => {
                note(output, late(patience.as_secs()));
                return Ok(None);
            }
            None if Instant::now() >= due => {}
            None => continue,
        }
        due = Instant::now().checked_add(REGULAR).unwrap_or(due);
        // Standard output is for the digits alone.
        let mut say = |_: &mut Output, news: &str| {
            news.lines().for_each(|line| eprintln!("tracker: {line}"));
            Ok(())
        };
        let (context, seen) = check::again(context, &mut say)?;
        if let Some(seen) = seen {
            seen.failures.into_iter().for_each(|failure| note(output, failure));
        }
        if let Some(code) = usable(&context, args)? {
            return Ok(Some(code));
        }
        if let Some(new) = held(&context, context.now)?.iter().find(|mail| known.iter().all(|old| old.id != mail.id)) {
            note(output, is_held(new));
            return Ok(None);
        }
    }
}
