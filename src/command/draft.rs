//! `tracker draft`: text to send.

use jiff::Timestamp;
use serde_json::json;

use super::{Context, Failure, Output, Status, find};
use crate::cli::{Draft, DraftCommand};
use crate::draft::{
    Authorities, Authority, ControllerAddress, DraftError, Ground, Texts, complaint, is_english_only, may_complain,
    may_remind, reason, reminder,
};
use crate::objection::deadline::is_british;
use crate::objection::law::Topic;
use crate::objection::{Action, Objection, Standing, State};
use crate::store::Records;

pub fn run(context: &Context<'_>, args: &Draft) -> Result<Output, Failure> {
    match &args.command {
        DraftCommand::Reason { id, language, grounds, add, limit } => {
            let objection = id.map(|id| find(context.store()?.records(), id)).transpose()?;
            draft_reason(context, objection.as_ref(), language.as_deref(), grounds, add.as_deref(), *limit)
        }
        DraftCommand::Reminder { id, language } => draft_reminder(context, *id, language.as_deref()),
        DraftCommand::Complaint { id, language, land, authority } => {
            draft_complaint(context, *id, language.as_deref(), land.as_deref(), authority.as_deref())
        }
    }
}

fn draft_reason(
    context: &Context<'_>,
    objection: Option<&Objection>,
    language: Option<&str>,
    grounds: &[Ground],
    add: Option<&str>,
    limit: usize,
) -> Result<Output, Failure> {
    let country = objection.map_or(context.config.country.as_deref(), |o| o.country.as_deref());
    if let Some(country) = country {
        Authorities::load()?.refuse_other_law(country)?;
    }
    let (language, note) = choose(context, language, country)?;
    let is_british = is_british(country);
    let text = reason(&language, is_british, grounds, add, limit)?;
    let length = text.chars().count();
    let json =
        || json!({ "kind": "reason", "language": language.code, "text": text, "characters": length, "limit": limit });
    let mut output = context.output(json, || format!("{text}\n"));
    output.warnings.extend(note);
    output.warnings.push(format!("{length} of {limit} characters; read it, and make it your own"));
    Ok(output)
}

fn draft_reminder(context: &Context<'_>, id: Option<i64>, language: Option<&str>) -> Result<Output, Failure> {
    let store = context.store()?;
    let o = pick(context, store.records(), id)?;
    if let Some(country) = &o.country {
        Authorities::load()?.refuse_other_law(country)?;
    }
    let standing = o.at(context.now);
    may_remind(&standing)?;
    let language = language.or(is_english_only(&standing).then_some("en"));
    let (language, note) = choose(context, language, o.country.as_deref())?;
    let controller = ControllerAddress::of(&o)?;
    let letter = reminder(&language, &standing, &store.records().events(o.id)?, &controller)?;
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
    output.warnings.extend(standing.rule_today(Topic::ComplaintToController).map(|rule| {
        format!(
            "it is your complaint to Meta too ({}); once it is sent: tracker mark {} complained",
            rule.article, o.id
        )
    }));
    Ok(output)
}

fn draft_complaint(
    context: &Context<'_>,
    id: Option<i64>,
    language: Option<&str>,
    land: Option<&str>,
    place: Option<&str>,
) -> Result<Output, Failure> {
    let store = context.store()?;
    let o = pick(context, store.records(), id)?;
    let authorities = Authorities::load()?;
    if let Some(country) = &o.country {
        authorities.refuse_other_law(country)?;
    }
    let standing = o.at(context.now);
    may_complain(&standing)?;
    let place = place.map(str::to_uppercase);
    let Some(place) = place.as_deref().or(o.country.as_deref()) else {
        let message =
            format!("objection {}: its country is not recorded; name yours with --authority, such as IE", o.id);
        return Err(Failure::new(Status::Usage, &message));
    };
    let authority = authorities.find(place, land)?;
    let (language, note) = match language.or_else(|| authority.language(context.config.language.as_deref())) {
        Some(code) => (Texts::new(code)?, None),
        None => (Texts::new("en")?, Some("no texts in the authority's language, so this is English".to_owned())),
    };
    let controller = ControllerAddress::of(&o)?;
    let letter = complaint(&language, &standing, &store.records().events(o.id)?, &controller, authority)?;
    let json = || {
        json!({ "kind": "complaint", "objection": o.id.0, "language": language.code, "to": authority.name,
            "form_url": authority.form, "email": authority.email, "web": authority.web,
            "checked_on": authority.checked, "source": authority.source, "subject": letter.subject, "text": letter.text })
    };
    let mut output = context.output(json, || format!("{}\n", letter.text));
    output.warnings.extend(note.into_iter().chain(unverified(&o)));
    output.warnings.extend(controller_first(&standing));
    output.warnings.extend(advice(&o, authority, context.now));
    Ok(output)
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
        format!("put in your name and address, enclose the evidence: tracker dossier {} -o dossier-{}.zip", o.id, o.id),
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
        (None, _) => Err(Failure::new(Status::Refused, "no objection is overdue; `tracker list` shows the due dates")),
        _ => Err(Failure::new(
            Status::Usage,
            "several objections are overdue; give the number of one, see tracker list --overdue",
        )),
    }
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
