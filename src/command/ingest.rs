//! `tracker ingest`: the same judgement on mail from files and folders.

use std::path::PathBuf;

use super::context::trusted_in_files;
use super::when::trust_clock;
use super::{Context, Failure, Output, complete, round};
use crate::check::Origin;
use crate::round::{Round, Terms};
use crate::store::Place;

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
    trust_clock(context.now)?;
    let rules = context.rules()?;
    let account = context.account(args.account.as_deref())?;
    let place = Place { account: account.map(|a| a.name.clone()), ..Place::default() };
    let origin = Origin { place: &place, trusted: &trusted_in_files(account), is_polled: false };
    let mut round = Round::new(context.store()?, Terms { is_full: args.full, ..round::terms(context, &rules) })?;
    let news = round.ingest(&origin, &args.paths)?;
    let news = round::tell(context, &mut round, news, &mut |news| round::print(context, news))?;
    Ok(round::rest(news))
}
