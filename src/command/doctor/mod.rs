//! `tracker doctor`: what is in order, what is not, and what mends it.

mod account;
mod points;

use super::{Context, Failure, Output, Status, schedule};
use crate::fault::Fault;
use crate::net::dns::Dns;
use crate::store::Store;
use crate::trust::Answer;
use points::{DoctorPoint, Points};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker doctor
  tracker doctor --json")]
pub struct Args {}

/// A name that exists in DNS, asked for to see whether the resolver answers.
const PROBE: &str = "_dmarc.facebookmail.com";

/// `wrong` says why the configuration can't be read. If it is given, the context holds an empty configuration.
pub fn run(context: &Context<'_>, wrong: Option<Failure>) -> Result<Output, Failure> {
    let mut points = Points(Vec::new());
    let status = if let Some(failure) = wrong {
        points.fault("configuration", failure.fault);
        // Without the configuration only `--database` says where the database is.
        if context.database_file.is_some() {
            points.database(context);
        }
        Status::Usage
    } else {
        points.all(context)?
    };
    let Points(points) = points;
    let text = || points.iter().map(|point| point.line(context.console.is_terminal)).collect();
    let mut output = context.output(|| points.iter().map(DoctorPoint::json).collect(), text);
    let faults = points.iter().filter(|point| point.found.is_err()).count();
    if faults > 0 {
        let fault = Fault::new(format!("{faults} of {} are not in order", points.len()));
        output.failures.push(Failure { status, fault });
    }
    Ok(output)
}

impl Points {
    /// Looks at everything; returns the exit status if something is not in order.
    fn all(&mut self, context: &Context<'_>) -> Result<Status, Failure> {
        let mut status = Status::Unavailable;
        self.configuration(context);
        self.rules(context);
        let mut store = self.database(context);
        self.dns(context);
        let schedule = schedule::found();
        for account in &context.config.accounts {
            let admitted = self.account(account, context.now);
            if admitted == Err(Status::Usage) {
                status = Status::Usage;
            }
            if let Some(store) = &mut store {
                if admitted.is_ok() {
                    store.transaction(|records| records.clear_refusals(&account.name))?;
                }
                self.last_check(context, account, store, schedule.is_some())?;
            }
        }
        if !context.config.accounts.is_empty() {
            self.schedule(schedule, context, store.as_ref())?;
        }
        Ok(status)
    }

    fn configuration(&mut self, context: &Context<'_>) {
        let config = &context.config;
        let what = "configuration";
        match (&config.path, config.accounts.len()) {
            (None, _) => {
                let remedy = "make one with `tracker setup`, or name it with --config";
                self.fault(what, Fault::new("there is none").remedy(remedy));
            }
            (Some(path), 0) => {
                let fault = Fault::new(format!("`{}` names no account", path.display()));
                self.fault(what, fault.remedy("add one with `tracker setup`"));
            }
            (Some(path), count) => self.ok(what, format!("{}: {count} account(s)", path.display())),
        }
    }

    fn rules(&mut self, context: &Context<'_>) {
        match context.rules() {
            Ok(rules) => self.ok("rules", format!("{} languages", rules.languages().count())),
            Err(failure) => self.fault("rules", failure.fault),
        }
    }

    fn database(&mut self, context: &Context<'_>) -> Option<Store> {
        let path = context.database().map_err(|failure| self.fault("database", failure.fault)).ok()?;
        if !path.exists() {
            self.ok("database", format!("{}: none yet; the first `tracker add` makes it", path.display()));
            return None;
        }
        let opened = Store::open(&path).and_then(|store| Ok((store.damage()?, store.records().newest()?, store)));
        let (unsound, newest, store) =
            opened.map_err(|error| self.fault("database", Failure::from(error).fault)).ok()?;
        match unsound {
            None => self.ok("database", format!("{}: sound", path.display())),
            Some(why) => {
                let fault = Fault::new(format!("{}: {why}", path.display()));
                self.fault("database", fault.remedy("restore a backup of it"));
            }
        }
        match newest.filter(|newest| *newest > context.now) {
            None => self.ok("clock", context.now.to_string()),
            Some(newest) => {
                let fault = Fault::new(format!("{} is before the newest record ({newest})", context.now));
                self.fault("clock", fault.remedy("set the clock"));
            }
        }
        Some(store)
    }

    fn dns(&mut self, context: &Context<'_>) {
        let answers = Dns::new(&context.config.dkim).ask([PROBE.to_owned()]);
        let Some(answers) = answers else {
            return self.ok("DNS", "not asked: `verify = false` in [dkim]");
        };
        match answers.answer(PROBE) {
            Some(Answer::Unreachable(why)) => {
                let fault = Fault::new(format!("can't be asked: {why}"));
                self.fault("DNS", fault.remedy("check the network, or `nameserver` in [dkim]"));
            }
            _ => self.ok("DNS", "answers"),
        }
    }

    /// Reports what runs `check` regularly. An unknown scheduler may: then every account was read lately, which is fine.
    fn schedule(&mut self, known: Option<String>, context: &Context<'_>, store: Option<&Store>) -> Result<(), Failure> {
        if let Some(known) = known {
            self.ok("schedule", known);
            return Ok(());
        }
        let is_missed = match store {
            Some(store) => account::is_schedule_missed(context, store.records())?,
            None => false,
        };
        let none = Fault::new("nothing is known to run `tracker check` by itself")
            .remedy("`tracker schedule` lets the system do it");
        if is_missed {
            self.fault("schedule", none);
        } else {
            self.ok("schedule", none.to_string());
        }
        Ok(())
    }
}
