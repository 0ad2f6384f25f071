//! `tracker explain`: judges a mail and shows why it is judged so, without recording anything.

use std::path::PathBuf;

use serde_json::json;

use super::context::trusted_in_files;
use super::{Context, Failure, Output, complete, read_input};
use crate::intake::{claim, names_of_keys};
use crate::judge::judge;
use crate::mail::Mail;
use crate::net::dns::Dns;
use crate::report;
use crate::signal::Rules;
use crate::store::Kept;
use crate::trust::{self, Verdict, Witnesses};

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
    let mail = Mail::parse(&raw).map_err(|error| {
        Failure::refused(format!("`{}` is {error}", args.mail.display())).remedy("give a file in RFC 5322 form")
    })?;
    if args.redact {
        let sample = report::redacted(&mail, &context.rules()?.controller);
        return Ok(context.output(|| json!({ "sample": sample }), || sample.clone()));
    }
    let received_at = kept.as_ref().map(|k| k.kept.received_at).or_else(|| mail.arrived_at()).unwrap_or(context.now);
    let rules = context.rules()?;
    let verdict = match &kept {
        // A kept mail keeps the verdict that it got when it was fetched.
        Some(kept) if args.account.is_none() => kept.kept.verdict.clone(),
        _ => verdict(context, args, &mail, &raw, kept.as_ref().map(|k| &k.kept), &rules)?,
    };
    let judgement = judge(&mail, received_at, verdict, &rules, &records.objections()?);
    Ok(context.output(|| report::explanation(&judgement), || report::explanation_text(&mail, &judgement)))
}

/// Judges the sender anew. For a mail that was fetched from an account's server, that server's results count.
fn verdict(
    context: &Context<'_>,
    args: &Args,
    mail: &Mail,
    raw: &[u8],
    kept: Option<&Kept>,
    rules: &Rules,
) -> Result<Verdict, Failure> {
    let account = context.account(args.account.as_deref())?;
    let arrived_at = kept.filter(|kept| kept.place.uid.is_some()).map(|kept| kept.received_at);
    let trusted = match (arrived_at, account) {
        (Some(_), Some(account)) => account.trusted.clone(),
        _ => trusted_in_files(account),
    };
    let mut dns = Dns::new(&context.config.dkim);
    dns.ask(names_of_keys(raw, arrived_at, context.now, rules));
    let witnesses = Witnesses { trusted: &trusted, keys: dns.keys() };
    Ok(trust::verdict(&claim(mail, raw, arrived_at, context.now, rules), &witnesses))
}
