//! `tracker report`: all objections as one self-contained page.

use std::path::PathBuf;

use super::{Context, Failure, Output, file, list};
use crate::draft::Texts;
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker report > report.html
  tracker report -o report.html")]
pub struct Args {
    /// The file to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let objections = records.objections()?;
    let mut histories = Vec::new();
    for standing in list::sorted(&objections, list::Sort::Next, context.now) {
        let events = records.events(standing.objection.id)?;
        histories.push((standing, events));
    }
    let page = report::report_html(&histories, &Texts::new("en")?, context.now)
        .map_err(|fault| Failure::refused(fault.within("report")))?;
    let json = || histories.iter().map(|(standing, _)| report::objection(standing)).collect();
    let Some(path) = &args.output else { return Ok(context.output(json, || page)) };
    file::replace(path, page.as_bytes())?;
    Ok(context.output(json, || format!("{}\n", path.display())))
}
