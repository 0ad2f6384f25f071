//! `tracker backup`: a consistent copy of the database while it is in use.

use std::path::PathBuf;

use serde_json::json;

use super::{Context, Failure, Output};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker backup tracker-2026-12-01.db")]
pub struct Args {
    /// The file to write; an older backup there is replaced
    pub file: PathBuf,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let store = context.store()?;
    store.backup(&args.file)?;
    let name = args.file.display().to_string();
    Ok(context.output(|| json!({ "path": name }), || format!("{name}\n")))
}
