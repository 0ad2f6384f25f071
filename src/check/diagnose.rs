//! What an account's server is like: for `doctor`, which changes nothing.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::resolve::resolve;
use super::{CheckError, connect_with, explained};
use crate::config::{Account, Imap, Source};
use crate::fault::Fault;
use crate::mail::header;
use crate::source::disk;
use crate::source::imap::{Session, decode_mailbox_name};
use crate::trust::{self, AuthRes, Trusted};

/// Mails of the last fortnight are looked at.
const RECENT: SignedDuration = SignedDuration::from_hours(14 * 24);
/// So many of them.
const SAMPLE: usize = 20;
/// So many mails must show that a store re-encodes them.
const ENOUGH: usize = 3;
/// So many bytes of each, which hold its header.
const HEAD: u32 = 64 * 1024;

/// What was found out about an account.
pub struct Diagnosis {
    /// The mailboxes that `check` reads, as the user knows them.
    pub mailboxes: Vec<String>,
    /// The authserv-ids (RFC 8601 §2.5) that stand topmost in recent mails, each with the number of mails.
    pub authserv_ids: BTreeMap<String, usize>,
    /// How many mails were looked at.
    pub sampled: usize,
    /// Of how many a believed server says that their signature is good.
    pub passed: usize,
    /// Of how many of those the body is another than was signed.
    pub rewritten: usize,
    /// Whether a junk mailbox is wanted, and none is found.
    pub lacks_junk: bool,
}

impl Diagnosis {
    /// The authserv-id that stands in most recent mails, where none that is believed does: by far the most frequent is
    /// the account's own server.
    pub fn proposal(&self, trusted: &Trusted) -> Option<&str> {
        if self.authserv_ids.keys().any(|id| trusted.believes(id)) {
            return None;
        }
        let (id, count) = self.authserv_ids.iter().max_by_key(|(_, count)| **count)?;
        (count.saturating_mul(2) > self.sampled).then_some(id.as_str())
    }

    /// Whether every recent mail whose signature the server found good has another body now: the account's store
    /// re-encodes mail, which the configuration does not say.
    pub fn is_rewritten(&self, trusted: &Trusted) -> bool {
        !trusted.rewrites && self.passed >= ENOUGH && self.rewritten == self.passed
    }
}

/// Connects, logs in, and looks at recent mail.
///
/// # Errors
/// What keeps `check` from reading it.
pub fn diagnose(account: &Account, now: Timestamp) -> Result<Diagnosis, CheckError> {
    match &account.source {
        Source::Imap(imap) => on_server(account, imap, now),
        Source::Maildir(path) | Source::Mbox(path) => {
            let fault = |error| disk::DiskError::Io { path: path.clone(), error };
            let meta = std::fs::metadata(path).map_err(|error| Fault::new(fault(error).to_string()))?;
            if meta.is_dir() != matches!(account.source, Source::Maildir(_)) {
                let (is, key) = if meta.is_dir() { ("a folder", "maildir") } else { ("a file", "mbox") };
                let what = format!("`{}` is {is}", path.display());
                return Err(Fault::new(what).remedy(format!("name it with `{key}`")).into());
            }
            Ok(Diagnosis {
                mailboxes: vec![path.display().to_string()],
                authserv_ids: BTreeMap::new(),
                sampled: 0,
                passed: 0,
                rewritten: 0,
                lacks_junk: false,
            })
        }
    }
}

fn on_server(account: &Account, imap: &Imap, now: Timestamp) -> Result<Diagnosis, CheckError> {
    let (server, login) = connect_with(imap, now)?;
    let mut session = Session::open(&server, &login).map_err(|error| explained(error, account))?;
    let listed = session.mailboxes()?;
    let names: Vec<String> = imap.mailboxes.iter().flat_map(|wanted| resolve(wanted, &listed)).collect();
    let mut diagnosis = Diagnosis {
        mailboxes: names.iter().map(|name| decode_mailbox_name(name)).collect(),
        authserv_ids: BTreeMap::new(),
        sampled: 0,
        passed: 0,
        rewritten: 0,
        lacks_junk: imap.mailboxes.iter().any(|w| w.eq_ignore_ascii_case("\\Junk") && resolve(w, &listed).is_empty()),
    };
    let since = TimeZone::UTC.to_datetime(now.saturating_sub(RECENT).unwrap_or(now)).date();
    if let Some(first) = names.first() {
        let examined = session.examine(first)?;
        let uids = session.search_since(since, examined.exists)?;
        for uid in uids.iter().rev().take(SAMPLE) {
            let Some(raw) = session.body(*uid, HEAD)? else { continue };
            diagnosis.sampled = diagnosis.sampled.saturating_add(1);
            let headers = header::scan(&raw).0;
            let topmost = headers.iter().find(|header| header.is("Authentication-Results"));
            if let Some(says) = topmost.and_then(|header| AuthRes::parse(&header.value)) {
                let count = diagnosis.authserv_ids.entry(says.authserv_id).or_default();
                *count = count.saturating_add(1);
            }
            let is_whole = u32::try_from(raw.len()).is_ok_and(|length| length < HEAD);
            if let (Some(is_rewritten), true) = (trust::is_rewritten(&raw, &account.trusted), is_whole) {
                diagnosis.passed = diagnosis.passed.saturating_add(1);
                diagnosis.rewritten = diagnosis.rewritten.saturating_add(usize::from(is_rewritten));
            }
        }
    }
    let _ = session.logout();
    Ok(diagnosis)
}
