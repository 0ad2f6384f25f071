//! `tracker explain`: `judge` without the write.

use serde_json::json;

use super::{Context, Failure, Output, Status, read_input, trusted};
use crate::cli::Explain;
use crate::judge::judge;
use crate::mail::Mail;
use crate::report;
use crate::trust;

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
    let mail = Mail::parse(&raw).map_err(|error| {
        Failure::new(Status::Refused, &format!("`{}` is {error}; give a file in RFC 5322 form", args.mail.display()))
    })?;
    if args.redact {
        let sample = report::redacted(&mail, &context.rules()?.controller);
        return Ok(context.output(|| json!({ "sample": sample }), || sample.clone()));
    }
    let received_at = kept.as_ref().map(|k| k.kept.received_at).or_else(|| mail.arrived_at()).unwrap_or(context.now);
    let verdict = match &kept {
        // What was seen when it was fetched stays true.
        Some(kept) if args.account.is_none() => kept.kept.verdict.clone(),
        _ => trust::verdict(&mail, &trusted(context.account(args.account.as_deref())?)),
    };
    let judgement = judge(&mail, received_at, verdict, &context.rules()?, &records.objections()?);
    Ok(context.output(|| report::explanation(&judgement), || report::explanation_text(&mail, &judgement)))
}
