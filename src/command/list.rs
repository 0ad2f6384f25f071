//! `tracker list`: a line for each objection, those that need the user first.

use clap::ValueEnum;
use glob::Pattern;
use jiff::{SignedDuration, Timestamp};

use super::{Context, Failure, Output, complete};
use crate::config::parse_country;
use crate::mail::Address;
use crate::objection::{Action, Objection, Platform, Standing, State, Turn};
use crate::report;
use crate::store::Records;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker list
  tracker list --pending
  tracker list --overdue --email me@example.org
  tracker list --next remind --country DE --label 'member 1*'
  tracker list --search kowalska
  tracker list --csv > objections.csv")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Args {
    /// Only those that await an answer
    #[arg(long)]
    pub pending: bool,
    /// Only those whose answer is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only those in this state (may be repeated)
    #[arg(long = "state", value_name = "S", add = complete::words::<State>())]
    pub states: Vec<State>,
    /// Only those about this platform
    #[arg(long, value_name = "P", add = complete::words::<Platform>())]
    pub platform: Option<Platform>,
    /// Only those with this address
    #[arg(long, value_name = "ADDR")]
    pub email: Option<String>,
    /// Only those of this country (may be repeated)
    #[arg(long = "country", value_name = "CC", value_parser = parse_country, add = complete::countries())]
    pub countries: Vec<String>,
    /// Only those for which this is to be done next (may be repeated)
    #[arg(long = "next", value_name = "ACTION", add = complete::words::<Action>())]
    pub actions: Vec<Action>,
    /// Only those with this label; `*` and `?` stand for what may be anything
    #[arg(long, value_name = "GLOB")]
    pub label: Option<Pattern>,
    /// Only those with this in their address, label, reason or case numbers
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Not more than this many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Only how many there are
    #[arg(long, conflicts_with_all = ["csv", "limit"])]
    pub count: bool,
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

/// A list with more lines than this is summed up at its end, on a terminal.
const SCREEN: usize = 20;

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let store = context.store()?;
    let all = store.records().watched_objections(context.config.check.after_decision)?;
    let is_empty = all.is_empty();
    let mut objections = sorted(&all, args.sort.unwrap_or(Sort::Next), context.now);
    objections.retain(|standing| is_wanted(args, standing));
    if args.count {
        return Ok(Output { text: format!("{}\n", objections.len()), ..Output::default() });
    }
    let summary = (context.console.is_terminal && objections.len() > SCREEN).then(|| summary(&objections));
    objections.truncate(args.limit.unwrap_or(usize::MAX));
    let mut output = if args.csv {
        Output { text: report::objections_csv(&objections), ..Output::default() }
    } else {
        let json = || objections.iter().map(report::objection).collect();
        context.output(json, || report::objections(&objections, context.console.is_terminal))
    };
    if is_empty {
        output.warnings.push(
            "nothing recorded yet; after you sent an objection form: tracker add --platform facebook --email you@example.org"
                .to_owned(),
        );
    } else if objections.is_empty() {
        output.warnings.push("no objection matches; `tracker list` shows all".to_owned());
    }
    output.warnings.extend(summary);
    output.warnings.extend(stale(context, store.records(), &objections)?);
    let held = store.records().held()?.len();
    if held > 0 {
        output.warnings.push(format!("{held} held mail(s) wait for you: tracker held"));
    }
    Ok(output)
}

/// How many there are, and how many of them need something.
fn summary(objections: &[Standing<'_>]) -> String {
    let count = |is_so: fn(&Standing<'_>) -> bool| objections.iter().filter(|standing| is_so(standing)).count();
    format!(
        "{} objections: {} need you, {} wait for Meta, {} are overdue",
        objections.len(),
        count(|s| s.next.turn == Turn::You),
        count(|s| matches!(s.next.turn, Turn::Controller | Turn::Authority)),
        count(|s| s.is_overdue),
    )
}

/// The objections at `now`, sorted. `Sort::Next` is the order of all lists unless the user wants another.
pub fn sorted(objections: &[Objection], by: Sort, now: Timestamp) -> Vec<Standing<'_>> {
    let mut standings: Vec<Standing<'_>> = objections.iter().map(|objection| objection.at(now)).collect();
    sort(&mut standings, by);
    standings
}

fn sort(standings: &mut [Standing<'_>], by: Sort) {
    match by {
        Sort::Next => standings.sort_by_key(|s| (s.next.action.rank(), s.next.on, s.objection.id)),
        Sort::Id => standings.sort_by_key(|s| s.objection.id),
        Sort::Due => standings.sort_by_key(|s| (s.due_on, s.objection.id)),
        Sort::Submitted => standings.sort_by_key(|s| (s.objection.submitted_at, s.objection.id)),
        Sort::Updated => standings.sort_by_key(|s| (s.objection.updated_at, s.objection.id)),
        Sort::Platform => standings.sort_by_key(|s| (s.objection.platform, s.objection.id)),
        Sort::Email => standings.sort_by_cached_key(|s| (s.objection.email.to_lowercase(), s.objection.id)),
        Sort::State => standings.sort_by_key(|s| (s.objection.state, s.objection.id)),
        Sort::Label => {
            standings.sort_by_key(|s| (s.objection.label.is_none(), s.objection.label.as_ref(), s.objection.id));
        }
    }
}

fn is_wanted(args: &Args, standing: &Standing<'_>) -> bool {
    let o = standing.objection;
    let is_same = |text: &String| match (Address::parse(text), Address::parse(&o.email)) {
        (Some(a), Some(b)) => a.is_same(&b),
        _ => *text == o.email,
    };
    (!args.pending || o.state.is_pending() || o.held_since.is_some())
        && (!args.overdue || standing.is_overdue)
        && (args.states.is_empty() || args.states.contains(&o.state))
        && args.platform.is_none_or(|platform| platform == o.platform)
        && args.email.as_ref().is_none_or(is_same)
        && (args.countries.is_empty() || o.country.as_ref().is_some_and(|country| args.countries.contains(country)))
        && (args.actions.is_empty() || args.actions.contains(&standing.next.action))
        && args.label.as_ref().is_none_or(|glob| glob.matches(o.label.as_deref().unwrap_or_default()))
        && args.search.as_ref().is_none_or(|text| is_in(&text.to_lowercase(), o))
}

/// Whether a text, in small letters, stands in what is recorded of an objection.
fn is_in(text: &str, o: &Objection) -> bool {
    let texts = [Some(&o.email), o.label.as_ref(), o.reason.as_ref()];
    texts.into_iter().flatten().chain(&o.case_numbers).any(|recorded| recorded.to_lowercase().contains(text))
}

/// Warns of accounts that were not read for a while, if an answer is awaited or a decision is still watched.
fn stale(context: &Context<'_>, records: Records<'_>, objections: &[Standing<'_>]) -> Result<Vec<String>, Failure> {
    if !objections.iter().any(|standing| standing.objection.is_awaited(context.now)) {
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
