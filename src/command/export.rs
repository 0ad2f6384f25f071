//! `tracker export`: everything recorded, for other programs.

use super::{Context, Failure, Output, Status, list};
use crate::cli::{Export, Format, Sort};
use crate::objection::Standing;
use crate::report::{self, Recorded};
use crate::store::Records;

pub fn run(context: &Context<'_>, args: &Export) -> Result<Output, Failure> {
    if context.global.json && args.format != Format::Json {
        return Err(Failure::new(Status::Usage, "--json and another --format exclude each other; leave one out"));
    }
    let store = context.store()?;
    let records = store.records();
    let objections = records.objections()?;
    let standings = list::sorted(&objections, Sort::Next, context.now);
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
