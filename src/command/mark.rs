//! `tracker mark`: records what mail can't show.

use super::{Context, Failure, Output, Status, find, parse_when};
use crate::cli::Mark;
use crate::objection::{Cause, Kind, Objection, Question, State, Step};
use crate::report;

/// What a user can record.
const MARKS: [Kind; 9] = [
    Kind::Verified,
    Kind::Accepted,
    Kind::Refused,
    Kind::Withdrawn,
    Kind::NeedsInfo,
    Kind::Acknowledged,
    Kind::Extended,
    Kind::Sent,
    Kind::Complained,
];

pub fn run(context: &Context<'_>, args: &Mark) -> Result<Output, Failure> {
    let Some(kind) = MARKS.into_iter().find(|kind| kind.as_str() == args.state.replace('-', "_")) else {
        let words: Vec<&str> = MARKS.iter().map(|kind| kind.as_str()).collect();
        let message = format!("`{}` can't be marked; use {}", args.state, words.join(", "));
        return Err(Failure::new(Status::Usage, &message));
    };
    let question = match (args.identity, args.clarification) {
        (true, _) => Some(Question::Identity),
        (_, true) => Some(Question::Clarification),
        _ => None,
    };
    if question.is_some() && kind != Kind::NeedsInfo {
        let message = "--identity and --clarification say what was asked for; use them with `needs_info`";
        return Err(Failure::new(Status::Usage, message));
    }
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
        if kind == Kind::Sent {
            was_asked(&objection, step.state)?;
        }
        records.append(&Step { note: args.note.clone(), question, ..step })?;
        find(records, args.id)
    })?;
    let standing = marked.at(context.now);
    Ok(context.output(
        || report::objection(&standing),
        || format!("objection {}: {}; next: {}\n", marked.id, marked.state, report::next(&standing)),
    ))
}

/// Refuses an answer that nothing was asked for.
fn was_asked(objection: &Objection, after: State) -> Result<(), Failure> {
    let id = objection.id;
    if objection.pauses.is_empty() {
        let message = format!("objection {id}: nothing was asked for; if it was: tracker mark {id} needs_info");
        return Err(Failure::new(Status::Refused, &message));
    }
    if after == State::NeedsInfo {
        let message = format!("objection {id}: `--on` is before the question; give the time when the answer arrived");
        return Err(Failure::new(Status::Refused, &message));
    }
    Ok(())
}
