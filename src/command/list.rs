//! `tracker list`: a line for each objection, those that need the user first.

use jiff::{SignedDuration, Timestamp};

use super::{Context, Failure, Output};
use crate::cli::{List, Sort};
use crate::mail::Address;
use crate::objection::{Objection, Standing, Turn};
use crate::report;
use crate::store::Records;

/// An account that was not read for this long is worth a warning.
const STALE: SignedDuration = SignedDuration::from_hours(72);

pub fn run(context: &Context<'_>, args: &List) -> Result<Output, Failure> {
    let store = context.store()?;
    let all = store.records().objections()?;
    let is_empty = all.is_empty();
    let mut objections = sorted(&all, args.sort.unwrap_or(Sort::Next), context.now);
    objections.retain(|standing| is_wanted(args, standing));
    let mut output = if args.csv {
        Output { text: report::objections_csv(&objections), ..Output::default() }
    } else {
        let json = || objections.iter().map(report::objection).collect();
        context.output(json, || report::objections(&objections, context.is_terminal))
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

/// The objections at `now`, sorted.
pub fn sorted(objections: &[Objection], by: Sort, now: Timestamp) -> Vec<Standing<'_>> {
    let mut standings: Vec<Standing<'_>> = objections.iter().map(|objection| objection.at(now)).collect();
    sort(&mut standings, by);
    standings
}

fn sort(standings: &mut [Standing<'_>], by: Sort) {
    let turn = |turn| match turn {
        Turn::You => 0,
        Turn::Controller => 1,
        Turn::Authority => 2,
        Turn::Nobody => 3,
    };
    match by {
        Sort::Next => standings.sort_by_key(|s| (turn(s.next.turn), s.next.on, s.objection.id)),
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

fn is_wanted(args: &List, standing: &Standing<'_>) -> bool {
    let o = standing.objection;
    let is_same = |text: &String| match (Address::parse(text), Address::parse(&o.email)) {
        (Some(a), Some(b)) => a.is_same(&b),
        _ => *text == o.email,
    };
    (!args.pending || o.state.is_pending())
        && (!args.overdue || standing.is_overdue)
        && (args.states.is_empty() || args.states.contains(&o.state))
        && args.platform.is_none_or(|platform| platform == o.platform)
        && args.email.as_ref().is_none_or(is_same)
        && args.label.as_ref().is_none_or(|label| o.label.as_ref() == Some(label))
}

/// The accounts that were not read for a while, although something is pending.
fn stale(context: &Context<'_>, records: Records<'_>, objections: &[Standing<'_>]) -> Result<Vec<String>, Failure> {
    if !objections.iter().any(|standing| standing.objection.state.is_pending()) {
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
