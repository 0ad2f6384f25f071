//! `tracker code`: the digits to type, and nothing else.

mod clipboard;
mod wait;

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;

use super::{Context, Failure, Output, complete, find, number};
use crate::judge::Reason;
use crate::mail::Mail;
use crate::objection::ObjectionId;
use crate::report;
use crate::signal::Signal;
use crate::store::{Kept, UsableCode};
use wait::{Waited, wait};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker code              the newest usable code
  tracker code --wait       right after you sent the form: as soon as the code is there
  tracker code 3 --copy     to the clipboard, for a minute")]
pub struct Args {
    /// The objection's number [default: the newest code of all]
    #[arg(value_parser = number, add = complete::objections())]
    pub id: Option<i64>,
    /// Watch the inbox until a code is there, no longer than this [default: 300]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300",
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub wait: Option<u64>,
    /// Put it on the clipboard too, and take it away after a minute
    #[arg(long)]
    pub copy: bool,
}

/// A held code that is older than this is not the one that is asked for.
const LATELY: SignedDuration = SignedDuration::from_mins(10);
/// How long `--wait` waits if no seconds are given.
const DEFAULT_WAIT: u64 = 300;

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    if let Some(id) = args.id {
        find(context.store()?.records(), id).map_err(|failure| match args.wait {
            // `--wait 60` is read as `--wait` for objection 60.
            Some(DEFAULT_WAIT) => failure.remedy(format!("for {id} seconds write --wait={id}")),
            _ => failure,
        })?;
    }
    let id = args.id.map(ObjectionId);
    match (usable(context, id, context.now)?, args.wait) {
        (Some(code), _) => give(context, args, &code, &[]),
        (None, None) => Err(none(context, args)?),
        (None, Some(seconds)) => match wait(context, id, seconds)? {
            Waited { code: Some(code), failures } => give(context, args, &code, &failures),
            Waited { code: None, failures } => Ok(Output { failures, ..Output::default() }),
        },
    }
}

/// With the code there, what else went wrong is no failure of this command.
fn give(context: &Context<'_>, args: &Args, code: &UsableCode, failures: &[Failure]) -> Result<Output, Failure> {
    let digits = code.digits.expose_secret();
    let mut output = context.output(|| report::code(code), || format!("{digits}\n"));
    output.warnings = failures.iter().map(ToString::to_string).collect();
    if context.console.is_terminal {
        output.warnings.push(format!(
            "it came on {} for objection {}; once it is entered: tracker mark {} verified",
            report::when(code.received_at),
            code.objection,
            code.objection
        ));
    }
    if args.copy {
        // The clipboard is kept for a minute, and the digits are printed before that.
        output.print(context.console)?;
        clipboard::lend(digits, context.console)?;
    }
    Ok(output)
}

fn usable(context: &Context<'_>, id: Option<ObjectionId>, now: Timestamp) -> Result<Option<UsableCode>, Failure> {
    Ok(context.store()?.records().usable_code(id, now)?)
}

/// Why there is none.
fn none(context: &Context<'_>, args: &Args) -> Result<Failure, Failure> {
    let objection = args.id.map(|id| find(context.store()?.records(), id)).transpose()?;
    let (which, known) = match &objection {
        Some(o) => (format!(" for objection {}", o.id), o.code),
        None => (String::new(), None),
    };
    let why = match known {
        Some(code) if code.is_used => "it was used".to_owned(),
        Some(code) => format!("it expired at {}", report::when(code.expires_at)),
        None => match held(context, context.now)?.first() {
            Some(HeldCode { is_encrypted: true, mail }) => {
                format!("one may have come encrypted, so open it in your mail program: tracker held show {}", mail.id)
            }
            Some(_) => "one came and is held: tracker held".to_owned(),
            None => "none came".to_owned(),
        },
    };
    Ok(Failure::refused(format!("no usable code{which}: {why}"))
        .remedy("run tracker check, or ask for a new one in the form"))
}

/// A mail that came of late and may hold a code, but is held for the person.
struct HeldCode {
    mail: Kept,
    /// Whether only its reader can tell.
    is_encrypted: bool,
}

fn held(context: &Context<'_>, now: Timestamp) -> Result<Vec<HeldCode>, Failure> {
    let store = context.store()?;
    let mut held = store.records().held()?;
    held.retain(|mail| now.duration_since(mail.received_at) < LATELY);
    let mut codes = Vec::new();
    for mail in held {
        let may_be_encrypted = mail.signal == Signal::None
            && matches!(mail.held_reason, Some(Reason::Unreadable | Reason::SenderUnverified));
        let raw = if may_be_encrypted { store.records().mail(mail.id)? } else { None };
        let is_encrypted = raw.is_some_and(|kept| Mail::parse(&kept.raw).is_ok_and(|mail| mail.is_encrypted));
        if is_encrypted || mail.signal == Signal::VerificationCode {
            codes.push(HeldCode { mail, is_encrypted });
        }
    }
    Ok(codes)
}
