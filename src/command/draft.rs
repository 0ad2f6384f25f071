//! `tracker draft`: text to send.

use clap::Subcommand;
use serde_json::json;

use super::{Context, Failure, Output, complete, find, number};
use crate::draft::{
    Authorities, Authority, ControllerAddress, DraftError, Ground, Texts, complaint, may_complain, may_remind, reason,
    reminder,
};
use crate::objection::deadline::is_british;
use crate::objection::{Action, Objection, State};
use crate::store::Records;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker draft reason --language de --ground privacy --ground others
  tracker draft reason --add \"I am a photographer; my pictures are my living.\" | wl-copy
  tracker draft reminder 3
  tracker draft complaint 3 --land BY > complaint.txt")]
pub struct Args {
    /// What to draft
    #[command(subcommand)]
    pub command: DraftCommand,
}

/// What can be drafted.
#[derive(Debug, Subcommand)]
pub enum DraftCommand {
    /// The reason for the form's field (Art. 21(1) GDPR: your particular situation)
    Reason(ReasonArgs),
    /// The reminder to the controller, once its time to answer is over
    Reminder(Reminder),
    /// The complaint to the supervisory authority, once its time is over by every reading
    Complaint(Complaint),
}

#[derive(Debug, clap::Args)]
pub struct ReasonArgs {
    /// The objection's number: its country decides the language
    #[arg(value_parser = number, add = complete::objections())]
    id: Option<i64>,
    /// de, en, es, fr, it, nl, pl or pt [default: `language` in the configuration, else the country's]
    #[arg(long, value_name = "L")]
    language: Option<String>,
    /// privacy, consent, misuse, permanence or others (may be repeated) [default: all]
    #[arg(long = "ground", value_name = "GROUND")]
    grounds: Vec<Ground>,
    /// Your own situation, in your own words
    #[arg(long, value_name = "TEXT")]
    add: Option<String>,
    /// How many characters the form's field takes
    #[arg(long, value_name = "N", default_value_t = crate::draft::LIMIT)]
    limit: usize,
}

#[derive(Debug, clap::Args)]
pub struct Reminder {
    /// The objection's number [default: the only one whose time is over]
    #[arg(value_parser = number, add = complete::objections())]
    id: Option<i64>,
    /// de, en, es, fr, it, nl, pl or pt [default: `language` in the configuration, else the country's]
    #[arg(long, value_name = "L")]
    language: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct Complaint {
    /// The objection's number [default: the only one whose time is over]
    #[arg(value_parser = number, add = complete::objections())]
    id: Option<i64>,
    /// de, en, es, fr, it, nl, pl or pt [default: the authority's]
    #[arg(long, value_name = "L")]
    language: Option<String>,
    /// In Germany, where you live: BW, BY, BE, BB, HB, HH, HE, MV, NI, NW, RP, SL, SN, ST, SH or TH
    #[arg(long, value_name = "LAND")]
    land: Option<String>,
    /// The authority of another place, such as where you work: IE, or DE-BY [default: your country's]
    #[arg(long, value_name = "CC")]
    authority: Option<String>,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    match &args.command {
        DraftCommand::Reason(args) => draft_reason(context, args),
        DraftCommand::Reminder(args) => draft_reminder(context, args),
        DraftCommand::Complaint(args) => draft_complaint(context, args),
    }
}

fn draft_reason(context: &Context<'_>, args: &ReasonArgs) -> Result<Output, Failure> {
    let objection = args.id.map(|id| find(context.store()?.records(), id)).transpose()?;
    let country = objection.as_ref().map_or(context.config.country.as_deref(), |o| o.country.as_deref());
    let (language, note) = choose(context, args.language.as_deref(), country)?;
    let limit = args.limit;
    let is_british = is_british(country);
    let text = reason(&language, is_british, &args.grounds, args.add.as_deref(), limit)?;
    let length = text.chars().count();
    let json =
        || json!({ "kind": "reason", "language": language.code, "text": text, "characters": length, "limit": limit });
    let mut output = context.output(json, || format!("{text}\n"));
    output.warnings.extend(note);
    output.warnings.push(format!("{length} of {limit} characters; read it, and make it your own"));
    Ok(output)
}

fn draft_reminder(context: &Context<'_>, args: &Reminder) -> Result<Output, Failure> {
    let store = context.store()?;
    let o = pick(context, store.records(), args.id)?;
    if let Some(country) = &o.country {
        Authorities::load()?.refuse_other_law(country)?;
    }
    let standing = o.at(context.now);
    may_remind(&standing)?;
    let (language, note) = choose(context, args.language.as_deref(), o.country.as_deref())?;
    let controller = ControllerAddress::of(&o)?;
    let letter = reminder(&language, &standing, &store.records().events(o.id)?, &controller);
    let json = || {
        json!({ "kind": "reminder", "objection": o.id.0, "language": language.code, "to": controller.name,
            "subject": letter.subject, "text": letter.text })
    };
    let mut output = context.output(json, || format!("{}\n", letter.text));
    output.warnings.extend(note.into_iter().chain(unverified(&o)));
    output.warnings.push(
        "put in your name and address; then send it as a reply to the last mail of the case, with the form, or by post"
            .to_owned(),
    );
    Ok(output)
}

fn draft_complaint(context: &Context<'_>, args: &Complaint) -> Result<Output, Failure> {
    let store = context.store()?;
    let o = pick(context, store.records(), args.id)?;
    let authorities = Authorities::load()?;
    if let Some(country) = &o.country {
        authorities.refuse_other_law(country)?;
    }
    let standing = o.at(context.now);
    may_complain(&standing)?;
    let place = args.authority.as_deref().map(str::to_uppercase);
    let Some(place) = place.as_deref().or(o.country.as_deref()) else {
        return Err(Failure::usage(format!("objection {}: its country is not recorded", o.id))
            .remedy("name yours with --authority, such as IE"));
    };
    let authority = authorities.find(place, args.land.as_deref())?;
    let (language, note) =
        match args.language.as_deref().or_else(|| authority.language(context.config.language.as_deref())) {
            Some(code) => (Texts::new(code)?, None),
            None => (Texts::new("en")?, Some("no texts in the authority's language, so this is English".to_owned())),
        };
    let controller = ControllerAddress::of(&o)?;
    let letter = complaint(&language, &standing, &store.records().events(o.id)?, &controller, authority);
    let json = || {
        json!({ "kind": "complaint", "objection": o.id.0, "language": language.code, "to": authority.name,
            "form_url": authority.form, "email": authority.email, "web": authority.web,
            "checked_on": authorities.checked, "subject": letter.subject, "text": letter.text })
    };
    let mut output = context.output(json, || format!("{}\n", letter.text));
    output.warnings.extend(note.into_iter().chain(unverified(&o)));
    output.warnings.extend(advice(&o, authority, &authorities.checked));
    Ok(output)
}

fn advice(o: &Objection, authority: &Authority, checked: &str) -> [String; 2] {
    [
        format!("put in your name and address, enclose the evidence: tracker dossier {} -o dossier-{}.zip", o.id, o.id),
        format!("lodge it here: {} (checked on {checked}; see also {})", authority.way(), authority.web),
    ]
}

/// The objection with the given number, or else the only one whose answer is overdue.
fn pick(context: &Context<'_>, records: Records<'_>, id: Option<i64>) -> Result<Objection, Failure> {
    if let Some(id) = id {
        return find(records, id);
    }
    let is_due = |o: &Objection| matches!(o.at(context.now).next.action, Action::Remind | Action::Complain);
    let mut due: Vec<Objection> = records.objections()?.into_iter().filter(is_due).collect();
    match (due.pop(), due.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Failure::refused("no objection is overdue").remedy("`tracker list` shows the due dates")),
        _ => Err(Failure::usage("several objections are overdue")
            .remedy("give the number of one, see tracker list --overdue")),
    }
}

/// Warns that the objection may never have been completed: the record does not show that its code was entered.
fn unverified(o: &Objection) -> Option<String> {
    (o.state == State::CodeReceived).then(|| {
        format!("the record does not show that the code was entered; if it was: tracker mark {} verified", o.id)
    })
}

/// The language of a letter: the one asked for, else the configured one, else the country's, else English. The text is
/// a note for the user about the choice.
fn choose(
    context: &Context<'_>,
    asked: Option<&str>,
    country: Option<&str>,
) -> Result<(Texts, Option<String>), DraftError> {
    if let Some(code) = asked {
        return Ok((Texts::new(code)?, None));
    }
    match &context.config.language {
        Some(code) => match Texts::new(code) {
            Ok(language) => Ok((language, None)),
            Err(error) => Ok((Texts::new("en")?, Some(format!("configuration: {error}")))),
        },
        None => Ok((Texts::new(country.and_then(Texts::language_of).unwrap_or("en"))?, None)),
    }
}
