//! `tracker list`: a line for each objection, those that need the user first.

use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};

use super::{Context, Failure, Output};
use crate::mail::Address;
use crate::objection::{Objection, Platform, State, Turn};
use crate::report;
use crate::store::Records;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker list
  tracker list --pending
  tracker list --overdue --email me@example.org
  tracker list --csv > objections.csv")]
pub struct Args {
    /// Only those that await an answer
    #[arg(long)]
    pub pending: bool,
    /// Only those whose answer is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only those in this state (may be repeated)
    #[arg(long = "state", value_name = "S")]
    pub states: Vec<State>,
    /// Only those about this platform
    #[arg(long, value_name = "P")]
    pub platform: Option<Platform>,
    /// Only those with this address
    #[arg(long, value_name = "ADDR")]
    pub email: Option<String>,
    /// Only those with this label
    #[arg(long, value_name = "L")]
    pub label: Option<String>,
    /// Sort by this instead
    #[arg(long, value_name = "KEY")]
    pub sort: Option<Sort>,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// Those that need the user first, then by the day on which something is to be done.
    Next,
    /// The number.
    Id,
    /// The due date.
    Due,
    /// When it was submitted.
    Submitted,
    /// When something last happened.
    Updated,
    /// The platform.
    Platform,
    /// The address.
    Email,
    /// The state, in the order of progress.
    State,
    /// The label.
    Label,
}

/// The list warns of an account that was not read for this long.
const STALE: SignedDuration = SignedDuration::from_hours(72);

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let store = context.store()?;
    let all = store.records().objections()?;
    let is_empty = all.is_empty();
    let mut objections: Vec<Objection> = all.into_iter().filter(|o| is_wanted(context, args, o)).collect();
    sort(&mut objections, args.sort.unwrap_or(Sort::Next), context.now);
    let mut output = if args.csv {
        Output { text: report::objections_csv(&objections, context.now), ..Output::default() }
    } else {
        let json = || objections.iter().map(|o| report::objection(o, context.now)).collect();
        context.output(json, || report::objections(&objections, context.now, context.console.is_terminal))
    };
    if is_empty {
        output.warnings.push(
            "nothing recorded yet; after you sent an objection form: tracker add --platform facebook --email you@example.org"
                .to_owned(),
        );
    } else if objections.is_empty() {
        output.warnings.push("no objection matches; `tracker list` shows all".to_owned());
    }
    output.warnings.extend(stale(context, store.records(), &objections)?);
    let held = store.records().held()?.len();
    if held > 0 {
        output.warnings.push(format!("{held} held mail(s) wait for you: tracker held"));
    }
    Ok(output)
}

/// Sorts objections. `Sort::Next` is the order of all lists unless the user wants another.
pub fn sort(objections: &mut [Objection], by: Sort, now: Timestamp) {
    let turn = |turn| match turn {
        Turn::You => 0,
        Turn::Controller => 1,
        Turn::Nobody => 2,
    };
    match by {
        Sort::Next => objections.sort_by_cached_key(|o| {
            let next = o.next(now);
            (turn(next.turn), next.on, o.id)
        }),
        Sort::Id => objections.sort_by_key(|o| o.id),
        Sort::Due => objections.sort_by_cached_key(|o| (o.due_on(), o.id)),
        Sort::Submitted => objections.sort_by_key(|o| (o.submitted_at, o.id)),
        Sort::Updated => objections.sort_by_key(|o| (o.updated_at, o.id)),
        Sort::Platform => objections.sort_by_key(|o| (o.platform, o.id)),
        Sort::Email => objections.sort_by_cached_key(|o| (o.email.to_lowercase(), o.id)),
        Sort::State => objections.sort_by_key(|o| (o.state, o.id)),
        Sort::Label => objections.sort_by_cached_key(|o| (o.label.is_none(), o.label.clone(), o.id)),
    }
}

fn is_wanted(context: &Context<'_>, args: &Args, o: &Objection) -> bool {
    let is_same = |text: &String| match (Address::parse(text), Address::parse(&o.email)) {
        (Some(a), Some(b)) => a.is_same(&b),
        _ => *text == o.email,
    };
    (!args.pending || o.state.is_pending())
        && (!args.overdue || o.is_overdue(context.now))
        && (args.states.is_empty() || args.states.contains(&o.state))
        && args.platform.is_none_or(|platform| platform == o.platform)
        && args.email.as_ref().is_none_or(is_same)
        && args.label.as_ref().is_none_or(|label| o.label.as_ref() == Some(label))
}

/// Warns of accounts that were not read for a while, if an objection is pending.
fn stale(context: &Context<'_>, records: Records<'_>, objections: &[Objection]) -> Result<Vec<String>, Failure> {
    if !objections.iter().any(|o| o.state.is_pending()) {
        return Ok(Vec::new());
    }
    let mut warnings = Vec::new();
    for account in &context.config.accounts {
        let last = match records.last_check(&account.name)? {
            Some(at) if context.now.duration_since(at) <= STALE => continue,
            Some(at) => format!("last good check {}", report::when(at)),
            None => "never checked".to_owned(),
        };
        warnings.push(format!("account `{}`: {last}; run tracker check", account.name));
    }
    Ok(warnings)
}
