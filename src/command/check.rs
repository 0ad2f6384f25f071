//! `tracker check`: looks at every account once.

use super::{Context, Failure, Output, complete, round};
use crate::round::Terms;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker check                       silent when nothing changed, so that cron mails only news
  tracker check --account home
  tracker check --dry-run
  */15 * * * *  tracker check         in a crontab; `tracker schedule` writes it")]
pub struct Args {
    /// Only this account (may be repeated)
    #[arg(long = "account", value_name = "A", add = complete::accounts())]
    pub accounts: Vec<String>,
    /// Look again at everything since the oldest submission that is pending or still watched
    #[arg(long)]
    pub full: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let accounts = context.config.select(&args.accounts)?;
    let rules = context.rules()?;
    let terms = Terms { is_full: args.full, is_dry_run: args.dry_run, ..round::terms(context, &rules) };
    let news = round::check(context, terms, &accounts, &mut |news| round::print(context, news))?;
    let busy = || Failure::unavailable("another check is running").remedy("wait for it to end");
    Ok(round::rest(news.ok_or_else(busy)?))
}
