//! `tracker recheck`: judges the kept mails again after the rules changed.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Context, Failure, Output, round};
use crate::report;
use crate::round::{Rejudged, Round, Terms};

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
    let terms = Terms { is_dry_run: args.dry_run, ..round::terms(context, &rules) };
    let mut round = Round::new(context.store()?, terms)?;
    let rejudged = round.recheck()?;
    let line = |r: &Rejudged| line(r, context.now);
    let mut output = context.output(|| rejudged.iter().map(json).collect(), || rejudged.iter().map(line).collect());
    if output.print(context.console)? {
        round.note_told(&rejudged)?;
    }
    Ok(output)
}

fn line(Rejudged { change, objection }: &Rejudged, now: Timestamp) -> String {
    let (id, was) = (change.after.id, report::was(&change.before));
    format!("mail {id}, was {was}: {}\n", report::change(&change.after, objection.as_ref().map(|o| o.at(now)).as_ref()))
}

fn json(Rejudged { change, .. }: &Rejudged) -> Value {
    json!({ "before": report::mail(&change.before), "after": report::mail(&change.after) })
}
