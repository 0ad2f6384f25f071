//! A round as the verbs make it: what it brings is printed, and only then told to others.

use jiff::Timestamp;

use super::when::trust_clock;
use super::{Context, Failure, Output};
use crate::check::Trouble;
use crate::config::Account;
use crate::notify;
use crate::round::{self, News, Round, Terms};
use crate::signal::Rules;

/// How a verb tells the user of news. It returns whether the user was there to be told.
pub type Say<'s> = &'s mut dyn FnMut(&News) -> Result<bool, Failure>;

/// What a round is given where the command line asks for nothing special.
pub fn terms<'a>(context: &'a Context<'_>, rules: &'a Rules) -> Terms<'a> {
    Terms {
        config: &context.config,
        rules,
        now: context.now,
        progress: context.progress(),
        is_full: false,
        is_dry_run: false,
    }
}

/// Looks at some accounts and tells of the news; `None` while another round is running, which takes the mail in as well.
pub fn check(
    context: &Context<'_>,
    terms: Terms<'_>,
    accounts: &[&Account],
    say: Say<'_>,
) -> Result<Option<News>, Failure> {
    trust_clock(terms.now)?;
    let store = context.store()?;
    let lock = round::lock(store.path()).map_err(Failure::unavailable)?;
    let Some(_lock) = lock else { return Ok(None) };
    let mut round = Round::new(store, terms)?;
    let news = round.check(accounts)?;
    tell(context, &mut round, news, say).map(Some)
}

/// Looks at all accounts as of this moment, for a verb that goes on running: the user's rules are read anew.
pub fn check_all(context: &Context<'_>, now: Timestamp, say: Say<'_>) -> Result<Option<News>, Failure> {
    let rules = context.rules()?;
    let accounts: Vec<&Account> = context.config.accounts.iter().collect();
    check(context, Terms { now, ..terms(context, &rules) }, &accounts, say)
}

/// Tells the user, and then whom `[hooks]` names. Where the user can't be told nobody is, so that the next check does it.
pub fn tell(context: &Context<'_>, round: &mut Round<'_>, mut news: News, say: Say<'_>) -> Result<News, Failure> {
    if say(&news)? && !round.terms.is_dry_run {
        news.sort();
        let faults = notify::tell(&context.config.hooks, &news, &mut round.store)?;
        news.troubles.extend(faults.into_iter().map(Trouble::Outage));
    }
    Ok(news)
}

/// Prints news as lines, or as JSON where that was asked for; false if nobody reads it any more.
pub fn print(context: &Context<'_>, news: &News) -> Result<bool, Failure> {
    context.output(|| news.json(), || news.lines()).print(context.console)
}

/// What is left to say when the news are printed.
pub fn rest(news: News) -> Output {
    let looks = news.accounts.into_iter().flat_map(|seen| seen.troubles);
    Output {
        text: String::new(),
        failures: looks.chain(news.troubles).map(Failure::from).collect(),
        warnings: news.warnings.iter().map(ToString::to_string).collect(),
    }
}

/// The accounts to stay connected to; there must be one.
pub fn watched<'a>(context: &'a Context<'_>) -> Result<&'a [Account], Failure> {
    if context.config.accounts.is_empty() {
        return Err(Failure::usage("no account is configured").remedy("add one with `tracker setup`"));
    }
    Ok(&context.config.accounts)
}
