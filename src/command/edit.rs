//! `tracker edit`: corrects what was recorded of an objection. The history keeps both, and `undo` takes it back.

use jiff::Timestamp;

use super::{Context, Failure, Output, complete, find, number, parse_when, round, typed};
use crate::config::parse_country;
use crate::objection::{Cause, Edit, Event, Field, Kind, Objection, Platform, Step, events_that_count};
use crate::report;
use crate::round::Round;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker edit 3 --submitted 20.11.2026
  tracker edit 3 --email me@example.org --country Austria
  tracker edit 3 --label ''                   removes the label
  tracker undo 3                              takes the correction back")]
pub struct Args {
    /// The objection's number
    #[arg(value_parser = number, add = complete::objections())]
    pub id: i64,
    /// facebook, instagram, threads, whatsapp, or meta (a Meta account or Accounts Centre)
    #[arg(long, value_name = "P", add = complete::words::<Platform>())]
    pub platform: Option<Platform>,
    /// The address that you gave to the form
    #[arg(long, value_name = "ADDR")]
    pub email: Option<String>,
    /// Your country, two letters or its name
    #[arg(long, value_name = "CC", add = complete::countries())]
    pub country: Option<String>,
    /// When you sent the form, such as 2026-11-24, 24.11.2026 14:30, yesterday or `2 weeks ago`
    #[arg(long, value_name = "WHEN")]
    pub submitted: Option<String>,
    /// The reason that you gave
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Your own name for it
    #[arg(long, value_name = "L")]
    pub label: Option<String>,
    /// The address of the form
    #[arg(long, value_name = "U")]
    pub form_url: Option<String>,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let mut store = context.store()?;
    let (edited, note) = store.transaction(|records| {
        let objection = find(records, args.id)?;
        let edits = edits(&objection, args, context.now)?;
        let note = edits.iter().map(described).collect::<Vec<_>>().join("; ");
        if let Some(edit) = edits.iter().find(|edit| edit.field == Field::SubmittedAt) {
            refuse_later(edit, &records.events(objection.id)?)?;
        }
        let step = objection.step(Kind::Edited, Cause::User, context.now, context.now);
        let step = step.map_err(|contradiction| Failure::refused(contradiction.to_string()))?;
        records.edit(&Step { note: Some(note.clone()), ..step }, &edits)?;
        Ok::<_, Failure>((find(records, args.id)?, note))
    })?;
    let mut round = Round::new(store, round::terms(context, &rules))?;
    let news = round.again()?;
    let edited = news.objections.iter().find(|o| o.id == edited.id).cloned().unwrap_or(edited);
    let standing = edited.at(context.now);
    let mut output = context.output(
        || report::objection(&standing),
        || format!("objection {}: {note}; next: {}\n{}", edited.id, report::next(&standing), news.lines()),
    );
    let news = round::tell(context, &mut round, news, &mut |_| output.print(context.console))?;
    Ok(round::rest(news))
}

/// What is to be corrected.
fn edits(o: &Objection, args: &Args, now: Timestamp) -> Result<Vec<Edit>, Failure> {
    let given = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut wanted = Vec::new();
    wanted.extend(args.platform.map(|platform| (Field::Platform, Some(platform.to_string()))));
    if let Some(email) = &args.email {
        wanted.push((Field::Email, Some(typed::address(email)?.to_string())));
    }
    if let Some(country) = &args.country {
        wanted.push((Field::Country, given(country).map(|text| parse_country(&text)).transpose()?));
    }
    if let Some(submitted) = &args.submitted {
        let country =
            wanted.iter().find(|(field, _)| *field == Field::Country).map_or(&o.country, |(_, country)| country);
        let at = parse_when("--submitted", submitted, country.as_deref(), now)?;
        wanted.push((Field::SubmittedAt, Some(at.as_second().to_string())));
    }
    wanted.extend(args.label.as_ref().map(|label| (Field::Label, given(label))));
    if let Some(reason) = &args.reason {
        wanted.push((Field::Reason, given(reason).map(typed::reason).transpose()?));
    }
    wanted.extend(args.form_url.as_ref().map(|url| (Field::FormUrl, given(url))));
    if wanted.is_empty() {
        return Err(Failure::usage("nothing to correct").remedy("name what is wrong: tracker edit --help"));
    }
    let edit = |(field, after)| Edit { field, before: recorded(o, field), after };
    let edits: Vec<Edit> = wanted.into_iter().map(edit).filter(|edit| edit.before != edit.after).collect();
    if edits.is_empty() {
        return Err(Failure::refused(format!("objection {} says so already", o.id)).remedy("nothing to do"));
    }
    Ok(edits)
}

/// What is recorded of a field.
fn recorded(o: &Objection, field: Field) -> Option<String> {
    match field {
        Field::Platform => Some(o.platform.to_string()),
        Field::Email => Some(o.email.clone()),
        Field::Country => o.country.clone(),
        Field::Label => o.label.clone(),
        Field::Reason => o.reason.clone(),
        Field::FormUrl => o.form_url.clone(),
        Field::SubmittedAt => Some(o.submitted_at.as_second().to_string()),
    }
}

/// Refuses a submission after something that followed from it.
fn refuse_later(edit: &Edit, events: &[Event]) -> Result<(), Failure> {
    let submitted_at = seconds(edit.after.as_deref());
    let is_before = |event: &&Event| {
        !matches!(event.kind, Kind::Submitted | Kind::Edited | Kind::Undone) && Some(event.at) < submitted_at
    };
    match events_that_count(events).find(is_before) {
        None => Ok(()),
        Some(event) => {
            let what = format!("`--submitted` is after `{}` at {}", event.kind, report::when(event.at));
            Err(Failure::refused(what).remedy("give an earlier time"))
        }
    }
}

/// A correction in words. A reason may be long, so it is not repeated.
fn described(edit: &Edit) -> String {
    let shown = |value: &Option<String>| match (edit.field, value) {
        (_, None) => "none".to_owned(),
        (Field::SubmittedAt, at) => seconds(at.as_deref()).map(report::when).unwrap_or_default(),
        (Field::Reason, Some(reason)) => format!("{} characters", reason.chars().count()),
        (_, Some(value)) => report::line(value),
    };
    let name = match edit.field {
        Field::SubmittedAt => "submitted",
        field => field.as_str(),
    };
    format!("{name}: {} → {}", shown(&edit.before), shown(&edit.after))
}

fn seconds(text: Option<&str>) -> Option<Timestamp> {
    Timestamp::from_second(text?.parse().ok()?).ok()
}
