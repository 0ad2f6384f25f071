//! `tracker mark`: records what mail can't show.

use super::{Context, Failure, Output, find, parse_when};
use crate::cli::Mark;
use crate::objection::{Cause, Kind};
use crate::report;
use crate::store::NewEvent;

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
        return Err(
            Failure::usage(format!("`{}` can't be marked", args.state)).remedy(format!("use {}", words.join(", ")))
        );
    };
    let at = args.on.as_ref().map(|text| parse_when("--on", text, context.now)).transpose()?.unwrap_or(context.now);
    let mut store = context.store()?;
    let marked = store.transaction(|records| {
        let objection = find(records, args.id)?;
        let is_late = at < objection.state_at;
        let state = objection.state.after(kind, Cause::User, is_late).map_err(|_| {
            Failure::refused(format!("objection {} is `{}`, which is final", objection.id, objection.state))
                .remedy(format!("`tracker undo {}` takes back a mark", objection.id))
        })?;
        if objection.state.is_terminal() && state == objection.state || kind == Kind::Extended && objection.is_extended
        {
            return Err(
                Failure::refused(format!("objection {} is `{kind}` already", objection.id)).remedy("nothing to do")
            );
        }
        if at < objection.submitted_at {
            let submitted = report::when(objection.submitted_at);
            return Err(
                Failure::refused(format!("`--on` is before the submission at {submitted}")).remedy("give a later time")
            );
        }
        records.append(&NewEvent {
            objection: objection.id,
            at,
            kind,
            before: objection.state,
            state,
            cause: Cause::User,
            mail: None,
            note: args.note.clone(),
            undoes: None,
            recorded_at: context.now,
        })?;
        find(records, args.id)
    })?;
    Ok(context.output(
        || report::objection(&marked, context.now),
        || format!("objection {}: {}; next: {}\n", marked.id, marked.state, report::next(&marked, context.now)),
    ))
}
