//! `tracker export`: everything recorded, for other programs.

use clap::ValueEnum;

use super::{Context, Failure, Output, list};
use crate::objection::Standing;
use crate::report::{self, Recorded};
use crate::store::Records;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker export > all.json                 everything, raw mails included
  tracker export --format csv > all.csv     a line for each objection, safe to open in a spreadsheet
  tracker export --format ics > all.ics     a calendar: the due date of each pending objection, with an alarm")]
pub struct Args {
    /// json, csv or ics
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub format: Format,
}

/// What to export as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON document.
    Json,
    /// A table.
    Csv,
    /// A calendar.
    Ics,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    if context.console.is_json && args.format != Format::Json {
        return Err(Failure::usage("--json and another --format exclude each other").remedy("leave one out"));
    }
    let store = context.store()?;
    let records = store.records();
    let objections = records.objections()?;
    let standings = list::sorted(&objections, list::Sort::Next, context.now);
    let text = match args.format {
        Format::Json => everything(context, records, &standings)?,
        Format::Csv => report::objections_csv(&standings),
        Format::Ics => report::calendar(&standings),
    };
    Ok(Output { text, ..Output::default() })
}

fn everything(context: &Context<'_>, records: Records<'_>, standings: &[Standing<'_>]) -> Result<String, Failure> {
    let mut objections = Vec::new();
    for standing in standings {
        let id = standing.objection.id;
        let mails = records.with_bytes(&records.mails_of(id)?)?;
        objections.push(Recorded { standing: *standing, events: records.events(id)?, mails });
    }
    let others = records.with_bytes(&records.mails_of_none()?)?;
    Ok(format!("{:#}\n", report::everything(&objections, &others, context.now)))
}
