//! `tracker undo`: takes back the newest thing that the user decided. History keeps both.

use super::{Context, Failure, Output, Status, find};
use crate::cli::Undo;
use crate::intake;
use crate::objection::{Cause, Event, EventId, Kind, replay};
use crate::report;
use crate::store::{NewEvent, Outcome};

pub fn run(context: &Context<'_>, args: &Undo) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let mut store = context.store()?;
    let (undone, objection) = store.transaction(|records| {
        let objection = find(records, args.id)?;
        let mut events = records.events(objection.id)?;
        let Some(undone) = newest_decision(&events).cloned() else {
            let message = format!("objection {}: you decided nothing that could be taken back", objection.id);
            return Err(Failure::new(Status::Refused, &message));
        };
        let undo = Event {
            id: EventId(i64::MAX),
            at: context.now,
            kind: Kind::Undone,
            state: objection.state,
            cause: Cause::User,
            mail: undone.mail,
            note: None,
            undoes: Some(undone.id),
        };
        events.push(undo);
        let state = replay(&events);
        records.append(&NewEvent {
            objection: objection.id,
            at: context.now,
            kind: Kind::Undone,
            before: objection.state,
            state,
            cause: Cause::User,
            mail: undone.mail,
            note: None,
            undoes: Some(undone.id),
            recorded_at: context.now,
        })?;
        if let Some(mail) = undone.mail {
            records.decide(mail, Outcome::Held)?;
            records.drop_codes(mail)?;
        }
        if state.is_pending() && !is_verified(&events) {
            intake::restore_codes(records, objection.id, &rules)?;
        }
        Ok((undone, find(records, args.id)?))
    })?;
    Ok(context.output(
        || report::objection(&objection, context.now),
        || format!("objection {}: took back `{}`; {}\n", objection.id, undone.kind, objection.state),
    ))
}

/// The newest event that the user caused and that still counts.
fn newest_decision(events: &[Event]) -> Option<&Event> {
    let is_decision = |e: &&Event| e.cause == Cause::User && !matches!(e.kind, Kind::Submitted | Kind::Undone);
    standing(events).filter(is_decision).last()
}

fn is_verified(events: &[Event]) -> bool {
    standing(events).any(|e| e.kind == Kind::Verified)
}

/// The events that were not undone.
fn standing(events: &[Event]) -> impl Iterator<Item = &Event> {
    events.iter().filter(|e| !events.iter().any(|undo| undo.undoes == Some(e.id)))
}
