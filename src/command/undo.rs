//! `tracker undo`: takes back the newest decision or correction of the user. The history keeps the decision and the undo.

use super::{Context, Failure, Output, complete, find, number};
use crate::intake;
use crate::objection::{Cause, Event, Kind, events_that_count};
use crate::report;
use crate::store::Outcome;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker undo 3")]
pub struct Args {
    /// The objection's number
    #[arg(value_parser = number, add = complete::objections())]
    pub id: i64,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let mut store = context.store()?;
    let (undone, objection) = store.transaction(|records| {
        let objection = find(records, args.id)?;
        let events = records.events(objection.id)?;
        let Some(undone) = newest_decision(&events) else {
            let what = format!("objection {}: you decided nothing that could be taken back", objection.id);
            return Err(Failure::refused(what));
        };
        let step = objection.step_back(undone, &events, Cause::User, context.now);
        intake::take_back(records, &step, &rules)?;
        if undone.kind == Kind::Edited {
            records.revert(objection.id, undone.id)?;
        }
        if let Some(mail) = undone.mail {
            records.note_decision(mail, Outcome::Held, context.now)?;
        }
        Ok((undone.kind, find(records, args.id)?))
    })?;
    Ok(context.output(
        || report::objection(&objection.at(context.now)),
        || format!("objection {}: took back `{}`; {}\n", objection.id, undone, objection.state),
    ))
}

/// The newest event that the user caused and that still counts.
fn newest_decision(events: &[Event]) -> Option<&Event> {
    let is_decision = |e: &&Event| e.cause == Cause::User && !matches!(e.kind, Kind::Submitted | Kind::Undone);
    events_that_count(events).filter(is_decision).last()
}
