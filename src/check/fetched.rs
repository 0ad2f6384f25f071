//! Mails as they were fetched, on their way into the record.

use jiff::Timestamp;

use super::Check;
use crate::config::Account;
use crate::intake::{Arrival, Intake, Taken, names_of_keys};
use crate::mail::MAX_SIZE;
use crate::net::dns::Dns;
use crate::source::imap::{self, Header, Session, Uid};
use crate::store::{Cursor, Kept, Place, Records, StoreError};

/// A mail that was fetched, or why it was not.
pub struct Fetched {
    pub uid: Uid,
    pub received_at: Option<Timestamp>,
    pub raw: Result<Vec<u8>, String>,
    /// Since when it waits for DNS, if it was put back before.
    pub waits_since: Option<Timestamp>,
}

impl Fetched {
    pub fn failed(uid: Uid, error: &str) -> Self {
        Self { uid, received_at: None, raw: Err(error.to_owned()), waits_since: None }
    }
}

/// Fetches a mail, one byte more than the limit so that one that is too large is known as such.
pub fn fetch(session: &mut Session, header: &Header) -> Result<Fetched, imap::Error> {
    let limit = u32::try_from(MAX_SIZE).unwrap_or(u32::MAX).saturating_add(1);
    let raw = session.body(header.uid, limit)?.ok_or_else(|| "the server gives its header, but no body".to_owned());
    Ok(Fetched { uid: header.uid, received_at: header.received_at, raw, waits_since: None })
}

/// Asks DNS for what the verdicts on some mails need, once for each key.
pub fn ask_for_keys(dns: &mut Dns, batch: &[Fetched], check: &Check<'_>) {
    if !dns.is_on() {
        return;
    }
    for fetched in batch {
        if let Ok(raw) = &fetched.raw {
            dns.ask(names_of_keys(raw, fetched.received_at, check.now, check.rules));
        }
    }
}

/// Takes mails in, within one transaction; returns those that were kept, and the UIDs of those that were put back
/// because DNS can't be reached.
pub fn take_all(
    intake: &mut Intake<'_>,
    records: Records<'_>,
    (account, cursor): (&Account, &Cursor),
    batch: &[Fetched],
    now: Timestamp,
) -> Result<(Vec<Kept>, Vec<u32>), StoreError> {
    let (mut taken, mut put_back) = (Vec::new(), Vec::new());
    for fetched in batch {
        let raw = match &fetched.raw {
            Ok(raw) => raw,
            Err(error) => {
                records.note_attempt(cursor, fetched.uid.0, error)?;
                continue;
            }
        };
        let arrival = Arrival { at: fetched.received_at, waits_since: fetched.waits_since };
        match intake.take(&place(account, cursor, fetched.uid), raw, arrival)? {
            Taken::Nothing => {}
            Taken::Kept(mail) => taken.push(*mail),
            Taken::PutBack(why) => {
                records.note_dns_wait(cursor, fetched.uid.0, &why, fetched.waits_since.unwrap_or(now))?;
                put_back.push(fetched.uid.0);
            }
        }
    }
    Ok((taken, put_back))
}

/// Where a mail of an account was found.
pub fn place(account: &Account, cursor: &Cursor, uid: Uid) -> Place {
    Place {
        account: Some(account.name.clone()),
        mailbox: Some(cursor.mailbox.clone()),
        uid_validity: Some(cursor.uid_validity),
        uid: Some(uid.0),
    }
}
