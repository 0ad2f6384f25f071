//! `tracker mark`: records what mail can't show.

use super::{Context, Failure, Output, Status, find, parse_when};
use crate::cli::Mark;
use crate::objection::{Cause, Kind, Step};
use crate::report;

/// What a user can record.
const MARKS: [Kind; 7] = [
    Kind::Verified,
    Kind::Accepted,
    Kind::Refused,
    Kind::Withdrawn,
    Kind::NeedsInfo,
    Kind::Acknowledged,
    Kind::Extended,
];

pub fn run(context: &Context<'_>, args: &Mark) -> Result<Output, Failure> {
    let Some(kind) = MARKS.into_iter().find(|kind| kind.as_str() == args.state.replace('-', "_")) else {
        let words: Vec<&str> = MARKS.iter().map(|kind| kind.as_str()).collect();
        let message = format!("`{}` can't be marked; use {}", args.state, words.join(", "));
        return Err(Failure::new(Status::Usage, &message));
    };
    let at = args.on.as_ref().map(|text| parse_when("--on", text, context.now)).transpose()?.unwrap_or(context.now);
    let mut store = context.store()?;
    let marked = store.transaction(|records| {
        let objection = find(records, args.id)?;
        let step = objection.step(kind, Cause::User, at, context.now).map_err(|_| {
            let message = format!(
                "objection {} is `{}`, which is final; `tracker undo {}` takes back a mark",
                objection.id, objection.state, objection.id
            );
            Failure::new(Status::Refused, &message)
        })?;
        if objection.state.is_terminal() && step.state == objection.state
            || kind == Kind::Extended && objection.is_extended
        {
            let message = format!("objection {} is `{kind}` already; nothing to do", objection.id);
            return Err(Failure::new(Status::Refused, &message));
        }
        if at < objection.submitted_at {
            let message = format!(
                "`--on` is before the submission at {}; give a later time",
                report::when(objection.submitted_at)
            );
            return Err(Failure::new(Status::Refused, &message));
        }
        records.append(&Step { note: args.note.clone(), ..step })?;
        find(records, args.id)
    })?;
    let standing = marked.at(context.now);
    Ok(context.output(
        || report::objection(&standing),
        || format!("objection {}: {}; next: {}\n", marked.id, marked.state, report::next(&standing)),
    ))
}
