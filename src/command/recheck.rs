//! `tracker recheck`: judges the kept mails again after the rules changed.

use serde_json::{Value, json};

use super::{Context, Failure, Output, hook};
use crate::intake::{Change, Intake};
use crate::report;
use crate::store::Kept;
use crate::trust::{Trusted, Witnesses};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker recheck --dry-run
  tracker recheck")]
pub struct Args {
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let mut store = context.store()?;
    if args.dry_run {
        store = store.rehearsal()?;
    }
    let nobody = Witnesses { trusted: &Trusted::default(), keys: None };
    let changes =
        store.transaction(|records| Intake::new(records, &rules, nobody, context.now)?.recheck(context.progress()))?;
    let records = store.records();
    let mut lines = String::new();
    for Change { before, after } in &changes {
        let objection = after.outcome.objection().map(|id| records.objection(id)).transpose()?.flatten();
        let was = report::was(before);
        lines.push_str(&format!(
            "mail {}, was {was}: {}\n",
            after.id,
            report::change(after, objection.as_ref(), context.now)
        ));
    }
    let json = || -> Value {
        let change = |c: &Change| json!({ "before": report::mail(&c.before), "after": report::mail(&c.after) });
        changes.iter().map(change).collect()
    };
    let mut output = context.output(json, || lines);
    if output.print(context.console)? && !args.dry_run {
        let told: Vec<Kept> = changes.into_iter().map(|change| change.after).collect();
        hook::told(context, &mut store, &told, &[])?;
    }
    Ok(output)
}
