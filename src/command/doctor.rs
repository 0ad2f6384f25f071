//! `tracker doctor`: what is in order, what is not, and what mends it.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Context, Failure, Output, Status, schedule};
use crate::check::{CheckError, Diagnosis, diagnose};
use crate::config::{Account, Imap, Source};
use crate::net::dns::Dns;
use crate::report;
use crate::secret::PasswordSource;
use crate::store::Store;
use crate::trust::Answer;

/// An account that was not read for so long is not read by a schedule.
const MAX_PAUSE: SignedDuration = SignedDuration::from_hours(48);
/// A schedule comes round within this time.
const SOON: SignedDuration = SignedDuration::from_hours(1);
/// A name that any resolver can answer for.
const PROBE: &str = "_dmarc.facebookmail.com";

/// What one look found.
struct Finding {
    what: String,
    is_ok: bool,
    /// What was found; where it is not ok, with the remedy after the last `; `.
    message: String,
}

/// `fault` is what is wrong with the configuration, which is taken for an empty one then.
pub fn run(context: &Context<'_>, fault: Option<Failure>) -> Result<Output, Failure> {
    let mut findings = Findings(Vec::new());
    let (is_known, mut status) = if fault.is_some() { (false, Status::Usage) } else { (true, Status::Unavailable) };
    if let Some(fault) = fault {
        findings.fault("configuration", fault.to_string());
    } else {
        findings.configuration(context);
        findings.rules(context);
    }
    let schedule = schedule::found();
    // Else it is not known where it is, and who is to be asked.
    let mut store = if is_known || context.global.database.is_some() { findings.database(context) } else { None };
    if is_known {
        findings.dns(context);
    }
    for account in &context.config.accounts {
        let found = diagnose(account, context.now);
        let is_admitted = found.is_ok();
        if found.as_ref().is_err_and(CheckError::is_configuration) {
            status = Status::Usage;
        }
        findings.account(account, found);
        if let Some(store) = &mut store {
            if is_admitted {
                store.transaction(|records| records.admitted(&account.name))?;
            }
            findings.last_check(account, store, schedule.is_some(), context.now)?;
        }
    }
    if !context.config.accounts.is_empty() {
        findings.schedule(schedule, context, store.as_ref())?;
    }
    let findings = findings.0;
    let text = || findings.iter().map(|f| f.line(context.is_terminal)).collect();
    let mut output = context.output(|| Value::Array(findings.iter().map(Finding::json).collect()), text);
    let faults = findings.iter().filter(|f| !f.is_ok).count();
    if faults > 0 {
        output.failures.push(Failure::new(status, &format!("{faults} of {} are not in order", findings.len())));
    }
    Ok(output)
}

impl Finding {
    fn line(&self, is_terminal: bool) -> String {
        let (mark, colour) = if self.is_ok { ("ok", 32) } else { ("!!", 31) };
        let mark = if is_terminal { format!("\u{1b}[{colour}m{mark}\u{1b}[0m") } else { mark.to_owned() };
        format!("{mark}  {:<14} {}\n", self.what, report::line(&self.message))
    }

    fn json(&self) -> Value {
        if self.is_ok {
            return json!({ "check": self.what, "ok": true, "message": self.message, "remedy": null });
        }
        let Failure { message, remedy, .. } = Failure::new(Status::Unavailable, &self.message);
        json!({ "check": self.what, "ok": false, "message": message, "remedy": remedy })
    }
}

struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, what: &str, message: String) {
        self.0.push(Finding { what: what.to_owned(), is_ok: true, message });
    }

    fn fault(&mut self, what: &str, message: String) {
        self.0.push(Finding { what: what.to_owned(), is_ok: false, message });
    }

    fn configuration(&mut self, context: &Context<'_>) {
        let config = &context.config;
        match (&config.path, config.accounts.len()) {
            (None, _) => self.fault(
                "configuration",
                "there is none; make one with `tracker setup`, or name it with --config".to_owned(),
            ),
            (Some(path), 0) => {
                self.fault(
                    "configuration",
                    format!("`{}` names no account; add one with `tracker setup`", path.display()),
                );
            }
            (Some(path), count) => self.ok("configuration", format!("{}: {count} account(s)", path.display())),
        }
    }

    fn rules(&mut self, context: &Context<'_>) {
        match context.rules() {
            Ok(rules) => self.ok("rules", format!("{} languages", rules.languages().count())),
            Err(failure) => self.fault("rules", failure.to_string()),
        }
    }

    fn database(&mut self, context: &Context<'_>) -> Option<Store> {
        let path = match context.database() {
            Ok(path) if path.exists() => path,
            Ok(path) => {
                self.ok("database", format!("{}: none yet; the first `tracker add` makes it", path.display()));
                return None;
            }
            Err(failure) => {
                self.fault("database", failure.to_string());
                return None;
            }
        };
        let opened = Store::open(&path).and_then(|store| Ok((store.fault()?, store.records().newest()?, store)));
        let (fault, newest, store) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.fault("database", error.to_string());
                return None;
            }
        };
        match fault {
            None => self.ok("database", format!("{}: sound", path.display())),
            Some(fault) => self.fault("database", format!("{}: {fault}; restore a backup of it", path.display())),
        }
        match newest.filter(|newest| *newest > context.now) {
            None => self.ok("clock", format!("{}", context.now)),
            Some(newest) => {
                self.fault("clock", format!("{} is before the newest record ({newest}); set the clock", context.now));
            }
        }
        Some(store)
    }

    fn dns(&mut self, context: &Context<'_>) {
        let mut dns = Dns::new(&context.config.dkim);
        if !dns.is_on() {
            return self.ok("DNS", "not asked: `verify = false` in [dkim]".to_owned());
        }
        dns.ask(vec![PROBE.to_owned()]);
        match dns.keys().and_then(|keys| keys.answer(PROBE)) {
            Some(Answer::Unreachable(why)) => {
                self.fault("DNS", format!("can't be asked: {why}; check the network, or `nameserver` in [dkim]"));
            }
            _ => self.ok("DNS", "answers".to_owned()),
        }
    }

    /// What became of connecting to an account.
    fn account(&mut self, account: &Account, found: Result<Diagnosis, CheckError>) {
        let what = format!("account {}", account.name);
        if let Source::Imap(Imap { password: PasswordSource::File(path), .. }) = &account.source {
            self.privacy(&what, path);
        }
        match found {
            Err(error) => self.fault(&what, error.to_string()),
            Ok(found) if found.mailboxes.is_empty() => {
                self.fault(&what, "none of its mailboxes is there; correct `mailboxes`".to_owned());
            }
            Ok(found) => {
                self.ok(&what, format!("reads {}", found.mailboxes.join(", ")));
                self.sender_proof(&what, account, &found);
            }
        }
    }

    /// What holds a secret is for its owner's eyes.
    fn privacy(&mut self, what: &str, path: &Path) {
        if let Some(mode) = open_mode(path) {
            let path = path.display();
            self.fault(what, format!("`{path}`: others can read it (mode {mode:o}); run: chmod 600 '{path}'"));
        }
    }

    /// Whose word the account believes, against whose recent mails bear.
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
            (true, Some(id)) => self.fault(
                what,
                format!(
                    "believes none of those whose word recent mails bear: {}; if `{id}` is your provider's server, add \
                     to [accounts.{}]: authserv_ids = [\"{id}\"]",
                    seen(&others),
                    account.name
                ),
            ),
            (true, None) => {
                let why = "no server says in recent mails who sent them, so only DKIM signatures count";
                self.ok(what, why.to_owned());
            }
        }
    }

    /// What runs `check` by itself. Something that is not known may: then every account was read of late.
    fn schedule(&mut self, known: Option<String>, context: &Context<'_>, store: Option<&Store>) -> Result<(), Failure> {
        if let Some(known) = known {
            self.ok("schedule", known);
            return Ok(());
        }
        let none =
            "nothing is known to run `tracker check` by itself; `tracker schedule` lets the system do it".to_owned();
        let Some(records) = store.map(Store::records) else {
            self.ok("schedule", none);
            return Ok(());
        };
        let mut is_fine = !records.objections()?.iter().any(|o| o.state.is_pending());
        if !is_fine {
            let last = |account: &Account| records.last_check(&account.name);
            let last = context.config.accounts.iter().map(last).collect::<Result<Vec<_>, _>>()?;
            is_fine = last.into_iter().all(|at| at.is_some_and(|at| context.now.duration_since(at) < SOON));
        }
        if is_fine {
            self.ok("schedule", none);
        } else {
            self.fault("schedule", none);
        }
        Ok(())
    }

    fn last_check(
        &mut self,
        account: &Account,
        store: &Store,
        is_scheduled: bool,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let what = format!("account {}", account.name);
        let objections = store.records().objections()?;
        let oldest = objections.iter().filter(|o| o.state.is_pending()).map(|o| o.submitted_at).min();
        let is_new = oldest.is_some_and(|at| now.duration_since(at) < SOON);
        let is_pending = oldest.is_some();
        let last = store.records().last_check(&account.name)?;
        let remedy = "let the system run `tracker check`, as `tracker schedule` does";
        match last {
            _ if !is_pending => self.ok(&what, "nothing is pending, so nothing is looked for".to_owned()),
            None if is_new && is_scheduled => {
                self.ok(&what, "is not read yet; the schedule will".to_owned());
            }
            None => self.fault(&what, format!("was never read to the end; {remedy}")),
            Some(at) if now.duration_since(at) > MAX_PAUSE => {
                self.fault(&what, format!("was last read on {}; {remedy}", report::when(at)));
            }
            Some(at) => self.ok(&what, format!("was last read on {}", report::when(at))),
        }
        Ok(())
    }
}

/// A file's mode if others than its owner can read it.
#[cfg(unix)]
fn open_mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o044 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_mode(_path: &Path) -> Option<u32> {
    None
}
