//! `tracker check`: looks at every account once.

use super::{Context, Failure, Output, Status, round};
use crate::cli;
use crate::round::Terms;

pub fn run(context: &Context<'_>, args: &cli::Check) -> Result<Output, Failure> {
    let accounts = context.config.select(&args.accounts)?;
    let rules = context.rules()?;
    let terms = Terms { is_full: args.full, is_dry_run: args.dry_run, ..round::terms(context, &rules) };
    let news = round::check(context, terms, &accounts, &mut |news| round::print(context, news))?;
    let busy = || Failure::new(Status::Unavailable, "another check is running; wait for it to end");
    Ok(round::rest(news.ok_or_else(busy)?))
}
