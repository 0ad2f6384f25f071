//! `tracker held`: mail that a person must judge.

use std::collections::BTreeSet;

use clap::Subcommand;

use super::{Context, Failure, Output, complete, find, number};
use crate::intake;
use crate::judge::Reason;
use crate::mail::Mail;
use crate::mail::text::fold;
use crate::objection::{Cause, Step};
use crate::report;
use crate::signal::{FoundCode, Rules, Signal, suggest};
use crate::store::{Kept, KeptMail, MailId, Outcome, Records};
use crate::trust::Proof;

/// So many are listed on a terminal.
const USUAL: usize = 50;

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  tracker held
  tracker held show 12
  tracker held apply 12                               to the objection that it fits, as what it reads as
  tracker held apply 12 --objection 3 --as accepted
  tracker held dismiss 12 13 14
  tracker held dismiss --all-unproven                 after a flood of forged mail"
)]
pub struct Args {
    /// What to do with it [default: list]
    #[command(subcommand)]
    pub command: Option<HeldCommand>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// Which of the held mails are listed: those whose sender is proven first, then the newest.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Only those that are held for this reason
    #[arg(long, value_name = "REASON")]
    pub reason: Vec<Reason>,
    /// Only those of this account
    #[arg(long, value_name = "A", add = complete::accounts())]
    pub account: Option<String>,
    /// Only those with this in their sender, recipients or subject
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// No more than so many [default on a terminal: 50]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print how many there are, and nothing else
    #[arg(long)]
    pub count: bool,
}

/// What to do about held mail.
#[derive(Debug, Subcommand)]
pub enum HeldCommand {
    /// List the mails that wait for you
    List(ListArgs),
    /// Show one, safely
    Show {
        /// The mail's number
        #[arg(value_parser = number, add = complete::held_mails())]
        mail: i64,
    },
    /// Say that it answers an objection
    Apply {
        /// The mail's number
        #[arg(value_parser = number, add = complete::held_mails())]
        mail: i64,
        /// The objection that it answers [default: the one that it fits, if its sender is proven]
        #[arg(long, value_name = "ID", value_parser = number, add = complete::objections())]
        objection: Option<i64>,
        /// What it says [default: what it can be read as, if its sender is proven]
        #[arg(long = "as", value_name = "SIGNAL")]
        signal: Option<Signal>,
    },
    /// Say that it means nothing
    Dismiss {
        /// The mails' numbers
        #[arg(value_parser = number, required_unless_present = "all_unproven", value_name = "MAIL", add = complete::held_mails())]
        mails: Vec<i64>,
        /// All whose sender is not proven
        #[arg(long, conflicts_with = "mails")]
        all_unproven: bool,
    },
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    match &args.command {
        None => list(context, &args.list),
        Some(HeldCommand::List(args)) => list(context, args),
        Some(HeldCommand::Show { mail }) => show(context, *mail),
        Some(HeldCommand::Apply { mail, objection, signal }) => apply(context, *mail, *objection, *signal),
        Some(HeldCommand::Dismiss { all_unproven: true, .. }) => dismiss_unproven(context),
        Some(HeldCommand::Dismiss { mails, .. }) => dismiss(context, mails),
    }
}

fn list(context: &Context<'_>, args: &ListArgs) -> Result<Output, Failure> {
    let mut held = context.store()?.records().held()?;
    held.retain(|mail| args.admits(mail));
    if args.count {
        return Ok(context.output(|| held.len().into(), || format!("{}\n", held.len())));
    }
    let usual = if context.console.is_terminal { USUAL } else { usize::MAX };
    let more = held.split_off(held.len().min(args.limit.unwrap_or(usual))).len();
    let is_terminal = context.console.is_terminal;
    let mut output = context.output(|| held.iter().map(report::mail).collect(), || report::held(&held, is_terminal));
    if more > 0 && args.limit.is_none() {
        let all = more.saturating_add(held.len());
        output.warnings.push(format!(
            "{more} more are held; to see them: tracker held --limit {all}; those whose sender is not proven go with \
             tracker held dismiss --all-unproven"
        ));
    }
    Ok(output)
}

impl ListArgs {
    fn admits(&self, mail: &Kept) -> bool {
        let is_found = |text: &str| {
            let text = fold(text);
            [&mail.from, &mail.to, &mail.subject].iter().any(|field| fold(field).contains(&text))
        };
        (self.reason.is_empty() || mail.held_reason.is_some_and(|reason| self.reason.contains(&reason)))
            && (self.account.is_none() || self.account == mail.place.account)
            && self.search.as_deref().is_none_or(is_found)
    }
}

fn show(context: &Context<'_>, id: MailId) -> Result<Output, Failure> {
    let store = context.store()?;
    let KeptMail { kept, raw } = find_mail(store.records(), id)?;
    let mail = Mail::parse(&raw).ok();
    Ok(context.output(|| report::mail(&kept), || report::kept_mail(&kept, mail.as_ref())))
}

fn apply(context: &Context<'_>, id: MailId, objection: Option<i64>, signal: Option<Signal>) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let mut store = context.store()?;
    let objection = store.transaction(|records| {
        let KeptMail { kept, raw } = find_mail(records, id)?;
        if let Outcome::Applied(known) = kept.outcome {
            return Err(Failure::refused(format!("mail {id} is applied to objection {known} already"))
                .remedy(format!("`tracker undo {known}` takes back your own decision")));
        }
        if kept.verdict.result != Proof::Authentic && (objection.is_none() || signal.is_none()) {
            return Err(Failure::usage(format!(
                "nothing proves that mail {id} is Meta's, so nothing is assumed of it"
            ))
            .remedy("if you are certain all the same, add both --objection ID and --as SIGNAL"));
        }
        let objection = find(records, objection.map_or_else(|| only_candidate(&kept), Ok)?)?;
        let signal = signal.or(kept.suggestion).unwrap_or(kept.signal);
        let Some(kind) = signal.event() else {
            return Err(Failure::usage(format!("mail {id} was not understood, so say what it means"))
                .remedy("add --as accepted, refused, acknowledged, needs_info or verification_code"));
        };
        let code = if signal == Signal::VerificationCode { code(id, &raw, &rules)? } else { FoundCode::None };
        records.note_decision(id, Outcome::Applied(objection.id), context.now)?;
        let step = objection.step(kind, Cause::User, kept.received_at, context.now).map_err(|contradiction| {
            Failure::refused(format!("objection {}: {contradiction}", objection.id))
                .remedy(format!("`tracker show {}` tells more", objection.id))
        })?;
        records.append(&Step { mail: Some(id), ..step })?;
        intake::keep_code(records, objection.id, id, kept.received_at, &code)?;
        find(records, objection.id.0)
    })?;
    let KeptMail { kept, .. } = find_mail(store.records(), id)?;
    let text = || format!("{}\n", report::change(&kept, Some(&objection.at(context.now))));
    let mut output = context.output(|| report::mail(&kept), text);
    output.warnings.extend(offer(context, store.records(), id, &rules)?);
    Ok(output)
}

/// The objection that a mail fits, if it is one alone.
fn only_candidate(kept: &Kept) -> Result<i64, Failure> {
    match kept.candidates.as_slice() {
        [only] => Ok(only.0),
        several => {
            let fits = if several.is_empty() { "no recorded objection" } else { "several objections" };
            Err(Failure::usage(format!("mail {} fits {fits}", kept.id)).remedy("name one with --objection ID"))
        }
    }
}

fn code(id: MailId, raw: &[u8], rules: &Rules) -> Result<FoundCode, Failure> {
    let digits = intake::code_of(raw, rules).ok_or_else(|| {
        Failure::refused(format!("mail {id} holds no single code"))
            .remedy(format!("read it with `tracker held show {id}`"))
    })?;
    let valid_for = intake::reread(raw, rules).and_then(|reading| match reading.code {
        FoundCode::One(_, valid_for) => valid_for,
        _ => None,
    });
    Ok(FoundCode::One(digits, valid_for))
}

/// If no rule recognised the mail, proposes one that would have read it as the person did.
fn offer(context: &Context<'_>, records: Records<'_>, id: MailId, rules: &Rules) -> Result<Option<String>, Failure> {
    let KeptMail { kept, raw } = find_mail(records, id)?;
    let Some((_, after)) = kept.states.filter(|_| kept.signal == Signal::None) else { return Ok(None) };
    let Ok(signal) = after.as_str().parse() else { return Ok(None) };
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

/// Dismisses all of these mails, or none if one of them is not held.
fn dismiss(context: &Context<'_>, ids: &[MailId]) -> Result<Output, Failure> {
    let mut store = context.store()?;
    let dismissed = store.transaction(|records| {
        let dismiss = |id: &MailId| {
            if find_mail(records, *id)?.kept.outcome != Outcome::Held {
                return Err(
                    Failure::refused(format!("mail {id} is not held")).remedy("`tracker held` shows those that are")
                );
            }
            records.note_decision(*id, Outcome::Ignored, context.now)?;
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

/// Dismisses all mails whose sender is not proven.
fn dismiss_unproven(context: &Context<'_>) -> Result<Output, Failure> {
    let dismissed = context.store()?.transaction::<_, Failure>(|records| {
        let mut unproven = records.held()?;
        unproven.retain(|mail| mail.verdict.result != Proof::Authentic);
        for mail in &mut unproven {
            mail.outcome = Outcome::Ignored;
            records.note_decision(mail.id, Outcome::Ignored, context.now)?;
        }
        Ok(unproven)
    })?;
    let mails = if dismissed.len() == 1 { "mail" } else { "mails" };
    let text = format!("{} {mails} dismissed; they are kept for 90 days\n", dismissed.len());
    Ok(context.output(|| dismissed.iter().map(report::mail).collect(), || text))
}

fn find_mail(records: Records<'_>, id: MailId) -> Result<KeptMail, Failure> {
    let none = || Failure::refused(format!("no mail {id}")).remedy("`tracker held` shows those that wait");
    records.mail(id)?.ok_or_else(none)
}
