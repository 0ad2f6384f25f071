//! `tracker export`: everything recorded, for other programs.

use super::{Context, Failure, Output, list};
use crate::cli::{Export, Format, Sort};
use crate::objection::Objection;
use crate::report;
use crate::store::Records;

pub fn run(context: &Context<'_>, args: &Export) -> Result<Output, Failure> {
    if context.console.is_json && args.format != Format::Json {
        return Err(Failure::usage("--json and another --format exclude each other").remedy("leave one out"));
    }
    let store = context.store()?;
    let records = store.records();
    let text = match args.format {
        Format::Json => everything(context, records)?,
        Format::Csv => report::objections_csv(&sorted(context, records)?, context.now),
        Format::Ics => report::calendar(&sorted(context, records)?, context.now),
    };
    Ok(Output { text, ..Output::default() })
}

fn sorted(context: &Context<'_>, records: Records<'_>) -> Result<Vec<Objection>, Failure> {
    let mut objections = records.objections()?;
    list::sort(&mut objections, Sort::Next, context.now);
    Ok(objections)
}

fn everything(context: &Context<'_>, records: Records<'_>) -> Result<String, Failure> {
    let mut objections = Vec::new();
    for objection in sorted(context, records)? {
        let events = records.events(objection.id)?;
        let mails = records.with_bytes(&records.mails_of(objection.id)?)?;
        objections.push((objection, events, mails));
    }
    let others = records.with_bytes(&records.mails_of_none()?)?;
    Ok(format!("{:#}\n", report::everything(&objections, &others, context.now)))
}
