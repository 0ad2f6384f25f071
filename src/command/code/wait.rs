//! `tracker code --wait`: watches the inboxes until the code is there.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{HeldCode, held, usable};
use crate::check::{Heard, Listeners};
use crate::command::{Context, Failure, now, round};
use crate::objection::ObjectionId;
use crate::round::News;
use crate::store::{MailId, UsableCode};
use crate::trust::Proof;

/// How often the time left is shown anew.
const TICK: Duration = Duration::from_secs(1);
/// A server tells of its first mailbox only, so all mailboxes and mail on disk are looked at this often.
const REGULAR: Duration = Duration::from_secs(15);

/// What came of waiting.
pub struct Waited {
    pub code: Option<UsableCode>,
    /// What went wrong meanwhile, and why there is no code.
    pub failures: Vec<Failure>,
}

/// Waits until there is a code, or it is known that none will come. Other news are said on standard error.
pub fn wait(context: &Context<'_>, id: Option<ObjectionId>, seconds: u64) -> Result<Waited, Failure> {
    let accounts = round::watched(context)?;
    let until = Instant::now().checked_add(Duration::from_secs(seconds)).unwrap_or_else(Instant::now);
    let watch = Listeners::start(accounts);
    // A code that is held already is not the one that is waited for.
    let known = held(context, context.now)?;
    for code in &known {
        context.console.warn(is_held(code));
    }
    let mut known: Vec<MailId> = known.iter().map(|code| code.mail.id).collect();
    let (mut due, mut waited) = (Instant::now(), Waited { code: None, failures: Vec::new() });
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match next(context, &watch, left) {
            Some(Heard::Trouble(why)) => waited.note(Failure::unavailable(why)),
            Some(Heard::Misconfigured(why)) => waited.note(Failure::usage(why)),
            // No account lets us in.
            Some(Heard::End) => return Ok(waited),
            None if left.is_zero() => {
                waited.note(late(seconds));
                return Ok(waited);
            }
            None if Instant::now() < due => {}
            Some(Heard::Mail) | None => {
                due = Instant::now().checked_add(REGULAR).unwrap_or(due);
                if waited.is_over(context, id, &mut known)? {
                    return Ok(waited);
                }
            }
        }
    }
}

/// What is heard next; shows on a terminal how much time is left.
fn next(context: &Context<'_>, watch: &Listeners, left: Duration) -> Option<Heard> {
    context.console.progress(format!("waiting for the code, {} s left", left.as_secs()));
    let heard = watch.next(TICK.min(left));
    context.console.clear();
    heard
}

impl Waited {
    /// Looks at all accounts. Whether there is a code now, or one that is held, was not before, and is proven to be the
    /// controller's: anybody can send another, so that is said and the waiting goes on.
    fn is_over(
        &mut self,
        context: &Context<'_>,
        id: Option<ObjectionId>,
        known: &mut Vec<MailId>,
    ) -> Result<bool, Failure> {
        let now = now()?;
        self.look(context, now)?;
        self.code = usable(context, id, now)?;
        if self.code.is_some() {
            return Ok(true);
        }
        let mut is_over = false;
        for code in held(context, now)?.iter().filter(|code| !known.contains(&code.mail.id)).collect::<Vec<_>>() {
            known.push(code.mail.id);
            if code.mail.verdict.result == Proof::Authentic {
                self.note(is_held(code));
                is_over = true;
            } else {
                context.console.warn(is_held(code));
            }
        }
        Ok(is_over)
    }

    fn look(&mut self, context: &Context<'_>, now: Timestamp) -> Result<(), Failure> {
        // Standard output is for the digits alone.
        let mut say = |news: &News| {
            news.lines().lines().for_each(|line| context.console.warn(line));
            Ok(true)
        };
        if let Some(news) = round::check_all(context, now, &mut say)? {
            news.troubles.into_iter().for_each(|trouble| self.note(trouble.into()));
        }
        Ok(())
    }

    /// Notes what went wrong, once.
    fn note(&mut self, failure: Failure) {
        if self.failures.iter().all(|known| known.fault.message() != failure.fault.message()) {
            self.failures.push(failure);
        }
    }
}

/// Why a code that came is not given.
fn is_held(code: &HeldCode) -> Failure {
    let HeldCode { mail, is_encrypted } = code;
    if *is_encrypted {
        return Failure::refused("an encrypted mail came that may hold the code")
            .remedy(format!("open it in your mail program; what is known of it: tracker held show {}", mail.id));
    }
    let why = mail.held_reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    let what = format!("a code came and is held{why}, for it is not certain that it is Meta's and yours");
    Failure::refused(what).remedy(format!("look at it: tracker held show {}", mail.id))
}

fn late(seconds: u64) -> Failure {
    Failure::refused(format!("no code came within {seconds} s")).remedy(
        "look at `tracker held`, and for a mail in other folders than those that `tracker doctor` names, or ask for a new one in \
         the form",
    )
}
