//! Who else is told of news (`[hooks]`): the user's command, the desktop, a mail address, and the web.
//!
//! Everything is recorded by then, so a failure to tell loses nothing. What was told is noted here; whoever is cut off
//! before that tells it again, rather than not at all.

mod command;
mod desktop;
mod mail;
mod web;

use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::config::Hooks;
use crate::fault::Fault;
use crate::report;
use crate::round::News;
use crate::signal::Signal;
use crate::store::{Kept, Outcome, Records, Store, StoreError};
use crate::trust::Proof;

/// So many mails are posted to a webhook at a time, those that changed something first.
const MAX_MAILS: usize = 100;
/// So many held mails that nothing proves are told one by one.
const MAX_UNPROVEN: usize = 20;
/// How long the user's command may take for all changes: other checks wait meanwhile.
const PATIENCE_FOR_ALL: Duration = Duration::from_mins(5);

/// Tells of news, of which the user is told already; returns what went wrong. What the user's command was not told of for
/// want of time, the next check tells.
pub(crate) fn tell(hooks: &Hooks, news: &News, store: &mut Store) -> Result<Vec<Fault>, StoreError> {
    if news.is_empty() && news.reviewed_by.is_none() {
        return Ok(Vec::new());
    }
    let notice = notice(hooks, news, store.records())?;
    let mut troubles = if news.is_empty() { Vec::new() } else { send(hooks, news, &notice) };
    store.transaction(|records| {
        news.reviewed_by.iter().try_for_each(|basis| records.note_reviewed(basis))?;
        news.missing.iter().try_for_each(|objection| records.record_notice(objection.id, &objection.at(news.at).next))
    })?;
    let until = Instant::now().checked_add(PATIENCE_FOR_ALL);
    for mail in &news.mails {
        if until.is_some_and(|until| Instant::now() > until) {
            let what = "`on_change` in [hooks] takes too long for so many changes";
            troubles.push(Fault::new(what).remedy("the next check tells the rest"));
            break;
        }
        if let Some(command) = &hooks.on_change {
            troubles.extend(command::tell(command, mail).err());
        }
        store.transaction(|records| records.note_told(mail.id))?;
    }
    Ok(troubles)
}

/// Sends one notice of all news to each who wants one.
fn send(hooks: &Hooks, news: &News, notice: &str) -> Vec<Fault> {
    let results = [
        hooks.desktop.then(|| desktop::tell(&summary(news))),
        hooks.mail_to.as_deref().map(|address| mail::tell(address, notice)),
        hooks.ntfy.as_deref().map(|topic| web::tell_ntfy(topic, notice)),
        hooks
            .webhook
            .as_deref()
            .map(|url| web::tell_webhook(url, notice, news.mails.get(..MAX_MAILS).unwrap_or(&news.mails))),
    ];
    results.into_iter().flatten().filter_map(Result::err).collect()
}

/// What the user was told. Of mail that nothing proves only the first are told one by one: anybody can send any amount.
fn summary(news: &News) -> String {
    let is_unproven = |mail: &&Kept| mail.outcome == Outcome::Held && mail.verdict.result != Proof::Authentic;
    let unproven = news.mails.iter().filter(is_unproven).count();
    let more = unproven.saturating_sub(MAX_UNPROVEN);
    if more == 0 {
        return news.lines();
    }
    let mut left = MAX_UNPROVEN;
    let mut is_told = |mail: &Kept| {
        let is_told = !is_unproven(&mail) || left > 0;
        left = left.saturating_sub(usize::from(is_unproven(&mail)));
        is_told
    };
    let lines = news.lines_of(&mut is_told);
    format!("{lines}{more} more mails are held that nothing proves; see: tracker held\n")
}

/// What the user was told, with the codes that came where they are wanted.
fn notice(hooks: &Hooks, news: &News, records: Records<'_>) -> Result<String, StoreError> {
    let mut text = summary(news);
    let came = news.mails.iter().filter(|mail| hooks.include_code && mail.signal == Signal::VerificationCode);
    for objection in came.filter_map(|mail| mail.outcome.objection()) {
        if let Some(code) = records.usable_code(Some(objection), news.at)? {
            text.push_str(&format!("the code for objection {objection}: {}\n", code.digits.expose_secret()));
        }
    }
    Ok(text)
}

/// A mail as JSON. The subject of one with a code is left out, for the code may stand in it.
fn json(mail: &Kept) -> Value {
    let mut json = report::mail(mail);
    if let (Signal::VerificationCode, Some(subject)) = (mail.signal, json.get_mut("subject")) {
        *subject = Value::Null;
    }
    json
}
