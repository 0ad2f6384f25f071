//! `[hooks]`: who is told of changes. The record is written by then, so that whoever can't be told loses nothing.

use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{Context, Failure, Output};
use crate::net::http;
use crate::objection::Objection;
use crate::report;
use crate::signal::Signal;
use crate::store::{Kept, Records, Store, StoreError};
use crate::system::process;

/// How long the command may take for one change.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take for all: other checks wait meanwhile.
const PATIENCE_FOR_ALL: Duration = Duration::from_mins(5);

/// Tells of newly judged mails, and of what did not come, and notes that; `lines` says the same for people, a line each.
/// What a command prints goes nowhere; that somebody could not be told is said.
pub fn tell(
    context: &Context<'_>,
    store: &mut Store,
    (mails, missing): (&[Kept], &[Objection]),
    lines: &str,
    output: &mut Output,
) -> Result<(), Failure> {
    if lines.is_empty() {
        return Ok(());
    }
    notices(context, store.records(), mails, lines, output)?;
    told(context, store, &[], missing)?;
    let until = Instant::now().checked_add(PATIENCE_FOR_ALL);
    for mail in mails {
        if until.is_some_and(|until| Instant::now() > until) {
            let what = "`on_change` in [hooks] takes too long for so many changes";
            output.failures.push(Failure::unavailable(what).remedy("the next check tells the rest"));
            break;
        }
        on_change(context, mail, output);
        told(context, store, std::slice::from_ref(mail), &[])?;
    }
    Ok(())
}

/// Notes what the user was told. Who is cut off before that tells it again, rather than not at all.
pub fn told(context: &Context<'_>, store: &mut Store, mails: &[Kept], missing: &[Objection]) -> Result<(), Failure> {
    Ok(store.transaction::<_, StoreError>(|records| {
        mails.iter().try_for_each(|mail| records.told_of(mail.id))?;
        missing.iter().try_for_each(|objection| records.notice(objection.id, &objection.next(context.now)))
    })?)
}

/// What is told of all changes at once.
fn notices(
    context: &Context<'_>,
    records: Records<'_>,
    mails: &[Kept],
    lines: &str,
    output: &mut Output,
) -> Result<(), Failure> {
    let mut fault = |what: String, remedy: &str| output.failures.push(Failure::unavailable(what).remedy(remedy));
    let hooks = &context.config.hooks;
    let mut text = lines.to_owned();
    if hooks.include_code {
        text.push_str(&codes(context, records, mails)?);
    }
    if hooks.desktop
        && let Err(why) = desktop(&text)
    {
        fault(format!("a notice on the desktop {why}"), "mend it, or remove `desktop` from [hooks]");
    }
    if let Some(address) = &hooks.mail_to
        && let Err(why) = send(address, &text)
    {
        fault(format!("`sendmail` {why}"), "mend it, or remove `mail_to` from [hooks]");
    }
    if let Some(url) = &hooks.ntfy
        && let Err(why) = http::post(url, &[("Title", "tracker")], &text)
    {
        fault(format!("`ntfy` in [hooks] can't be told: {why}"), "check its address and the network");
    }
    if let Some(url) = &hooks.webhook {
        let changes: Vec<Value> = mails.iter().map(value).collect();
        let body = json!({ "text": text, "mails": changes }).to_string();
        if let Err(why) = http::post(url, &[("Content-Type", "application/json")], &body) {
            fault(format!("`webhook` in [hooks] can't be told: {why}"), "check its address and the network");
        }
    }
    Ok(())
}

/// The user's command.
fn on_change(context: &Context<'_>, mail: &Kept, output: &mut Output) {
    let Some(command) = &context.config.hooks.on_change else { return };
    if let Err(why) = process::run(command, Some(format!("{}\n", value(mail))), PATIENCE) {
        let what = format!("`on_change` in [hooks] {why} when told of mail {}, which is recorded", mail.id);
        output.failures.push(Failure::unavailable(what).remedy("run it by hand to see why"));
    }
}

/// A mail as JSON.
fn value(mail: &Kept) -> Value {
    let mut told = report::mail(mail);
    // A code may stand in the subject.
    if let (Signal::VerificationCode, Some(subject)) = (mail.signal, told.get_mut("subject")) {
        *subject = Value::Null;
    }
    told
}

/// The codes that came, for who wants them in notices.
fn codes(context: &Context<'_>, records: Records<'_>, mails: &[Kept]) -> Result<String, Failure> {
    let came = mails.iter().filter(|mail| mail.signal == Signal::VerificationCode);
    let mut lines = String::new();
    for objection in came.filter_map(|mail| mail.outcome.objection()) {
        if let Some(code) = records.usable_code(Some(objection), context.now)? {
            lines.push_str(&format!("the code for objection {objection}: {}\n", code.digits.expose_secret()));
        }
    }
    Ok(lines)
}

fn desktop(text: &str) -> Result<String, String> {
    if cfg!(target_os = "macos") {
        let script = ["on run argv", "display notification (item 1 of argv) with title \"tracker\"", "end run"];
        let args: Vec<&str> = script.iter().flat_map(|line| ["-e", line]).chain([text]).collect();
        return process::call("osascript", &args, None);
    }
    // The body is markup (Desktop Notifications Specification).
    let body = text.trim_end().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let args = ["--app-name=tracker", "--", "tracker", &body];
    match session_bus() {
        None => process::call("notify-send", &args, None),
        Some(bus) => process::call("env", &[&[bus.as_str(), "notify-send"], &args[..]].concat(), None),
    }
}

/// Where the user's session listens, as an assignment: cron does not tell.
#[cfg(unix)]
fn session_bus() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() {
        return None;
    }
    let uid = std::fs::metadata(etcetera::home_dir().ok()?).ok()?.uid();
    let path = format!("/run/user/{uid}/bus");
    std::path::Path::new(&path).exists().then(|| format!("DBUS_SESSION_BUS_ADDRESS=unix:path={path}"))
}

#[cfg(not(unix))]
fn session_bus() -> Option<String> {
    None
}

/// Cron's path does not hold the directory that `sendmail` is in.
fn send(address: &str, text: &str) -> Result<String, String> {
    let mut result = Err(String::new());
    for program in ["sendmail", "/usr/sbin/sendmail", "/usr/lib/sendmail"] {
        result = process::call(program, &["-i", "--", address], Some(mail(address, text)));
        if !matches!(&result, Err(why) if why.starts_with("can't be started")) {
            break;
        }
    }
    result
}

fn mail(address: &str, text: &str) -> String {
    let count = text.lines().count();
    format!(
        "To: {address}\nSubject: tracker: {count} {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\n\n{text}",
        if count == 1 { "change" } else { "changes" }
    )
}
