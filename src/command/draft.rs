//! `tracker draft`: text to send.

use clap::Subcommand;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Context, Failure, Output, complete, find, number};
use crate::draft::{
    Authorities, Authority, ControllerAddress, DraftError, DraftLetter, Ground, Texts, complaint, is_english_only,
    may_complain, may_remind, reason, reminder,
};
use crate::objection::deadline::is_british;
use crate::objection::law::Topic;
use crate::objection::{Action, Objection, Standing, State};
use crate::report;
use crate::store::Records;

#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  tracker draft reason --language de --ground privacy --ground others
  tracker draft reason --add \"I am a photographer; my pictures are my living.\" | wl-copy
  tracker draft --language list                           who checked which language
  tracker draft reminder 3
  tracker draft complaint 3 --land BY > complaint.txt
  tracker draft complaint 3 --bilingual                   with the English text below"
)]
pub struct Args {
    /// What to draft
    #[command(subcommand)]
    pub command: Option<DraftCommand>,
    /// A language's code, such as de; `list` tells all [default: the authority's, or yours]
    #[arg(long, value_name = "L", global = true)]
    pub language: Option<String>,
    /// Put the English text below a reminder or a complaint
    #[arg(long, global = true)]
    pub bilingual: bool,
}

/// What can be drafted.
#[derive(Debug, Subcommand)]
pub enum DraftCommand {
    /// The reason for the form's field (Art. 21(1) GDPR: your particular situation)
    Reason(ReasonArgs),
    /// The reminder to the controller, once its time to answer is over
    Reminder(ReminderArgs),
    /// The complaint to the supervisory authority, once its time is over by every reading
    Complaint(ComplaintArgs),
}

#[derive(Debug, clap::Args)]
pub struct ReasonArgs {
    /// The objection's number: its country decides the language
    #[arg(value_parser = number, add = complete::objections())]
    id: Option<i64>,
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
pub struct ReminderArgs {
    /// The objection's number [default: the only one whose time is over]
    #[arg(value_parser = number, add = complete::objections())]
    id: Option<i64>,
}

#[derive(Debug, clap::Args)]
pub struct ComplaintArgs {
    /// The objection's number [default: the only one whose time is over]
    #[arg(value_parser = number, add = complete::objections())]
    id: Option<i64>,
    /// In Germany, where you live: BW, BY, BE, BB, HB, HH, HE, MV, NI, NW, RP, SL, SN, ST, SH or TH
    #[arg(long, value_name = "LAND")]
    land: Option<String>,
    /// The authority of another place, such as where you work: IE, or DE-BY [default: your country's]
    #[arg(long, value_name = "CC")]
    authority: Option<String>,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    if args.language.as_deref() == Some("list") {
        return languages(context);
    }
    match &args.command {
        Some(DraftCommand::Reason(reason)) => draft_reason(context, args, reason),
        Some(DraftCommand::Reminder(reminder)) => draft_reminder(context, args, reminder.id),
        Some(DraftCommand::Complaint(complaint)) => draft_complaint(context, args, complaint),
        None => Err(Failure::usage("nothing to draft").remedy("say reason, reminder or complaint")),
    }
}

/// The languages that have texts, and who checked each.
fn languages(context: &Context<'_>) -> Result<Output, Failure> {
    let all = Texts::all()?;
    let json =
        || all.iter().map(|l| json!({ "language": l.code, "name": l.name, "checked": l.checked() })).collect::<Value>();
    let line = |l: &Texts| format!("{}  {}: {}\n", l.code, l.name, l.checked());
    Ok(context.output(json, || all.iter().map(line).collect()))
}

/// A letter, with the same in English below it where that is wanted.
fn with_english(
    context: &Context<'_>,
    is_bilingual: bool,
    texts: &Texts,
    render: impl Fn(&Texts) -> Result<DraftLetter, DraftError>,
) -> Result<DraftLetter, DraftError> {
    let mut letter = render(texts)?;
    if is_bilingual && texts.code != "en" {
        let english = render(&signed(context, Texts::new("en")?))?.text;
        let above = format!("[In English, for convenience; the text above ({}) is the one that counts.]", texts.name);
        letter.text = format!("{}\n\n* * *\n\n{above}\n\n{english}", letter.text);
    }
    Ok(letter)
}

fn draft_reason(context: &Context<'_>, args: &Args, chosen: &ReasonArgs) -> Result<Output, Failure> {
    let objection = chosen.id.map(|id| find(context.store()?.records(), id)).transpose()?;
    let limit = chosen.limit;
    let country = objection.as_ref().map_or(context.config.country.as_deref(), |o| o.country.as_deref());
    if let Some(country) = country {
        Authorities::load()?.refuse_other_law(country)?;
    }
    let (language, note) = choose(context, args.language.as_deref(), country)?;
    let is_british = is_british(country);
    let text = reason(&language, is_british, &chosen.grounds, chosen.add.as_deref(), limit)?;
    let length = text.chars().count();
    let json =
        || json!({ "kind": "reason", "language": language.code, "text": text, "characters": length, "limit": limit });
    let mut output = context.output(json, || format!("{text}\n"));
    output.warnings.extend(note.into_iter().chain(language.unreviewed()));
    output.warnings.push(format!("{length} of {limit} characters; read it, and make it your own"));
    Ok(output)
}

/// A reason with all grounds, as the configuration has the user write.
pub fn usual_reason(context: &Context<'_>) -> Result<String, Failure> {
    let country = context.config.country.as_deref();
    if let Some(country) = country {
        Authorities::load()?.refuse_other_law(country)?;
    }
    let (language, _) = choose(context, None, country)?;
    Ok(reason(&language, is_british(country), &[], None, crate::draft::LIMIT)?)
}

fn draft_reminder(context: &Context<'_>, args: &Args, id: Option<i64>) -> Result<Output, Failure> {
    let store = context.store()?;
    let o = pick(context, store.records(), id)?;
    if let Some(country) = &o.country {
        Authorities::load()?.refuse_other_law(country)?;
    }
    let standing = o.at(context.now);
    may_remind(&standing)?;
    let asked = args.language.as_deref().or(is_english_only(&standing).then_some("en"));
    let (language, note) = choose(context, asked, o.country.as_deref())?;
    let controller = ControllerAddress::of(&o)?;
    let events = store.records().events(o.id)?;
    let render = |texts: &Texts| reminder(texts, &standing, &events, &controller);
    let letter = with_english(context, args.bilingual, &language, render)?;
    let json = || {
        json!({ "kind": "reminder", "objection": o.id.0, "language": language.code, "to": controller.name,
            "subject": letter.subject, "text": letter.text })
    };
    let mut output = context.output(json, || format!("{}\n", letter.text));
    output
        .warnings
        .extend(note.into_iter().chain(language.unreviewed()).chain(unverified(&o)).chain(report::unread(&o)));
    output.warnings.extend(unsigned(context));
    output.warnings.push("send it as a reply to the last mail of the case, with the form, or by post".to_owned());
    output.warnings.extend(standing.rule_today(Topic::ComplaintToController).map(|rule| {
        format!(
            "it is your complaint to Meta too ({}); once it is sent: tracker mark {} complained",
            rule.article, o.id
        )
    }));
    Ok(output)
}

fn draft_complaint(context: &Context<'_>, args: &Args, chosen: &ComplaintArgs) -> Result<Output, Failure> {
    let store = context.store()?;
    let o = pick(context, store.records(), chosen.id)?;
    let authorities = Authorities::load()?;
    if let Some(country) = &o.country {
        authorities.refuse_other_law(country)?;
    }
    let standing = o.at(context.now);
    may_complain(&standing)?;
    let place = chosen.authority.as_deref().map(str::to_uppercase).or_else(|| o.country.clone());
    let place = place.ok_or_else(|| no_place(&o))?;
    let authority = authorities.find(&place, chosen.land.as_deref())?;
    let own = || authority.language(context.config.language.as_deref());
    let language = signed(context, Texts::new(args.language.as_deref().or_else(own).unwrap_or("en"))?);
    let controller = ControllerAddress::of(&o)?;
    let events = store.records().events(o.id)?;
    let render = |texts: &Texts| complaint(texts, &standing, &events, &controller, authority);
    let letter = with_english(context, args.bilingual, &language, render)?;
    let json = || {
        json!({ "kind": "complaint", "objection": o.id.0, "language": language.code, "to": authority.name,
            "form_url": authority.form, "email": authority.email, "web": authority.web,
            "checked_on": authority.checked, "source": authority.source, "subject": letter.subject, "text": letter.text })
    };
    let mut output = context.output(json, || format!("{}\n", letter.text));
    output.warnings.extend(language.unreviewed().into_iter().chain(unverified(&o)).chain(report::unread(&o)));
    output.warnings.extend(unsigned(context));
    output.warnings.extend(controller_first(&standing));
    output.warnings.extend(advice(&o, authority, context.now));
    Ok(output)
}

fn no_place(o: &Objection) -> Failure {
    Failure::usage(format!("objection {}: its country is not recorded", o.id))
        .remedy("name yours with --authority, such as IE")
}

/// That the controller is to be complained to first, where the law has that and it was not done.
fn controller_first(s: &Standing<'_>) -> Option<String> {
    let rule = s.rule_today(Topic::ComplaintToController)?;
    let id = s.objection.id;
    s.objection.complained_to_controller_at().is_none().then(|| {
        format!(
            "the regulator expects a complaint to Meta first ({}): tracker draft reminder {id}; once it is sent: tracker \
             mark {id} complained",
            rule.article
        )
    })
}

fn advice(o: &Objection, authority: &Authority, now: Timestamp) -> Vec<String> {
    let checked = authority.checked;
    let old = authority.is_old(now).then(|| {
        format!("that was checked on {checked}, more than a year ago: look at {} whether it still holds", authority.web)
    });
    let ways = [
        format!("enclose the evidence: tracker dossier {} -o dossier-{}.zip", o.id, o.id),
        format!("lodge it here: {} (checked on {checked}; see also {})", authority.way(), authority.web),
    ];
    ways.into_iter().chain(authority.note.clone()).chain(old).collect()
}

/// The objection named, or the only one whose time is over.
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

/// The texts with the configured name and address in their places.
fn signed(context: &Context<'_>, texts: Texts) -> Texts {
    let person = &context.config.person;
    texts.signed_by(person.name.as_deref(), person.address.as_deref())
}

/// That name or address are to be put in by hand.
fn unsigned(context: &Context<'_>) -> Option<String> {
    let person = &context.config.person;
    let is_signed = person.name.is_some() && person.address.is_some();
    (!is_signed).then(|| "put in your name and address; `[person]` in the configuration does it for you".to_owned())
}

/// That the letter may be about an objection that never was complete.
fn unverified(o: &Objection) -> Option<String> {
    (o.state == State::CodeReceived).then(|| {
        format!("the record does not show that the code was entered; if it was: tracker mark {} verified", o.id)
    })
}

/// The language: the one asked for, the configured one, the country's, or English.
fn choose(
    context: &Context<'_>,
    asked: Option<&str>,
    country: Option<&str>,
) -> Result<(Texts, Option<String>), DraftError> {
    if let Some(code) = asked {
        return Ok((signed(context, Texts::new(code)?), None));
    }
    match &context.config.language {
        Some(code) => match Texts::new(code) {
            Ok(language) => Ok((signed(context, language), None)),
            Err(error) => Ok((signed(context, Texts::new("en")?), Some(format!("configuration: {error}")))),
        },
        None => Ok((signed(context, Texts::new(country.and_then(Texts::language_of).unwrap_or("en"))?), None)),
    }
}
