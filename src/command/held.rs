//! `tracker held`: mail that a person must judge.

use std::collections::BTreeSet;

use super::{Context, Failure, Output, Status, find};
use crate::cli::{Held, HeldCommand};
use crate::intake;
use crate::mail::Mail;
use crate::objection::Cause;
use crate::report;
use crate::signal::{FoundCode, Rules, Signal, suggest};
use crate::store::{Kept, KeptMail, MailId, Outcome, Records};

pub fn run(context: &Context<'_>, args: &Held) -> Result<Output, Failure> {
    match &args.command {
        None | Some(HeldCommand::List) => list(context),
        Some(HeldCommand::Show { mail }) => show(context, *mail),
        Some(HeldCommand::Apply { mail, objection, signal }) => apply(context, *mail, *objection, *signal),
        Some(HeldCommand::Dismiss { mails }) => dismiss(context, mails),
    }
}

fn list(context: &Context<'_>) -> Result<Output, Failure> {
    let held = context.store()?.records().held()?;
    Ok(context.output(|| held.iter().map(report::mail).collect(), || report::held(&held, context.is_terminal)))
}

fn show(context: &Context<'_>, id: MailId) -> Result<Output, Failure> {
    let store = context.store()?;
    let KeptMail { kept, raw } = find_mail(store.records(), id)?;
    let mail = Mail::parse(&raw).ok();
    let objections = store.records().objections()?;
    Ok(context.output(|| report::mail(&kept), || report::kept_mail(&kept, mail.as_ref(), &objections)))
}

fn apply(context: &Context<'_>, id: MailId, objection: i64, signal: Option<Signal>) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let mut store = context.store()?;
    let objection = store.transaction(|records| {
        let objection = find(records, objection)?;
        let KeptMail { kept, raw } = find_mail(records, id)?;
        if let Outcome::Applied(known) = kept.outcome {
            let message = format!("mail {id} is applied to objection {known} already; `tracker undo {known}` takes back your own decision");
            return Err(refused(&message));
        }
        let signal = signal.unwrap_or(kept.signal);
        let Some(kind) = signal.event() else {
            let message = format!(
                "mail {id} was not understood, so say what it means; add --as accepted, refused, acknowledged, needs_info or verification_code"
            );
            return Err(Failure::new(Status::Usage, &message));
        };
        let code = if signal == Signal::VerificationCode {
            let digits = intake::code_of(&raw, &rules).ok_or_else(|| {
                refused(&format!("mail {id} holds no single code; read it with `tracker held show {id}`"))
            })?;
            let valid_for = intake::reread(&raw, &rules).and_then(|reading| match reading.code {
                FoundCode::One(_, valid_for) => valid_for,
                _ => None,
            });
            FoundCode::One(digits, valid_for)
        } else {
            FoundCode::None
        };
        records.decide(id, Outcome::Applied(objection.id))?;
        intake::apply(records, &objection, id, kind, Cause::User, (kept.received_at, context.now), None)?
            .map_err(|contradiction| refused(&format!("objection {}: {contradiction}; `tracker show {}` tells more", objection.id, objection.id)))?;
        intake::keep_code(records, objection.id, id, kept.received_at, &code)?;
        find(records, objection.id.0)
    })?;
    let KeptMail { kept, .. } = find_mail(store.records(), id)?;
    let text = || format!("{}\n", report::change(&kept, Some(&objection), context.now));
    let mut output = context.output(|| report::mail(&kept), text);
    output.warnings.extend(offer(context, store.records(), id, &rules)?);
    Ok(output)
}

/// The rule that would have read a mail as the person did, if no rule did.
fn offer(context: &Context<'_>, records: Records<'_>, id: MailId, rules: &Rules) -> Result<Option<String>, Failure> {
    let KeptMail { kept, raw } = find_mail(records, id)?;
    let Some((_, after)) = kept.states.filter(|_| kept.signal == Signal::None) else { return Ok(None) };
    let Some(signal) = Signal::ALL.into_iter().find(|s| s.as_str() == after.as_str()) else { return Ok(None) };
    let Ok(mail) = Mail::parse(&raw) else { return Ok(None) };
    let rules = suggest(&mail, rules, signal, &format!("own/mail-{id}"), &of_another_meaning(records, &kept, signal)?);
    let Some(directory) = context.own_rules().filter(|_| !rules.is_empty()) else { return Ok(None) };
    let which = if rules.len() == 1 {
        "look whether its sentence says just that"
    } else {
        "choose the one that says just that"
    };
    Ok(Some(format!(
        "to have such mail recognised from now on, {which}, and write into `{}`:\n\n{}",
        directory.join("own.toml").display(),
        rules.join("\nor:\n\n")
    )))
}

/// Kept mail that was read, or taken by a person, as something else.
fn of_another_meaning(records: Records<'_>, mail: &Kept, signal: Signal) -> Result<Vec<Mail>, Failure> {
    let is_other = |kept: &Kept| kept.id != mail.id && kept.signal != Signal::None && kept.signal != signal;
    let mut others = Vec::new();
    for kept in records.undecided()?.iter().filter(|kept| is_other(kept)) {
        others.extend(Mail::parse(&find_mail(records, kept.id)?.raw));
    }
    Ok(others)
}

/// All of them, or none.
fn dismiss(context: &Context<'_>, ids: &[MailId]) -> Result<Output, Failure> {
    let mut store = context.store()?;
    let dismissed = store.transaction(|records| {
        let dismiss = |id: &MailId| {
            if find_mail(records, *id)?.kept.outcome != Outcome::Held {
                return Err(refused(&format!("mail {id} is not held; `tracker held` shows those that are")));
            }
            records.decide(*id, Outcome::Ignored)?;
            find_mail(records, *id).map(|mail| mail.kept)
        };
        ids.iter().collect::<BTreeSet<_>>().into_iter().map(dismiss).collect::<Result<Vec<_>, _>>()
    })?;
    let json = || match dismissed.as_slice() {
        [only] => report::mail(only),
        all => all.iter().map(report::mail).collect(),
    };
    let line = |mail: &Kept| {
        format!("mail {} dismissed; it is kept, and `tracker held apply {}` still takes it\n", mail.id, mail.id)
    };
    Ok(context.output(json, || dismissed.iter().map(line).collect()))
}

fn find_mail(records: Records<'_>, id: MailId) -> Result<KeptMail, Failure> {
    records.mail(id)?.ok_or_else(|| refused(&format!("no mail {id}; `tracker held` shows those that wait")))
}

fn refused(message: &str) -> Failure {
    Failure::new(Status::Refused, message)
}
