//! `tracker ingest`: the same judgement on mail from files and folders.

use std::cell::RefCell;

use super::context::trusted_in_files;
use super::failure::parted;
use super::{Context, Failure, Output, check, hook};
use crate::check::{Check, Origin};
use crate::cli::Ingest;
use crate::net::dns::Dns;
use crate::source::disk::Error;
use crate::store::Place;
use crate::system::progress;

pub fn run(context: &Context<'_>, args: &Ingest) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let account = context.account(args.account.as_deref())?;
    let mut store = context.store()?;
    let (mut failures, mut warnings) = (Vec::new(), Vec::new());
    let mut mails = check::reconsider(context, &mut store, &rules)?;
    let place = Place { account: account.map(|a| a.name.clone()), ..Place::default() };
    let trusted = trusted_in_files(account);
    let origin = Origin { place: &place, trusted: &trusted, is_polled: false };
    let dns = RefCell::new(Dns::new(&context.config.dkim));
    let checker = Check { rules: &rules, now: context.now, full: args.full, dns, progress: context.progress() };
    for path in &args.paths {
        let gathered = checker.disk(&mut store, &origin, path)?;
        mails.extend(gathered.mails);
        if gathered.skipped > 0 {
            let size = progress::size(gathered.skipped);
            warnings.push(format!("`{}`: {size} of it were read before; --full reads them again", path.display()));
        }
        failures.extend(gathered.errors.iter().map(|error| {
            let fault = parted(error);
            if matches!(error, Error::NoMail(_)) { Failure::refused(fault) } else { Failure::usage(fault) }
        }));
        failures.extend(gathered.waiting.iter().map(|why| Failure::unavailable(parted(why))));
    }
    let lines = check::lines(context, store.records(), &mails, &[])?;
    let mut output = check::report(context, &[], &mails, &[], &lines);
    (output.failures, output.warnings) = (failures, warnings);
    if output.print(context.console)? {
        hook::tell(context, &mut store, (&mails, &[]), &lines, &mut output)?;
    }
    Ok(output)
}
