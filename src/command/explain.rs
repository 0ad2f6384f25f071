//! `tracker explain`: judges a mail and shows why it is judged so, without recording anything.

use std::path::PathBuf;

use serde_json::json;

use super::context::trusted_in_files;
use super::{Context, Failure, Output, complete, read_input};
use crate::intake::Letter;
use crate::net::dns::Dns;
use crate::report;
use crate::trust::{Verdict, Witnesses};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker explain saved.eml --account home
  tracker explain 12
  tracker explain 12 --redact > sample.eml       safe to share")]
pub struct Args {
    /// A mail file, `-` for standard input, or the number of a kept mail
    #[arg(value_name = "FILE|-|MAIL")]
    pub mail: PathBuf,
    /// The account that it was delivered to [default: the only account]
    #[arg(long, value_name = "A", add = complete::accounts())]
    pub account: Option<String>,
    /// Print a sample that is safe to share: names, addresses, numbers and codes replaced
    #[arg(long)]
    pub redact: bool,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let number = args.mail.to_str().and_then(|text| text.parse::<i64>().ok()).filter(|_| !args.mail.exists());
    let kept = match number {
        Some(id) => Some(records.mail(id)?.ok_or_else(|| {
            Failure::refused(format!("no file and no kept mail `{id}`")).remedy("`tracker held` shows those that wait")
        })?),
        None => None,
    };
    let raw = match &kept {
        Some(kept) => kept.raw.clone(),
        None => read_input(&args.mail)?,
    };
    let rules = context.rules()?;
    let arrived_at = kept.as_ref().filter(|kept| kept.kept.place.uid.is_some()).map(|kept| kept.kept.received_at);
    let mut letter = Letter::open(raw, arrived_at, context.now, &rules).map_err(|error| {
        Failure::refused(format!("`{}` is {error}", args.mail.display())).remedy("give a file in RFC 5322 form")
    })?;
    if args.redact {
        let sample = report::redacted(&letter.mail, &rules.controller);
        return Ok(context.output(|| json!({ "sample": sample }), || sample.clone()));
    }
    letter.received_at = kept.as_ref().map_or(letter.received_at, |kept| kept.kept.received_at);
    let verdict = match &kept {
        // A kept mail keeps the verdict that it got when it was fetched.
        Some(kept) if args.account.is_none() => kept.kept.verdict.clone(),
        _ => verdict(context, args, &letter, arrived_at.is_some())?,
    };
    let judgement = letter.judge(verdict, &rules, &records.watched_objections(context.config.check.after_decision)?);
    Ok(context.output(|| report::explanation(&judgement), || report::explanation_text(&letter.mail, &judgement)))
}

/// Judges the sender anew. For a mail that was fetched from an account's server, that server's results count.
fn verdict(context: &Context<'_>, args: &Args, letter: &Letter, is_from_server: bool) -> Result<Verdict, Failure> {
    let account = context.account(args.account.as_deref())?;
    let trusted = match account {
        Some(account) if is_from_server => account.trusted.clone(),
        _ => trusted_in_files(account),
    };
    let keys = Dns::new(&context.config.dkim).ask(letter.key_names());
    Ok(letter.verdict(&Witnesses { trusted: &trusted, keys: keys.as_ref() }))
}
