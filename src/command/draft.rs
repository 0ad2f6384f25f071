//! `tracker draft`: text to send.

use serde_json::json;

use super::{Context, Failure, Output, find};
use crate::cli::{Draft, DraftCommand};
use crate::draft::{
    Authorities, Authority, Controller, DraftError, Ground, Language, complaint, may_complain, may_remind, reason,
    reminder,
};
use crate::objection::deadline::is_british;
use crate::objection::{Action, Objection, State};
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
    subject_to_gdpr(&Authorities::load()?, o.country.as_deref())?;
    may_remind(&o, context.now)?;
    let (language, note) = choose(context, language, o.country.as_deref())?;
    let controller = Controller::of(&o)?;
    let letter = reminder(&language, &o, &store.records().events(o.id)?, &controller, context.now);
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
    subject_to_gdpr(&authorities, o.country.as_deref())?;
    may_complain(&o, context.now)?;
    let place = place.map(str::to_uppercase);
    let Some(place) = place.as_deref().or(o.country.as_deref()) else {
        return Err(Failure::usage(format!("objection {}: its country is not recorded", o.id))
            .remedy("name yours with --authority, such as IE"));
    };
    let authority = authorities.find(place, land)?;
    let (language, note) = match language.or_else(|| authority.language(context.config.language.as_deref())) {
        Some(code) => (Language::new(code)?, None),
        None => (Language::new("en")?, Some("no texts in the authority's language, so this is English".to_owned())),
    };
    let controller = Controller::of(&o)?;
    let letter = complaint(&language, &o, &store.records().events(o.id)?, &controller, authority, context.now);
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

/// The objection named, or the only one whose time is over.
fn pick(context: &Context<'_>, records: Records<'_>, id: Option<i64>) -> Result<Objection, Failure> {
    if let Some(id) = id {
        return find(records, id);
    }
    let is_due = |o: &Objection| matches!(o.next(context.now).action, Action::Remind | Action::Complain);
    let mut due: Vec<Objection> = records.objections()?.into_iter().filter(is_due).collect();
    match (due.pop(), due.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Failure::refused("no objection is overdue").remedy("`tracker list` shows the due dates")),
        _ => Err(Failure::usage("several objections are overdue")
            .remedy("give the number of one, see tracker list --overdue")),
    }
}

/// Refuses where the letters would cite a law that does not apply: outside the Union, the EEA and the United Kingdom.
fn subject_to_gdpr(authorities: &Authorities, country: Option<&str>) -> Result<(), DraftError> {
    let Some(country) = country else { return Ok(()) };
    match (country, authorities.find(country, None)) {
        ("CH", Ok(authority)) => Err(DraftError::Switzerland(authority.way().to_owned())),
        (_, Err(DraftError::Authority(_))) => Err(DraftError::Elsewhere(country.to_owned())),
        _ => Ok(()),
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
) -> Result<(Language, Option<String>), DraftError> {
    if let Some(code) = asked {
        return Ok((Language::new(code)?, None));
    }
    match &context.config.language {
        Some(code) => match Language::new(code) {
            Ok(language) => Ok((language, None)),
            Err(error) => Ok((Language::new("en")?, Some(format!("configuration: {error}")))),
        },
        None => Ok((Language::new(country.and_then(Language::of_country).unwrap_or("en"))?, None)),
    }
}
