//! `tracker forget`: erases an objection and its mails for good.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Console, Context, Failure, Output, complete, find, number};
use crate::objection::Objection;
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker forget 3")]
pub struct Args {
    /// The objection's number
    #[arg(value_parser = number, add = complete::objections())]
    pub id: i64,
    /// Don't ask
    #[arg(short, long)]
    pub yes: bool,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let mut store = context.store()?;
    let objection = find(store.records(), args.id)?;
    if !args.yes && !is_confirmed(context.console, &objection)? {
        return Err(Failure::refused("nothing was erased"));
    }
    let gone = store.transaction(|records| {
        let objection = find(records, args.id)?;
        Ok::<_, Failure>(records.forget(&objection)?)
    })?;
    let is_scrubbed = store.scrub()?;
    let mut output = context.output(
        || json!({ "objection": args.id, "events": gone.events, "mails": gone.mails }),
        || format!("objection {}: erased, with {} event(s) and {} mail(s)\n", args.id, gone.events, gone.mails),
    );
    if !is_scrubbed {
        let what = "another program has the database open, so its log may still hold traces";
        output.failures.push(Failure::unavailable(what).remedy("close that, then: tracker list"));
    }
    output.warnings = copies(store.path());
    Ok(output)
}

fn is_confirmed(console: Console, o: &Objection) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(
            Failure::usage("erasing needs a yes, and there is no terminal to ask on").remedy("run again with --yes")
        );
    }
    let what = format!("objection {} ({}, {})", o.id, o.platform, report::line(&o.email));
    let answer = console
        .prompt(&format!("Erase {what}, its history and its mails for good? [y/N] "))
        .map_err(|error| Failure::usage(error.to_string()).remedy("run again with --yes"))?
        .unwrap_or_default();
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Warns of the copies of the database that updates left beside it: they may still hold what was erased.
fn copies(database: &Path) -> Vec<String> {
    let Some(name) = database.file_name().map(|name| format!("{}.schema-", name.display())) else { return Vec::new() };
    let directory = database.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut copies: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&name)))
        .collect();
    copies.sort_unstable();
    copies
        .iter()
        .map(|path| format!("a copy from before an update may still hold it; delete it: {}", path.display()))
        .collect()
}
