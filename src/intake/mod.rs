//! One mail's way through the house: opened, judged, recorded. Every verb that takes mail in walks it.

mod batch;
mod codes;
mod letter;
mod recheck;
mod undo;

pub use batch::{Basis, Delivery, TakenIn};
pub use codes::{code_of, keep_code, reread};
pub use letter::Letter;
pub use recheck::{Change, Doubt};
pub use undo::take_back;

use jiff::{SignedDuration, Timestamp};

use crate::judge::{Finding, Judgement, Reason, judge};
use crate::mail::Mail;
use crate::objection::{Cause, Objection, Step};
use crate::signal::Rules;
use crate::store::{Kept, MailId, NewMail, Outcome, Place, Records, StoreError};
use crate::trust::{CLOCK_LAGS, Proof, Verdict};

/// A mail that waited for DNS so long is shown to the user.
const MAX_WAIT: SignedDuration = SignedDuration::from_hours(72);

/// Records mails, within one transaction.
pub struct Intake<'a> {
    records: Records<'a>,
    rules: &'a Rules,
    now: Timestamp,
    after_decision: SignedDuration,
    objections: Vec<Objection>,
}

/// What became of a mail.
#[derive(Debug)]
enum Taken {
    /// It was judged and kept.
    Kept(Box<Kept>),
    /// It is none of our business, or known.
    Nothing,
    /// Who sent it can't be told while DNS can't be reached; why, in words. Nothing was recorded.
    PutBack(String),
}

impl<'a> Intake<'a> {
    /// Reads the objections that mails are judged against.
    pub fn new(records: Records<'a>, basis: &Basis<'a>) -> Result<Self, StoreError> {
        let Basis { rules, now, after_decision, .. } = *basis;
        Ok(Self { records, rules, now, after_decision, objections: records.watched_objections(after_decision)? })
    }

    /// Judges a mail whose sender was judged, and records what comes of it. `waits_since` is since when it waits for DNS.
    fn take(
        &mut self,
        letter: &Letter,
        place: &Place,
        mut verdict: Verdict,
        waits_since: Option<Timestamp>,
    ) -> Result<Taken, StoreError> {
        if let Some(why) = verdict.unreachable.take() {
            if self.is_idle(letter)? {
                return Ok(Taken::Nothing);
            }
            // A clock that lags says nothing about how long a mail waits.
            let is_patient = waits_since.is_none_or(|since| self.now.duration_since(since) < MAX_WAIT);
            if is_patient || why == CLOCK_LAGS {
                return Ok(Taken::PutBack(why));
            }
        }
        let judgement = letter.judge(verdict, self.rules, &self.objections);
        let Letter { mail, raw, received_at, .. } = letter;
        self.keep(&NewMail { place, raw, mail, received_at: *received_at, judgement: &judgement, judged_at: self.now })
    }

    fn keep(&mut self, new: &NewMail<'_>) -> Result<Taken, StoreError> {
        if new.judgement.finding == Finding::Ignored {
            return Ok(Taken::Nothing);
        }
        if let Some(known) = self.records.find_copy(new.mail)? {
            if !is_news(&known, new.judgement) {
                return Ok(Taken::Nothing);
            }
            // This copy proves what the other one could not, so it takes its place.
            self.records.note_decision(known.id, Outcome::Ignored, self.now)?;
        }
        let id = self.records.keep(new)?;
        self.apply(id, new.received_at, new.judgement)?;
        Ok(self.records.mail(id)?.map_or(Taken::Nothing, |m| Taken::Kept(Box::new(m.kept))))
    }

    /// Whether a mail would come to nothing even if its sender were proven.
    fn is_idle(&self, letter: &Letter) -> Result<bool, StoreError> {
        let proven = Verdict::new(Proof::Authentic, String::new());
        let judgement = judge(&letter.mail, letter.received_at, proven, self.rules, &self.objections);
        let is_known = self.records.find_copy(&letter.mail)?.is_some_and(|known| !is_news(&known, &judgement));
        Ok(is_known || judgement.finding == Finding::Ignored)
    }

    /// Holds a mail that is known to be there, but that its server does not give.
    pub fn unfetched(&mut self, place: &Place, error: &str) -> Result<Option<Kept>, StoreError> {
        let raw = format!("X-Tracker-Unfetched: {place:?}\r\n\r\n").into_bytes();
        let mail = Mail::unreadable(&raw);
        // It may be searched for once more, long after a person saw it.
        if self.records.find_copy(&mail)?.is_some() {
            return Ok(None);
        }
        let verdict = Verdict::new(Proof::Failed, format!("its server does not give it: {error}"));
        let mut judgement = judge(&mail, self.now, verdict, self.rules, &self.objections);
        judgement.finding = Finding::Held(Reason::Unreadable);
        let new = NewMail {
            place,
            raw: &raw,
            mail: &mail,
            received_at: self.now,
            judgement: &judgement,
            judged_at: self.now,
        };
        let id = self.records.keep(&new)?;
        Ok(self.records.mail(id)?.map(|m| m.kept))
    }

    fn apply(&mut self, mail: MailId, at: Timestamp, judgement: &Judgement) -> Result<(), StoreError> {
        let Finding::Applied(id) = judgement.finding else { return Ok(()) };
        let Some(objection) = self.objections.iter_mut().find(|o| o.id == id) else { return Ok(()) };
        let Some(kind) = judgement.reading.signal.event() else { return Ok(()) };
        // `judge` has asked the table already, so there is no contradiction.
        let Ok(step) = objection.step(kind, Cause::Mail, at, self.now) else { return Ok(()) };
        self.records.append(&Step { mail: Some(mail), ..step })?;
        keep_code(self.records, id, mail, at, &judgement.reading.code)?;
        if let Some(fresh) = self.records.objection(id)? {
            *objection = fresh;
        }
        Ok(())
    }
}

/// Whether a copy of a known mail tells more than the first one did. One that is proven does, whatever a person decided
/// about one that was not: anybody can send its words before it.
fn is_news(known: &Kept, judgement: &Judgement) -> bool {
    let is_proof = judgement.verdict.result == Proof::Authentic && known.verdict.result != Proof::Authentic;
    match known.outcome {
        Outcome::Applied(_) => false,
        Outcome::Held | Outcome::Ignored if is_proof => true,
        Outcome::Held => {
            known.held_reason.is_some_and(Reason::is_about_objections)
                && matches!(judgement.finding, Finding::Applied(_))
        }
        Outcome::Ignored => false,
    }
}
