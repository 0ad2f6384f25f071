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
    let standing = objection.at(context.now);
    Ok(context.output(
        || report::objection_in_full(&standing, &events, &mails),
        || report::objection_text(&standing, &events, &mails),
    ))
}
