//! Which mails of a mailbox to look at, and where its cursor stands when that is done.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::intake::Basis;
use crate::objection::{Objection, ObjectionId};
use crate::source::imap::{Examined, Uid};
use crate::store::{Cursor, Records, StoreError};

/// SINCE goes by the server's days, and the form's hour of grace may lie in the day before.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);
/// So many new UIDs are asked for without searching first.
const SMALL: u32 = 1000;

/// What mail an account is read for.
pub struct Wanted {
    /// The objections that wait for an answer, or whose decision is still watched.
    awaited: Vec<Objection>,
    /// The newest objection of all.
    newest: ObjectionId,
    /// From when on any mail can matter.
    pub since: Timestamp,
}

/// A mailbox that was opened, and what is known of it.
pub struct Opened {
    /// The account.
    pub account: String,
    /// Its raw name.
    pub mailbox: String,
    /// Whose mailbox on which server, and whom to believe about its mail.
    pub login: String,
    /// What the server says of it.
    pub examined: Examined,
    /// How far it was read.
    pub old: Option<Cursor>,
    /// Whether all is to be looked at again.
    pub is_full: bool,
}

/// A mailbox to be read.
pub struct Plan {
    /// Where the cursor stands in the end.
    pub cursor: Cursor,
    /// Which mails to look at.
    pub scope: Scope,
}

/// Which mails to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// None.
    Nothing,
    /// Those from one UID to before another.
    Range(Uid, Uid),
    /// Those of a day and later, from a UID on: the server is asked which they are.
    Since(Date, Uid),
}

impl Wanted {
    /// What an account is read for; `None` if nothing is awaited.
    pub fn new(records: Records<'_>, account: &str, basis: &Basis<'_>) -> Result<Option<Self>, StoreError> {
        let objections = records.watched_objections(basis.after_decision)?;
        let newest = objections.iter().map(|o| o.id).max().unwrap_or(ObjectionId(0));
        let awaited: Vec<Objection> = objections.into_iter().filter(|o| o.is_awaited(basis.now)).collect();
        // A check that was cut off after it had decided something is brought to its end, even if nothing is awaited now.
        let unfinished = records.unfinished_since(account)?;
        let since = since_newer_than(ObjectionId(0), &awaited).into_iter().chain(unfinished).min();
        Ok(since.map(|since| Self { awaited, newest, since }))
    }

    /// Compares what was read of a mailbox with what there is.
    pub fn plan(&self, opened: &Opened) -> Plan {
        let Opened { examined, .. } = opened;
        let uid_next = examined.uid_next.map_or(u32::MAX, |uid| uid.0);
        let valid = opened.valid();
        // Mail that was passed over may be about an objection that was recorded since, or that was reopened.
        let again = valid.map_or(Some(self.since), |cursor| {
            let reopened = Some(self.since).filter(|since| *since < cursor.searched_since);
            since_newer_than(cursor.objection, &self.awaited).into_iter().chain(reopened).min()
        });
        let known_since = valid.map(|cursor| cursor.searched_since);
        let searched_since = again.into_iter().chain(known_since).min().unwrap_or(self.since);
        let from = valid.map_or(0, |cursor| cursor.uid_next);
        let scope = match again {
            Some(since) => Scope::Since(day(since), Uid(0)),
            None if from == uid_next || examined.exists == 0 => Scope::Nothing,
            None if uid_next.saturating_sub(from) <= SMALL => Scope::Range(Uid(from), Uid(uid_next)),
            None => Scope::Since(day(searched_since), Uid(from)),
        };
        let cursor = Cursor {
            account: opened.account.clone(),
            mailbox: opened.mailbox.clone(),
            login: opened.login.clone(),
            uid_validity: examined.uid_validity.0,
            uid_next,
            searched_since,
            objection: self.newest,
        };
        Plan { cursor, scope }
    }
}

impl Opened {
    /// The old cursor, if it still counts.
    fn valid(&self) -> Option<&Cursor> {
        let Examined { uid_validity, uid_next, .. } = self.examined;
        self.old.as_ref().filter(|cursor| {
            !self.is_full
                && cursor.login == self.login
                && cursor.uid_validity == uid_validity.0
                // A server that rewinds UIDNEXT (GMX, chatmail/core issue 2188) has other mail under the same UIDs.
                && uid_next.is_some_and(|next| cursor.uid_next <= next.0)
        })
    }
}

/// From when on mail can matter to those of some objections that are newer than `known`.
fn since_newer_than(known: ObjectionId, awaited: &[Objection]) -> Option<Timestamp> {
    let oldest = awaited.iter().filter(|o| o.id > known).map(|o| o.submitted_at).min()?;
    Some(oldest.saturating_sub(MARGIN).unwrap_or(oldest))
}

/// The day that a search begins with.
fn day(since: Timestamp) -> Date {
    since.to_zoned_datetime(TimeZone::UTC).date()
}
