//! `tracker check`: looks at every account once.

use std::cell::RefCell;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::{Context, Failure, Output, Status, hook, now};
use crate::check::Check;
use crate::cli;
use crate::config::Account;
use crate::intake::Intake;
use crate::net::dns::Dns;
use crate::objection::{Action, Objection};
use crate::report;
use crate::signal::Rules;
use crate::store::{Kept, Records, Store};
use crate::system::files::private;
use crate::trust::{Trusted, Witnesses};

/// Why a check was not made while another was.
const BUSY: &str = "another check is running";

pub fn run(context: &Context<'_>, args: &cli::Check) -> Result<Output, Failure> {
    once(context, args, &mut |output, _| output.print())
}

/// One check. `say` tells the user of its news, which are a line each, before anybody else is told; what it could not tell
/// the next check does.
pub fn once(
    context: &Context<'_>,
    args: &cli::Check,
    say: &mut dyn FnMut(&mut Output, &str) -> Result<(), Failure>,
) -> Result<Output, Failure> {
    let accounts = context.config.select(&args.accounts)?;
    let rules = context.rules()?;
    let mut store = context.store()?;
    let _lock = lock(store.path())?;
    if args.dry_run {
        store = store.rehearsal()?;
    }
    let mut mails = owed(context, &mut store, &rules)?;
    let dns = RefCell::new(Dns::new(&context.config.dkim));
    let check = Check { rules: &rules, now: context.now, full: args.full, dns, progress: context.progress() };
    let mut seen = Vec::new();
    for account in accounts {
        tracing::info!(account = account.name, "checking");
        let (account, new) = check.account(&mut store, account);
        seen.push(account);
        mails.extend(new);
    }
    // What could not be looked at may hold the mail that seems to be missing.
    let is_complete = seen.len() == context.config.accounts.len() && seen.iter().all(|account| account.ok);
    let missing = if is_complete { missing(context, &store)? } else { Vec::new() };
    let lines = lines(context, store.records(), &mails, &missing)?;
    let mut output = report(context, &seen, &mails, &missing, &lines);
    output.failures = seen
        .iter()
        .filter_map(|account| Some((account.is_misconfigured, account.error.as_ref()?)))
        .map(|(is_misconfigured, error)| {
            Failure::new(if is_misconfigured { Status::Usage } else { Status::Unavailable }, error)
        })
        .collect();
    output.warnings = warnings(context, &store)?;
    say(&mut output, &lines)?;
    if !args.dry_run {
        hook::tell(context, &mut store, (&mails, &missing), &lines, &mut output)?;
    }
    Ok(output)
}

/// What the user is to be told before anything is looked at: what a run that was cut off recorded and did not tell, and
/// what becomes of held mails that are judged once more.
fn owed(context: &Context<'_>, store: &mut Store, rules: &Rules) -> Result<Vec<Kept>, Failure> {
    reconsider(context, store, rules)?;
    Ok(store.records().untold()?)
}

/// Judges held mails once more, whose verdicts stay, so that nobody need bear witness.
pub fn reconsider(context: &Context<'_>, store: &mut Store, rules: &Rules) -> Result<Vec<Kept>, Failure> {
    let witnesses = Witnesses { trusted: &Trusted::default(), keys: None };
    Ok(store.transaction(|records| Intake::new(records, rules, witnesses, context.now)?.reconsider())?)
}

/// What newly judged mails changed, and what did not come: a line each.
pub fn lines(
    context: &Context<'_>,
    records: Records<'_>,
    mails: &[Kept],
    missing: &[Objection],
) -> Result<String, Failure> {
    let mut lines = String::new();
    for mail in mails {
        let objection = mail.outcome.objection().map(|id| records.objection(id)).transpose()?.flatten();
        lines.push_str(&report::change(mail, objection.as_ref(), context.now));
        lines.push('\n');
    }
    for objection in missing {
        lines.push_str(&report::missing(objection, context.now));
        lines.push('\n');
    }
    Ok(lines)
}

/// The same as JSON where that was asked for.
pub fn report(
    context: &Context<'_>,
    accounts: &[report::Account],
    mails: &[Kept],
    missing: &[Objection],
    lines: &str,
) -> Output {
    context.output(|| report::run(context.now, accounts, mails, missing), || lines.to_owned())
}

/// The objections whose mail did not come, and of which that was not said before.
fn missing(context: &Context<'_>, store: &Store) -> Result<Vec<Objection>, Failure> {
    let mut missing = Vec::new();
    for objection in store.records().objections()? {
        let next = objection.next(context.now);
        let is_missing = matches!(next.action, Action::LookForMail | Action::Remind | Action::Complain);
        if is_missing && !store.records().is_noticed(objection.id, &next)? {
            missing.push(objection);
        }
    }
    Ok(missing)
}

/// One check of all accounts as of this moment, for who goes on running; none while another check is running, which takes
/// the mail in as well. Comes with the context of this moment.
pub fn again<'a>(
    context: &Context<'a>,
    say: &mut dyn FnMut(&mut Output, &str) -> Result<(), Failure>,
) -> Result<(Context<'a>, Option<Output>), Failure> {
    let context = Context { now: now()?, config: context.config.clone(), ..*context };
    let all = cli::Check { accounts: Vec::new(), full: false, dry_run: false };
    match once(&context, &all, say) {
        Ok(seen) => Ok((context, Some(seen))),
        Err(failure) if failure.message == BUSY => Ok((context, None)),
        Err(failure) => Err(failure),
    }
}

/// The accounts to stay connected to.
///
/// # Errors
/// If there are none.
pub fn watched<'a>(context: &'a Context<'_>) -> Result<&'a [Account], Failure> {
    if context.config.accounts.is_empty() {
        return Err(Failure::new(Status::Usage, "no account is configured; add one with `tracker setup`"));
    }
    Ok(&context.config.accounts)
}

/// What is not wrong enough to fail, but would be a surprise.
fn warnings(context: &Context<'_>, store: &Store) -> Result<Vec<String>, Failure> {
    let mut warnings = Vec::new();
    let is_pending = store.records().objections()?.iter().any(|o| o.state.is_pending());
    if is_pending && context.config.accounts.is_empty() {
        warnings.push("no account is configured, so no inbox was looked at; add one with `tracker setup`".to_owned());
    }
    Ok(warnings)
}

/// Only one check at a time: two would take the same mail in twice, and count as two logins.
fn lock(database: &Path) -> Result<File, Failure> {
    let path = PathBuf::from(format!("{}.lock", database.display()));
    let fault = |what: String| Failure::new(Status::Unavailable, &what);
    let file = private(OpenOptions::new().write(true).create(true).truncate(false))
        .open(&path)
        .map_err(|error| fault(format!("lock `{}`: {error}; check its permissions", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(fault(format!("{BUSY}; wait for it to end"))),
        Err(TryLockError::Error(error)) => {
            Err(fault(format!("lock `{}`: {error}; check its permissions", path.display())))
        }
    }
}
