//! `tracker ingest`: the same judgement on mail from files and folders.

use super::{Context, Failure, Output, round, trusted_in_files};
use crate::check::Origin;
use crate::cli::Ingest;
use crate::round::{Round, Terms};
use crate::store::Place;

pub fn run(context: &Context<'_>, args: &Ingest) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let account = context.account(args.account.as_deref())?;
    let place = Place { account: account.map(|a| a.name.clone()), ..Place::default() };
    let origin = Origin { place: &place, trusted: &trusted_in_files(account), is_polled: false };
    let mut round = Round::new(context.store()?, Terms { is_full: args.full, ..round::terms(context, &rules) })?;
    let news = round.ingest(&origin, &args.paths)?;
    let news = round::tell(context, &mut round, news, &mut |news| round::print(context, news))?;
    Ok(round::rest(news))
}
