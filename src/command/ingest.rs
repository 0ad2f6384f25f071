//! `tracker ingest`: the same judgement on mail from files.

use std::path::Path;

use super::{Context, Failure, Output, Status, check, read_input, trusted_in_files};
use crate::cli::Ingest;
use crate::dns::Dns;
use crate::intake::{Arrival, Intake, Taken, names_of_keys};
use crate::mail::header;
use crate::signal::Rules;
use crate::store::{Kept, Place, Store};
use crate::trust::{Trusted, Witnesses};

pub fn run(context: &Context<'_>, args: &Ingest) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let account = context.account(args.account.as_deref())?;
    let mut store = context.store()?;
    let mut failures = Vec::new();
    let mut mails = check::reconsider(context, &mut store, &rules)?;
    let mut door = Door {
        context,
        rules: &rules,
        trusted: trusted_in_files(account),
        place: Place { account: account.map(|a| a.name.clone()), ..Place::default() },
        dns: Dns::new(&context.config.dkim),
    };
    for path in &args.paths {
        match door.take(&mut store, path) {
            Ok(taken) => mails.extend(taken),
            Err(failure) => failures.push(failure),
        }
    }
    let mut output = check::report(context, store.records(), &[], &mails)?;
    output.failures = failures;
    Ok(output)
}

/// What mail from files comes in by.
struct Door<'a> {
    context: &'a Context<'a>,
    rules: &'a Rules,
    trusted: Trusted,
    place: Place,
    dns: Dns,
}

impl Door<'_> {
    /// Takes a file's mail in. One whose sender can't be told for want of DNS is not recorded, and said to be so.
    fn take(&mut self, store: &mut Store, path: &Path) -> Result<Option<Kept>, Failure> {
        let raw = read_input(path)?;
        let shown = path.display();
        if header::scan(&raw).0.is_empty() {
            let message = format!("`{shown}` is not a mail: it has no header; give a file in RFC 5322 form");
            return Err(Failure::new(Status::Refused, &message));
        }
        let now = self.context.now;
        if self.dns.is_on() {
            self.dns.ask(names_of_keys(&raw, None, now, self.rules));
        }
        let witnesses = Witnesses { trusted: &self.trusted, keys: self.dns.keys() };
        let taken = store.transaction(|records| {
            Intake::new(records, self.rules, witnesses, now)?.take(&self.place, &raw, Arrival::default())
        })?;
        if let Taken::PutBack(why) = taken {
            let message = format!(
                "`{shown}` was not taken in: DNS can't be reached to verify its DKIM signature: {why}; run again later, \
                 or check the network and `nameserver` in [dkim]"
            );
            return Err(Failure::new(Status::Unavailable, &message));
        }
        Ok(taken.kept())
    }
}
