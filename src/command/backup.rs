//! `tracker backup`: a consistent copy of the database while it is in use.

use serde_json::json;

use super::{Context, Failure, Output};
use crate::cli::Backup;

pub fn run(context: &Context<'_>, args: &Backup) -> Result<Output, Failure> {
    let store = context.store()?;
    store.backup(&args.file)?;
    let name = args.file.display().to_string();
    Ok(context.output(|| json!({ "path": name }), || format!("{name}\n")))
}
