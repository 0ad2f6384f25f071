//! Mails as they were fetched, on their way into the record.

use jiff::Timestamp;

use super::BATCH;
use super::look::Look;
use crate::intake::Delivery;
use crate::mail::{MAX_SIZE, header};
use crate::source::imap::{self, FetchedHeader, Session, Uid};
use crate::store::{Cursor, Outcome, Place, Records, StoreError};

/// What is said of a mail whose body its server does not give.
pub const NO_BODY: &str = "the server gives its header, but no body";

/// What is said of a mail that begins with no header.
const NO_HEADER: &str = "what the server gives of it does not begin with a header";
/// What is said of a mail that the server finds, but of which it gives nothing.
pub const NOTHING: &str = "the server finds it, but gives nothing of it";
/// So many stray lines before a header are passed over.
const MAX_STRAY: usize = 8;

/// Mails that are recorded together.
#[derive(Default)]
pub struct Haul {
    mails: Vec<Delivery>,
    /// Those that could not be had, and why.
    failed: Vec<(Uid, String)>,
    /// The mails' bytes.
    size: usize,
}

impl Haul {
    pub fn push(&mut self, mail: Delivery) {
        self.size = self.size.saturating_add(mail.raw.len());
        self.mails.push(mail);
    }

    /// Adds one that could not be had, and why.
    pub fn fail(&mut self, uid: Uid, error: String) {
        self.failed.push((uid, error));
    }

    pub fn is_full(&self) -> bool {
        self.size > BATCH
    }
}

impl Look<'_> {
    /// Fetches a mail; or what is wrong with what its server gives of it.
    pub fn fetch(
        &self,
        session: &mut Session,
        cursor: &Cursor,
        header: &FetchedHeader,
    ) -> Result<Result<Delivery, &'static str>, imap::Error> {
        // One byte more than the limit, so that a mail that is too large is known as such.
        let limit = u32::try_from(MAX_SIZE).unwrap_or(u32::MAX).saturating_add(1);
        let place = self.place(cursor, header.uid);
        let body = session.body(header.uid, limit)?.filter(|body| !body.is_empty());
        let raw = body.ok_or(NO_BODY).and_then(|body| from_its_header_on(&body).map(<[u8]>::to_owned).ok_or(NO_HEADER));
        Ok(raw.map(|raw| Delivery { place, raw, arrived_at: header.received_at, waits_since: None }))
    }

    /// Where a mail of this account was found.
    pub fn place(&self, cursor: &Cursor, uid: Uid) -> Place {
        Place {
            account: Some(self.account.name.clone()),
            mailbox: Some(cursor.mailbox.clone()),
            uid_validity: cursor.known_validity(),
            uid: Some(uid.0),
        }
    }

    /// Records a batch, and how far that brings us, together or not at all.
    pub fn record(
        &mut self,
        cursor: &Cursor,
        batch: Haul,
        progress: impl FnOnce(Records<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Haul { mails, failed, .. } = batch;
        let (account, since, now) = (self.account, self.since, self.check.basis.now);
        let waiting: Vec<(u32, Timestamp)> =
            mails.iter().map(|mail| (mail.place.uid.unwrap_or_default(), mail.waits_since.unwrap_or(now))).collect();
        let put_back = |at: &usize| waiting.get(*at).copied();
        let recorded = self.check.basis.take_in(self.store, &account.trusted, mails, |records, recorded| {
            progress(records)?;
            // One of them may have been put on the list before.
            waiting.iter().try_for_each(|(uid, _)| records.drop_retry(cursor, *uid))?;
            failed.iter().try_for_each(|(uid, error)| records.note_attempt(cursor, uid.0, error))?;
            for (at, why) in &recorded.put_back {
                let Some((uid, since)) = put_back(at) else { continue };
                records.note_dns_wait(cursor, uid, why, since)?;
            }
            let is_decided = recorded.mails.iter().any(|mail| matches!(mail.outcome, Outcome::Applied(_)));
            if is_decided || !recorded.put_back.is_empty() {
                records.note_unfinished(&account.name, since)?;
            }
            Ok(())
        })?;
        let put_back = recorded.put_back.iter().filter_map(|(at, _)| put_back(at));
        self.tried.extend(put_back.map(|(uid, _)| (cursor.mailbox.clone(), uid)));
        self.seen.mails.extend(recorded.mails);
        Ok(())
    }
}

/// A mail without the stray lines before its header, such as a proxy's banner; `None` if it has no header.
fn from_its_header_on(mut raw: &[u8]) -> Option<&[u8]> {
    for _ in 0..=MAX_STRAY {
        if !header::scan(raw).0.is_empty() {
            return Some(raw);
        }
        let end = raw.iter().position(|byte| *byte == b'\n')?;
        raw = raw.get(end.saturating_add(1)..)?;
    }
    None
}
