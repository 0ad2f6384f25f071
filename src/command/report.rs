//! `tracker report`: all objections as one self-contained page.

use std::path::PathBuf;

use super::{Context, Failure, Output, file, list};
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
    let mut objections = records.objections()?;
    list::sort(&mut objections, list::Sort::Next, context.now);
    let mut histories = Vec::new();
    for objection in objections {
        let events = records.events(objection.id)?;
        histories.push((objection, events));
    }
    let page = report::report_html(&histories, context.now)
        .map_err(|error| Failure::refused(format!("report: {error}")).remedy("report it as a bug"))?;
    let json = || histories.iter().map(|(o, _)| report::objection(o, context.now)).collect();
    let Some(path) = &args.output else { return Ok(context.output(json, || page)) };
    file::replace(path, page.as_bytes())?;
    Ok(context.output(json, || format!("{}\n", path.display())))
}
