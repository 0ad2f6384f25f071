//! `tracker show`: one objection at length.

use super::{Context, Failure, Output, complete, find, number};
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker show 3
  tracker show 3 --json")]
pub struct Args {
    /// The objection's number
    #[arg(value_parser = number, add = complete::objections())]
    pub id: i64,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
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
