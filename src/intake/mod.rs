//! One mail's way through the house: parsed, judged, recorded. `check`, `ingest`, `demo` and `held` all walk it.

mod codes;
mod recheck;
mod undo;

pub use codes::{code_of, keep_code, reread};
pub use recheck::Change;
pub use undo::take_back;

use jiff::{SignedDuration, Timestamp};

use crate::judge::{self, Finding, Judgement, Reason, judge};
use crate::mail::{self, Mail, Unreadable};
use crate::objection::{Cause, Objection, Step};
use crate::signal::Rules;
use crate::store::{Kept, KeptMail, MailId, NewMail, Outcome, Place, Records, StoreError};
use crate::trust::{self, Claim, Proof, Verdict, Witnesses};

/// A mail that waited for DNS so long is shown to the user.
const MAX_WAIT: SignedDuration = SignedDuration::from_hours(72);

/// Takes mails in, within one transaction.
pub struct Intake<'a> {
    records: Records<'a>,
    rules: &'a Rules,
    witnesses: Witnesses<'a>,
    now: Timestamp,
    objections: Vec<Objection>,
}

/// What became of a mail.
#[derive(Debug)]
pub enum Taken {
    /// It was judged and kept.
    Kept(Box<Kept>),
    /// It is none of our business, or known.
    Nothing,
    /// Who sent it can't be told while DNS can't be reached; why, in words. Nothing was recorded.
    PutBack(String),
}

/// Where a mail comes from, and for how long it has come to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrival {
    /// When the account's server took it in; `None` for a mail from a file, for which nobody vouches.
    pub at: Option<Timestamp>,
    /// Since when it waits for DNS, if it was put back before.
    pub waits_since: Option<Timestamp>,
}

impl Taken {
    /// The mail, if it was kept.
    #[must_use]
    pub fn kept(self) -> Option<Kept> {
        if let Self::Kept(kept) = self { Some(*kept) } else { None }
    }
}

impl<'a> Intake<'a> {
    /// Opens the door: who can bear witness about a sender, and what time it is.
    ///
    /// # Errors
    /// When the objections can't be read.
    pub fn new(
        records: Records<'a>,
        rules: &'a Rules,
        witnesses: Witnesses<'a>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self { records, rules, witnesses, now, objections: records.objections()? })
    }

    /// Judges a mail and records what comes of it.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn take(&mut self, place: &Place, raw: &[u8], arrival: Arrival) -> Result<Taken, StoreError> {
        let Some(Read { mail, raw, obstacle }) = read(raw) else { return Ok(Taken::Nothing) };
        let received_at = arrival.at.or_else(|| mail.arrived_at()).unwrap_or(self.now);
        let mut verdict = self.verdict(&mail, raw, arrival.at, obstacle);
        if let Some(why) = verdict.unreachable.take() {
            if self.is_idle(&mail, received_at)? {
                return Ok(Taken::Nothing);
            }
            if arrival.waits_since.is_none_or(|since| self.now.duration_since(since) < MAX_WAIT) {
                return Ok(Taken::PutBack(why));
            }
        }
        let mut judgement = judge(&mail, received_at, verdict, self.rules, &self.objections);
        if let Some(obstacle) = obstacle.filter(|_| judge::is_claimed(&mail, self.rules)) {
            judgement.finding = Finding::Held(obstacle);
        }
        self.keep(&NewMail { place, raw, mail: &mail, received_at, judgement: &judgement, judged_at: self.now })
    }

    fn keep(&mut self, new: &NewMail<'_>) -> Result<Taken, StoreError> {
        if new.judgement.finding == Finding::Ignored {
            return Ok(Taken::Nothing);
        }
        if let Some(known) = self.records.known(new.mail)? {
            if !is_news(&known, new.judgement) {
                return Ok(Taken::Nothing);
            }
            // This copy proves what the other one could not, so it takes its place.
            self.records.decide(known.id, Outcome::Ignored)?;
        }
        let id = self.records.keep(new)?;
        self.apply(id, new.received_at, new.judgement)?;
        Ok(self.records.mail(id)?.map_or(Taken::Nothing, |m| Taken::Kept(Box::new(m.kept))))
    }

    /// Whether a mail would come to nothing even if its sender were proven.
    fn is_idle(&self, mail: &Mail, received_at: Timestamp) -> Result<bool, StoreError> {
        let proven = Verdict::new(Proof::Authentic, String::new());
        let judgement = judge(mail, received_at, proven, self.rules, &self.objections);
        let is_known = self.records.known(mail)?.is_some_and(|known| !is_news(&known, &judgement));
        Ok(is_known || judgement.finding == Finding::Ignored)
    }

    /// Holds a mail that is known to be there, but that its server does not give.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn unfetched(&mut self, place: &Place, error: &str) -> Result<Option<Kept>, StoreError> {
        let raw = format!("X-Tracker-Unfetched: {place:?}\r\n\r\n").into_bytes();
        let mail = Mail::unreadable(&raw);
        // It may be searched for once more, long after a person saw it.
        if self.records.known(&mail)?.is_some() {
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

    /// Judges the held mails once more that were judged before the newest objection was recorded. Their verdicts stay.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn reconsider(&mut self) -> Result<Vec<Kept>, StoreError> {
        let mut changed = Vec::new();
        for held in self.records.held_before_newest_objection()? {
            let Some(KeptMail { kept, raw }) = self.records.mail(held.id)? else { continue };
            let Ok(mail) = Mail::parse(&raw) else { continue };
            let judgement = judge(&mail, kept.received_at, kept.verdict.clone(), self.rules, &self.objections);
            let is_used = || self.records.is_applied_elsewhere(kept.id, &mail);
            if matches!(judgement.finding, Finding::Applied(_)) && !is_used()? {
                self.records.judged(kept.id, &judgement, self.now)?;
                self.apply(kept.id, kept.received_at, &judgement)?;
                self.records.tell_of(kept.id)?;
                changed.extend(self.records.mail(kept.id)?.map(|m| m.kept));
            }
        }
        Ok(changed)
    }

    /// Who really sent it. What was not read to its end can't be verified.
    fn verdict(&self, mail: &Mail, raw: &[u8], arrived_at: Option<Timestamp>, obstacle: Option<Reason>) -> Verdict {
        let keys = self.witnesses.keys.filter(|_| obstacle.is_none());
        trust::verdict(&claim(mail, raw, arrived_at, self.now, self.rules), &Witnesses { keys, ..self.witnesses })
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

/// A mail that was read, as far as that went.
struct Read<'r> {
    mail: Mail,
    /// Its bytes; of one that is too large, the header's.
    raw: &'r [u8],
    /// What kept it from being read.
    obstacle: Option<Reason>,
}

/// Reads a mail; `None` if it is none.
fn read(raw: &[u8]) -> Option<Read<'_>> {
    let (raw, obstacle) =
        if raw.len() > mail::MAX_SIZE { (mail::header_block(raw), Some(Reason::TooLarge)) } else { (raw, None) };
    match Mail::parse(raw) {
        Ok(mail) => Some(Read { mail, raw, obstacle }),
        Err(Unreadable::NoHeader) => None,
        Err(Unreadable::Unparsable) => {
            Some(Read { mail: Mail::unreadable(raw), raw, obstacle: obstacle.or(Some(Reason::Unreadable)) })
        }
    }
}

/// A mail whose sender is asked for; `arrived_at` as its account's server says, if it came from one.
#[must_use]
pub fn claim<'a>(
    mail: &'a Mail,
    raw: &'a [u8],
    arrived_at: Option<Timestamp>,
    now: Timestamp,
    rules: &Rules,
) -> Claim<'a> {
    Claim { mail, raw, seen_at: arrived_at.unwrap_or(now), now, is_controllers: judge::is_claimed(mail, rules) }
}

/// The names under which the keys stand that a mail's verdict needs.
#[must_use]
pub fn names_of_keys(raw: &[u8], arrived_at: Option<Timestamp>, now: Timestamp, rules: &Rules) -> Vec<String> {
    let read = read(raw).filter(|read| read.obstacle.is_none());
    read.map(|read| trust::names_of_keys(&claim(&read.mail, read.raw, arrived_at, now, rules))).unwrap_or_default()
}

/// Whether a copy of a known mail tells more than the first one did.
fn is_news(known: &Kept, judgement: &Judgement) -> bool {
    known.outcome == Outcome::Held
        && match known.held_reason {
            Some(Reason::SenderUnverified | Reason::SenderFailed) => judgement.verdict.result == Proof::Authentic,
            Some(reason) if reason.is_about_objections() => matches!(judgement.finding, Finding::Applied(_)),
            _ => false,
        }
}
