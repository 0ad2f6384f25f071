//! `tracker report`: all objections as one self-contained page.

use super::{Context, Failure, Output, Status, file, list};
use crate::cli::{Report, Sort};
use crate::draft::Texts;
use crate::report;

pub fn run(context: &Context<'_>, args: &Report) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let objections = records.objections()?;
    let mut histories = Vec::new();
    for standing in list::sorted(&objections, Sort::Next, context.now) {
        let events = records.events(standing.objection.id)?;
        histories.push((standing, events));
    }
    let page = report::report_html(&histories, &Texts::new("en")?, context.now)
        .map_err(|fault| Failure::new(Status::Refused, &fault.within("report").to_string()))?;
    let json = || histories.iter().map(|(standing, _)| report::objection(standing)).collect();
    let Some(path) = &args.output else { return Ok(context.output(json, || page)) };
    file::replace(path, page.as_bytes())?;
    Ok(context.output(json, || format!("{}\n", path.display())))
}
