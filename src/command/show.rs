//! `tracker show`: one objection at length.

use super::{Context, Failure, Output, find};
use crate::cli::Show;
use crate::report;

pub fn run(context: &Context<'_>, args: &Show) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let objection = find(records, args.id)?;
    let events = records.events(objection.id)?;
    let mails = records.mails_of(objection.id)?;
    Ok(context.output(
        || report::objection_in_full(&objection, &events, &mails, context.now),
        || report::objection_text(&objection, &events, &mails, context.now),
    ))
}
