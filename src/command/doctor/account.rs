//! What `doctor` says of an account: whether it can be read, whom it believes, and when it was last read.

use jiff::{SignedDuration, Timestamp};

use super::points::Points;
use crate::check::{Diagnosis, diagnose};
use crate::command::{Context, Failure, Status};
use crate::config::{Account, Imap, Source};
use crate::fault::Fault;
use crate::report;
use crate::secret::PasswordSource;
use crate::store::{Records, Store};
use crate::system::files::{make_private, open_mode};

/// If an account was not read for this long, no schedule reads it.
const MAX_PAUSE: SignedDuration = SignedDuration::from_hours(48);
/// A schedule reads each account within this time.
const SOON: SignedDuration = SignedDuration::from_hours(1);

impl Points {
    /// Connects to the account and logs in.
    ///
    /// # Errors
    /// If that did not work, the exit status that it stands for.
    pub fn account(&mut self, account: &Account, now: Timestamp) -> Result<(), Status> {
        let what = format!("account {}", account.name);
        if let Source::Imap(Imap { password: PasswordSource::File(path), .. }) = &account.source
            && let Some(mode) = open_mode(path)
        {
            let fault = Fault::new(format!("`{}`: others can read it (mode {mode:o})", path.display()));
            self.fault(&what, fault.remedy(make_private(path)));
            return Err(Status::Usage);
        }
        let found = diagnose(account, now);
        let status = match &found {
            Ok(_) => Ok(()),
            Err(error) if error.is_mistake() => Err(Status::Usage),
            Err(_) => Err(Status::Unavailable),
        };
        match found {
            Err(error) => self.fault(&what, Fault::from(error)),
            Ok(found) if found.mailboxes.is_empty() => {
                self.fault(&what, Fault::new("none of its mailboxes is there").remedy("correct `mailboxes`"));
            }
            Ok(found) => {
                self.ok(&what, format!("reads {}", found.mailboxes.join(", ")));
                if found.lacks_junk {
                    let remedy = format!("name it in [accounts.{}]: mailboxes = [\"INBOX\", \"…\"]", account.name);
                    self.fault(&what, Fault::new("no junk mailbox is found; answers may land in one").remedy(remedy));
                }
                self.sender_proof(&what, account, &found);
                self.store(&what, account, &found);
            }
        }
        status
    }

    /// Notices that an account's store re-encodes mail.
    fn store(&mut self, what: &str, account: &Account, found: &Diagnosis) {
        if found.is_rewritten(&account.trusted) {
            let fault = format!(
                "no signature of {} recent mails fits their bodies, though the server says that all are good: mail is \
                 re-encoded after its server judged it",
                found.passed
            );
            let remedy = format!("add to [accounts.{}]: rewrites = true", account.name);
            self.fault(what, Fault::new(fault).remedy(remedy));
        }
    }

    /// Compares the servers that the account believes with those whose results (RFC 8601) stand in its recent mails.
    fn sender_proof(&mut self, what: &str, account: &Account, found: &Diagnosis) {
        if !matches!(account.source, Source::Imap(_)) {
            let named = match account.trusted.authserv_ids.as_slice() {
                [] => "none, so only DKIM signatures count".to_owned(),
                ids => ids.join(", "),
            };
            return self.ok(what, format!("in mail on disk, believes those that `authserv_ids` names: {named}"));
        }
        let (believed, others): (Vec<_>, Vec<_>) =
            found.authserv_ids.iter().partition(|(id, _)| account.trusted.believes(id));
        let seen = |ids: &[(&String, &usize)]| {
            let each = |(id, count): &(&String, &usize)| format!("{id} ({count} of {} recent mails)", found.sampled);
            ids.iter().map(each).collect::<Vec<_>>().join(", ")
        };
        match (believed.is_empty(), found.proposal(&account.trusted)) {
            (false, _) => self.ok(what, format!("believes {}", seen(&believed))),
            (true, Some(id)) => {
                let fault = format!("believes none of those whose word recent mails bear: {}", seen(&others));
                let remedy = format!(
                    "if `{id}` is your provider's server, add to [accounts.{}]: authserv_ids = [\"{id}\"]",
                    account.name
                );
                self.fault(what, Fault::new(fault).remedy(remedy));
            }
            (true, None) => {
                self.ok(what, "no server says in recent mails who sent them, so only DKIM signatures count");
            }
        }
    }

    /// Reports when the account was last read, if an answer is awaited or a decision is watched.
    pub fn last_check(
        &mut self,
        context: &Context<'_>,
        account: &Account,
        store: &Store,
        is_scheduled: bool,
    ) -> Result<(), Failure> {
        let now = context.now;
        let what = format!("account {}", account.name);
        let objections = store.records().watched_objections(context.config.check.after_decision)?;
        let awaited = objections.iter().filter(|o| o.is_awaited(now));
        let oldest = awaited.map(|o| o.submitted_at).min();
        let is_new = oldest.is_some_and(|at| now.duration_since(at) < SOON);
        let unread = |message: String| {
            Fault::new(message).remedy("let the system run `tracker check`, as `tracker schedule` does")
        };
        match store.records().last_check(&account.name)? {
            _ if oldest.is_none() => self.ok(&what, "nothing is awaited, so nothing is looked for"),
            None if is_new && is_scheduled => self.ok(&what, "is not read yet; the schedule will"),
            None => self.fault(&what, unread("was never read to the end".to_owned())),
            Some(at) if now.duration_since(at) > MAX_PAUSE => {
                self.fault(&what, unread(format!("was last read on {}", report::when(at))));
            }
            Some(at) => self.ok(&what, format!("was last read on {}", report::when(at))),
        }
        Ok(())
    }
}

/// Whether an objection is pending and an account was not read lately.
pub fn is_schedule_missed(context: &Context<'_>, records: Records<'_>) -> Result<bool, Failure> {
    let objections = records.watched_objections(context.config.check.after_decision)?;
    if !objections.iter().any(|o| o.is_awaited(context.now)) {
        return Ok(false);
    }
    for account in &context.config.accounts {
        let last = records.last_check(&account.name)?;
        if last.is_none_or(|at| context.now.duration_since(at) >= SOON) {
            return Ok(true);
        }
    }
    Ok(false)
}
