//! `tracker explain`: `judge` without the write.

use serde_json::json;

use super::{Context, Failure, Output, Status, read_input, trusted_in_files};
use crate::cli::Explain;
use crate::intake::Letter;
use crate::net::dns::Dns;
use crate::report;
use crate::trust::{Verdict, Witnesses};

pub fn run(context: &Context<'_>, args: &Explain) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let number = args.mail.to_str().and_then(|text| text.parse::<i64>().ok()).filter(|_| !args.mail.exists());
    let kept = match number {
        Some(id) => Some(records.mail(id)?.ok_or_else(|| {
            Failure::new(
                Status::Refused,
                &format!("no file and no kept mail `{id}`; `tracker held` shows those that wait"),
            )
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
        Failure::new(Status::Refused, &format!("`{}` is {error}; give a file in RFC 5322 form", args.mail.display()))
    })?;
    if args.redact {
        let sample = report::redacted(&letter.mail, &rules.controller);
        return Ok(context.output(|| json!({ "sample": sample }), || sample.clone()));
    }
    letter.received_at = kept.as_ref().map_or(letter.received_at, |kept| kept.kept.received_at);
    let verdict = match &kept {
        // What was seen when it was fetched stays true.
        Some(kept) if args.account.is_none() => kept.kept.verdict.clone(),
        _ => verdict(context, args, &letter, arrived_at.is_some())?,
    };
    let judgement = letter.judge(verdict, &rules, &records.objections()?);
    Ok(context.output(|| report::explanation(&judgement), || report::explanation_text(&letter.mail, &judgement)))
}

/// The verdict of today. A mail that an account's server gave is held against what is known of that server.
fn verdict(context: &Context<'_>, args: &Explain, letter: &Letter, is_from_server: bool) -> Result<Verdict, Failure> {
    let account = context.account(args.account.as_deref())?;
    let trusted = match account {
        Some(account) if is_from_server => account.trusted.clone(),
        _ => trusted_in_files(account),
    };
    let keys = Dns::new(&context.config.dkim).ask(letter.key_names());
    Ok(letter.verdict(&Witnesses { trusted: &trusted, keys: keys.as_ref() }))
}
