//! `tracker mark`: records what mail can't show.

use super::{Context, Failure, Output, complete, find, number, parse_when};
use crate::objection::{Cause, Kind};
use crate::report;
use crate::store::NewEvent;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker mark 3 verified                     the code was typed
  tracker mark 3 accepted --on 2026-12-01 --note 'in the app'
  tracker mark 3 extended                     Meta announced that it needs two more months
  tracker undo 3                              takes the newest mark back")]
pub struct Args {
    /// The objection's number
    #[arg(value_parser = number, add = complete::objections())]
    pub id: i64,
    /// verified, accepted, refused, withdrawn, `needs_info`, acknowledged, or extended (two more months announced)
    pub state: String,
    /// When it happened: RFC 3339, or a date [default: now]
    #[arg(long, value_name = "WHEN")]
    pub on: Option<String>,
    /// A remark
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

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

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
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
