//! Which mails of a mailbox to look at, and where its cursor stands when that is done.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::config::{Account, Imap};
use crate::objection::{Objection, ObjectionId};
use crate::source::imap::{Error, Examined, Session, Uid};
use crate::store::{Cursor, Records, StoreError};

/// SINCE goes by the server's days, and the form's hour of grace may lie in the day before.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);
/// So many new UIDs are asked for without searching first.
const SMALL: u32 = 1000;

/// What mail is looked for.
pub struct Wanted {
    pending: Vec<Objection>,
    /// The newest objection of all.
    newest: ObjectionId,
    /// Where a check began that was cut off after it had decided something.
    unfinished: Option<Timestamp>,
}

impl Wanted {
    pub fn new(records: Records<'_>, account: &Account) -> Result<Self, StoreError> {
        let objections = records.objections()?;
        Ok(Self {
            newest: objections.iter().map(|o| o.id).max().unwrap_or(ObjectionId(0)),
            pending: objections.into_iter().filter(|o| o.state.is_pending()).collect(),
            unfinished: records.unfinished_since(&account.name)?,
        })
    }

    /// From when on mail can matter to the pending objections that are newer than `known`.
    fn since(&self, known: ObjectionId) -> Option<Timestamp> {
        let oldest = self.pending.iter().filter(|o| o.id > known).map(|o| o.submitted_at).min()?;
        Some(oldest.saturating_sub(MARGIN).unwrap_or(oldest))
    }

    /// From when on any mail can matter; `None` if nothing is awaited.
    pub fn everything(&self) -> Option<Timestamp> {
        self.since(ObjectionId(0)).into_iter().chain(self.unfinished).min()
    }
}

/// A mailbox to be read.
pub struct Plan {
    /// Where the cursor stood.
    pub old: Option<Cursor>,
    /// Where it stands in the end.
    pub new: Cursor,
    /// What is to be looked at, in ascending order.
    pub uids: Vec<Uid>,
}

impl Wanted {
    /// Compares what was read with what there is. `everything` is from when on any mail can matter, `belief` whom to
    /// believe about it.
    pub fn plan(
        &self,
        session: &mut Session,
        old: Option<Cursor>,
        (account, imap): (&Account, &Imap),
        (name, examined): (&str, Examined),
        (everything, is_full, belief): (Timestamp, bool, &str),
    ) -> Result<Plan, Error> {
        let login = format!("{}@{}:{} {belief}", imap.user, imap.host, imap.port);
        let uid_next = examined.uid_next.map_or(u32::MAX, |uid| uid.0);
        // A server that rewinds UIDNEXT (GMX, chatmail/core issue 2188) has other mail under the same UIDs.
        let valid = old.as_ref().filter(|c| {
            !is_full
                && c.login == login
                && c.uid_validity == examined.uid_validity.0
                && examined.uid_next.is_some_and(|next| c.uid_next <= next.0)
        });
        // Mail that was passed over may be about an objection that was recorded since, or that was reopened.
        let again = valid.map_or(Some(everything), |c| {
            let reopened = Some(everything).filter(|since| *since < c.searched_since);
            self.since(c.objection).into_iter().chain(reopened).min()
        });
        let searched_since = match (&valid, again) {
            (Some(cursor), again) => again.map_or(cursor.searched_since, |again| again.min(cursor.searched_since)),
            (None, _) => everything,
        };
        let new = Cursor {
            account: account.name.clone(),
            mailbox: name.to_owned(),
            login,
            uid_validity: examined.uid_validity.0,
            uid_next,
            searched_since,
            objection: self.newest,
        };
        let from = valid.map_or(0, |c| c.uid_next);
        let uids = match again {
            Some(since) => session.search_since(day(since), examined.exists)?,
            None if from == uid_next || examined.exists == 0 => Vec::new(),
            None if uid_next.saturating_sub(from) <= SMALL => (from..uid_next).map(Uid).collect(),
            None => session
                .search_since(day(searched_since), examined.exists)?
                .into_iter()
                .filter(|uid| uid.0 >= from)
                .collect(),
        };
        Ok(Plan { old, new, uids: uids.into_iter().filter(|uid| uid.0 < uid_next).collect() })
    }
}

/// The day that a search begins with.
fn day(since: Timestamp) -> Date {
    since.to_zoned_datetime(TimeZone::UTC).date()
}
