//! `tracker mark`: records what mail can't show.

use clap_complete::CompletionCandidate;
use clap_complete::engine::ArgValueCandidates;
use jiff::Timestamp;

use super::{Context, Failure, Output, complete, find, number, parse_when};
use crate::objection::{Cause, Kind, Objection, Question, State, Step};
use crate::report;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker mark 3 verified                     the code was typed
  tracker mark 3 accepted --on 2026-12-01 --note 'in the app'
  tracker mark 3 extended                     Meta announced that it needs two more months
  tracker mark 3 needs_info --identity        Meta asks who you are
  tracker mark 3 sent --on 2026-12-01         your answer to that reached it
  tracker mark 3 complained                   you sent a complaint
  tracker undo 3                              takes the newest mark back")]
pub struct Args {
    /// The objection's number
    #[arg(value_parser = number, add = complete::objections())]
    pub id: i64,
    /// verified, accepted, refused, withdrawn, `needs_info`, acknowledged, extended (two more months announced), sent
    /// (what it asked for reached it), or complained (a complaint was sent)
    #[arg(add = ArgValueCandidates::new(marks))]
    pub state: String,
    /// When it happened, such as 2026-11-24, 24.11.2026 14:30, yesterday or `2 weeks ago` [default: now]
    #[arg(long, value_name = "WHEN")]
    pub on: Option<String>,
    /// A remark
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// With `needs_info`: Meta asks who you are (in the United Kingdom its month then begins with your answer)
    #[arg(long, conflicts_with = "clarification")]
    pub identity: bool,
    /// With `needs_info`: Meta asks something else
    #[arg(long)]
    pub clarification: bool,
}

/// The events that a user can record.
const MARKS: [Kind; 9] = [
    Kind::Verified,
    Kind::Accepted,
    Kind::Refused,
    Kind::Withdrawn,
    Kind::NeedsInfo,
    Kind::Acknowledged,
    Kind::Extended,
    Kind::Sent,
    Kind::Complained,
];

fn marks() -> Vec<CompletionCandidate> {
    MARKS.iter().map(|kind| CompletionCandidate::new(kind.as_str())).collect()
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let kind = kind(&args.state)?;
    let question = question(args, kind)?;
    let mut store = context.store()?;
    let marked = store.transaction(|records| {
        let objection = find(records, args.id)?;
        let when = |text: &String| parse_when("--on", text, objection.country.as_deref(), context.now);
        let at = args.on.as_ref().map(when).transpose()?.unwrap_or(context.now);
        let step = step(&objection, kind, at, context.now)?;
        records.append(&Step { note: args.note.clone(), question, ..step })?;
        find(records, args.id)
    })?;
    let standing = marked.at(context.now);
    Ok(context.output(
        || report::objection(&standing),
        || format!("objection {}: {}; next: {}\n", marked.id, marked.state, report::next(&standing)),
    ))
}

fn kind(word: &str) -> Result<Kind, Failure> {
    MARKS.into_iter().find(|kind| kind.as_str() == word.replace('-', "_")).ok_or_else(|| {
        let words: Vec<&str> = MARKS.iter().map(|kind| kind.as_str()).collect();
        Failure::usage(format!("`{word}` can't be marked")).remedy(format!("use {}", words.join(", ")))
    })
}

/// The step that the mark is, or why it can't be made.
fn step(o: &Objection, kind: Kind, at: Timestamp, now: Timestamp) -> Result<Step, Failure> {
    let step = o.step(kind, Cause::User, at, now).map_err(|_| {
        Failure::refused(format!("objection {} is `{}`, which is final", o.id, o.state))
            .remedy(format!("`tracker undo {}` takes back a mark", o.id))
    })?;
    if o.state.is_terminal() && step.state == o.state || kind == Kind::Extended && o.is_extended {
        return Err(Failure::refused(format!("objection {} is `{kind}` already", o.id)).remedy("nothing to do"));
    }
    if at < o.submitted_at {
        let submitted = report::when(o.submitted_at);
        let what = format!("`--on` is before the submission at {submitted}");
        return Err(Failure::refused(what).remedy("give a later time"));
    }
    if kind == Kind::Sent {
        was_asked(o, step.state)?;
    }
    Ok(step)
}

/// What the controller asked, as far as the options say.
fn question(args: &Args, kind: Kind) -> Result<Option<Question>, Failure> {
    let question = match (args.identity, args.clarification) {
        (true, _) => Some(Question::Identity),
        (_, true) => Some(Question::Clarification),
        _ => None,
    };
    if question.is_some() && kind != Kind::NeedsInfo {
        return Err(Failure::usage("--identity and --clarification say what was asked for")
            .remedy("use them with `needs_info`"));
    }
    Ok(question)
}

/// Refuses an answer that nothing was asked for.
fn was_asked(objection: &Objection, after: State) -> Result<(), Failure> {
    let id = objection.id;
    if objection.pauses.is_empty() {
        return Err(Failure::refused(format!("objection {id}: nothing was asked for"))
            .remedy(format!("if it was: tracker mark {id} needs_info")));
    }
    if after == State::NeedsInfo {
        return Err(Failure::refused(format!("objection {id}: `--on` is before the question"))
            .remedy("give the time when the answer arrived"));
    }
    Ok(())
}
