//! `tracker ingest`: the same judgement on mail from files and folders.

use std::cell::RefCell;
use std::path::PathBuf;

use super::context::trusted_in_files;
use super::failure::parted;
use super::{Context, Failure, Output, check, complete, hook};
use crate::check::{Check, Origin};
use crate::net::dns::Dns;
use crate::source::disk::Error;
use crate::store::Place;
use crate::system::progress;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker ingest saved.eml --account home
  tracker ingest ~/Downloads/Takeout ~/.thunderbird
  tracker ingest - < saved.eml")]
pub struct Args {
    /// Mails, mboxes, Maildirs or folders of them, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The account that they were delivered to: its `authserv_ids` are believed [default: the only account]
    #[arg(long, value_name = "A", add = complete::accounts())]
    pub account: Option<String>,
    /// Read again what was read before: an mbox is read from its last mail on, a Maildir's mail once
    #[arg(long)]
    pub full: bool,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
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
