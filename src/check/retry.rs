//! Mails that could not be had before, asked for once more.

use super::fate::Fate;
use super::fetched::{Haul, NOTHING};
use super::look::Look;
use super::{CheckError, shown};
use crate::fault::Fault;
use crate::intake::{Delivery, Intake};
use crate::source::imap::{self, Session, Uid};
use crate::store::{Cursor, Retry, StoreError};
use crate::trust::CLOCK_LAGS;

/// A mail that was asked for so often in vain is shown to the user.
const MAX_ATTEMPTS: u32 = 10;

impl Look<'_> {
    /// Asks once more, one by one, for what a mailbox would not give.
    pub fn retry(&mut self, session: &mut Session, name: &str) -> Result<(), CheckError> {
        let Some(cursor) = self.store.records().cursor(&self.account.name, name)? else { return Ok(()) };
        let retries = self.store.records().retries(&cursor)?;
        let is_untried = |retry: &Retry| !self.tried.contains(&(name.to_owned(), retry.uid));
        let retries: Vec<Retry> = retries.into_iter().filter(is_untried).collect();
        if !retries.is_empty() {
            session.examine(name)?;
        }
        for retry in retries {
            self.tried.insert((name.to_owned(), retry.uid));
            self.ask_again(session, &cursor, &retry)?;
        }
        let left = self.store.records().retries(&cursor)?;
        self.complain_of_waiting(name, &left);
        if let Some(retry) = left.iter().find(|retry| retry.waits_since.is_none()) {
            let what = format!("mail {} of `{}` could not be read, it is asked for again", retry.uid, shown(name));
            self.complain(Fault::new(format!("{what}: {}", retry.error)));
        }
        Ok(())
    }

    /// Says that there are mails which wait for DNS or for our clock, and why.
    fn complain_of_waiting(&mut self, name: &str, left: &[Retry]) {
        let waiting = left.iter().filter(|retry| retry.waits_since.is_some());
        let (early, waiting): (Vec<&Retry>, Vec<&Retry>) = waiting.partition(|retry| retry.error == CLOCK_LAGS);
        let count =
            |mails: &[&Retry]| if mails.len() == 1 { "a mail".to_owned() } else { format!("{} mails", mails.len()) };
        if !early.is_empty() {
            let what = format!("{CLOCK_LAGS}, so {} in `{}` can't be judged yet", count(&early), shown(name));
            self.complain(Fault::new(what).remedy("set the clock, then run again"));
        }
        let Some(Retry { error, .. }) = waiting.first() else { return };
        let mails = count(&waiting);
        let what = format!("DNS can't be reached, so who sent {mails} in `{}` is not known yet: {error}", shown(name));
        let remedy = "run again later, or check the network and `nameserver` in [dkim]";
        self.complain(Fault::new(what).remedy(remedy));
    }

    fn ask_again(&mut self, session: &mut Session, cursor: &Cursor, retry: &Retry) -> Result<(), CheckError> {
        match self.fetch_again(session, cursor, retry) {
            Ok(Again::Unfit(why)) => Ok(self.failed_again(cursor, retry, why)?),
            Ok(Again::Mail(mail)) => {
                let mut batch = Haul::default();
                batch.push(Delivery { waits_since: retry.waits_since, ..*mail });
                Ok(self.record(cursor, batch, |records| records.drop_retry(cursor, retry.uid))?)
            }
            Ok(Again::Nothing) => {
                Ok(self.record(cursor, Haul::default(), |records| records.drop_retry(cursor, retry.uid))?)
            }
            Err(error) => {
                self.failed_again(cursor, retry, &error.to_string())?;
                if Fate::of(&error) == Fate::GoOn { Ok(()) } else { Err(CheckError::Broken(error)) }
            }
        }
    }

    fn fetch_again(&self, session: &mut Session, cursor: &Cursor, retry: &Retry) -> Result<Again, imap::Error> {
        let uid = Uid(retry.uid);
        let headers = session.headers(&[uid])?;
        let Some(header) = headers.first() else {
            return Ok(if session.present(&[uid])?.contains(&uid) { Again::Unfit(NOTHING) } else { Again::Nothing });
        };
        if !self.is_candidate(header, cursor) {
            return Ok(Again::Nothing);
        }
        Ok(match self.fetch(session, cursor, header)? {
            Ok(mail) => Again::Mail(Box::new(mail)),
            Err(why) => Again::Unfit(why),
        })
    }

    /// Notes it; in the end the user is shown that there is a mail which the server does not give.
    fn failed_again(&mut self, cursor: &Cursor, retry: &Retry, error: &str) -> Result<(), StoreError> {
        let uid = Uid(retry.uid);
        if retry.attempts < MAX_ATTEMPTS {
            let mut batch = Haul::default();
            batch.fail(uid, error.to_owned());
            return self.record(cursor, batch, |_| Ok(()));
        }
        let (place, basis) = (self.place(cursor, uid), &self.check.basis);
        let held = self.store.transaction(|records| {
            records.drop_retry(cursor, retry.uid)?;
            Intake::new(records, basis)?.unfetched(&place, error)
        })?;
        self.seen.mails.extend(held);
        Ok(())
    }
}

/// What comes of asking for a mail again.
enum Again {
    Mail(Box<Delivery>),
    /// Its server does not give it whole; why.
    Unfit(&'static str),
    /// It is gone, or none of our business.
    Nothing,
}
