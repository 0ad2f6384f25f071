//! Mails as they were fetched, on their way into the record.

use jiff::Timestamp;

use super::BATCH;
use super::look::Look;
use crate::intake::Delivery;
use crate::mail::MAX_SIZE;
use crate::source::imap::{self, FetchedHeader, Session, Uid};
use crate::store::{Cursor, Outcome, Place, Records, StoreError};

/// What is said of a mail whose body its server does not give.
pub const NO_BODY: &str = "the server gives its header, but no body";

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
    /// Fetches a mail; `None` if its server gives no body.
    pub fn fetch(
        &self,
        session: &mut Session,
        cursor: &Cursor,
        header: &FetchedHeader,
    ) -> Result<Option<Delivery>, imap::Error> {
        // One byte more than the limit, so that a mail that is too large is known as such.
        let limit = u32::try_from(MAX_SIZE).unwrap_or(u32::MAX).saturating_add(1);
        let place = self.place(cursor, header.uid);
        let raw = session.body(header.uid, limit)?;
        Ok(raw.map(|raw| Delivery { place, raw, arrived_at: header.received_at, waits_since: None }))
    }

    /// Where a mail of this account was found.
    pub fn place(&self, cursor: &Cursor, uid: Uid) -> Place {
        Place {
            account: Some(self.account.name.clone()),
            mailbox: Some(cursor.mailbox.clone()),
            uid_validity: Some(cursor.uid_validity),
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
