//! `[hooks] on_change`: the user's command, once for each mail that was newly applied or held.

use std::time::Duration;

use super::{Context, Failure, Output, Status};
use crate::process;
use crate::report;
use crate::signal::Signal;
use crate::store::Kept;

/// How long the command may take for one change.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tells the user's command of each mail, as JSON on its standard input. What it prints goes nowhere; that it failed is
/// said, and changes nothing: the record is written by then.
pub fn on_change(context: &Context<'_>, mails: &[Kept], output: &mut Output) {
    let Some(command) = &context.config.on_change else { return };
    for mail in mails {
        let mut told = report::mail(mail);
        // A code may stand in the subject.
        if let (Signal::VerificationCode, Some(subject)) = (mail.signal, told.get_mut("subject")) {
            *subject = serde_json::Value::Null;
        }
        if let Err(why) = process::run(command, Some(format!("{told}\n")), PATIENCE) {
            let message = format!(
                "`on_change` in [hooks] {why} when told of mail {}, which is recorded; run it by hand to see why",
                mail.id
            );
            output.failures.push(Failure::new(Status::Unavailable, &message));
        }
    }
}
