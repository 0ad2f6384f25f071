//! One mail's way through the house: parsed, judged, recorded. `check`, `ingest`, `demo` and `held` all walk it.

mod recheck;

pub use recheck::Change;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

use crate::judge::{self, Finding, Judgement, Reason, judge};
use crate::mail::{self, Mail, Unreadable};
use crate::matching;
use crate::objection::{Cause, Code, Contradiction, Event, Kind, Objection, ObjectionId, State, replay, standing};
use crate::signal::{self, FoundCode, Reading, Rules, Signal};
use crate::store::{Kept, KeptMail, MailId, NewEvent, NewMail, Outcome, Place, Records, StoreError};
use crate::trust::{self, Proof, Trusted};

/// How long a code is taken to be good where its mail does not say.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Takes mails in, within one transaction.
pub struct Intake<'a> {
    records: Records<'a>,
    rules: &'a Rules,
    trusted: &'a Trusted,
    now: Timestamp,
    objections: Vec<Objection>,
}

impl<'a> Intake<'a> {
    /// Opens the door: whose Authentication-Results to believe, and what time it is.
    ///
    /// # Errors
    /// When the objections can't be read.
    pub fn new(
        records: Records<'a>,
        rules: &'a Rules,
        trusted: &'a Trusted,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self { records, rules, trusted, now, objections: records.objections()? })
    }

    /// Judges a mail and records what comes of it. `None` for a mail that is none of our business, or known.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn take(
        &mut self,
        place: &Place,
        raw: &[u8],
        arrived_at: Option<Timestamp>,
    ) -> Result<Option<Kept>, StoreError> {
        let (raw, too_large) = if raw.len() > mail::MAX_SIZE { (mail::header_block(raw), true) } else { (raw, false) };
        let (mail, unreadable) = match Mail::parse(raw) {
            Ok(mail) => (mail, false),
            Err(Unreadable::NoHeader) => return Ok(None),
            Err(Unreadable::Unparsable) => (Mail::unreadable(raw), true),
        };
        let received_at = arrived_at.or_else(|| mail.arrived_at()).unwrap_or(self.now);
        let mut judgement = self.judge(&mail, received_at);
        if (too_large || unreadable) && judge::is_claimed(&mail, self.rules) {
            judgement.finding = Finding::Held(if too_large { Reason::TooLarge } else { Reason::Unreadable });
        }
        if judgement.finding == Finding::Ignored {
            return Ok(None);
        }
        let known = self.records.known(&mail)?;
        if let Some(known) = &known {
            if !is_news(known, &judgement) {
                return Ok(None);
            }
            // This copy proves what the other one could not, so it takes its place.
            self.records.decide(known.id, Outcome::Ignored)?;
        }
        let new = NewMail { place, raw, mail: &mail, received_at, judgement: &judgement, judged_at: self.now };
        let id = self.records.keep(&new)?;
        self.apply(id, received_at, &judgement)?;
        Ok(self.records.mail(id)?.map(|m| m.kept))
    }

    /// Holds a mail that is known to be there, but that its server does not give.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn unfetched(&mut self, place: &Place, error: &str) -> Result<Option<Kept>, StoreError> {
        let raw = format!("X-Tracker-Unfetched: {place:?}: {error}\r\n\r\n").into_bytes();
        let mail = Mail::unreadable(&raw);
        let mut judgement = self.judge(&mail, self.now);
        judgement.verdict.reason = format!("its server does not give it: {error}");
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
            if let Finding::Applied(_) = judgement.finding {
                self.records.judged(kept.id, &judgement, self.now)?;
                self.apply(kept.id, kept.received_at, &judgement)?;
                changed.extend(self.records.mail(kept.id)?.map(|m| m.kept));
            }
        }
        Ok(changed)
    }

    fn judge(&self, mail: &Mail, received_at: Timestamp) -> Judgement {
        judge(mail, received_at, trust::verdict(mail, self.trusted), self.rules, &self.objections)
    }

    fn apply(&mut self, mail: MailId, at: Timestamp, judgement: &Judgement) -> Result<(), StoreError> {
        let Finding::Applied(id) = judgement.finding else { return Ok(()) };
        let Some(objection) = self.objections.iter_mut().find(|o| o.id == id) else { return Ok(()) };
        let Some(kind) = judgement.reading.signal.event() else { return Ok(()) };
        // `judge` has asked the table already.
        let _ = apply(self.records, objection, mail, kind, Cause::Mail, (at, self.now), None)?;
        keep_code(self.records, id, mail, at, &judgement.reading.code)?;
        if let Some(fresh) = self.records.objection(id)? {
            *objection = fresh;
        }
        Ok(())
    }
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

/// Adds a mail's event to an objection; `at` is when it happened and when it became known.
///
/// # Errors
/// The inner one if the state does not allow it: nothing is written then.
pub fn apply(
    records: Records<'_>,
    objection: &Objection,
    mail: MailId,
    kind: Kind,
    cause: Cause,
    (at, now): (Timestamp, Timestamp),
    note: Option<String>,
) -> Result<Result<(), Contradiction>, StoreError> {
    let state = match objection.state.after(kind, cause, at < objection.state_at) {
        Ok(state) => state,
        Err(contradiction) => return Ok(Err(contradiction)),
    };
    let before = objection.state;
    let event = NewEvent {
        objection: objection.id,
        at,
        kind,
        before,
        state,
        cause,
        mail: Some(mail),
        note,
        undoes: None,
        recorded_at: now,
    };
    records.append(&event)?;
    Ok(Ok(()))
}

/// Takes an event back: history keeps both. Codes that it made useless can be used again.
///
/// # Errors
/// When the record can't be written.
pub fn take_back(
    records: Records<'_>,
    objection: &Objection,
    undone: &Event,
    cause: Cause,
    now: Timestamp,
    rules: &Rules,
) -> Result<(), StoreError> {
    let events: Vec<Event> = records.events(objection.id)?.into_iter().filter(|e| e.id != undone.id).collect();
    let state = replay(&events);
    records.append(&NewEvent {
        objection: objection.id,
        at: now,
        kind: Kind::Undone,
        before: objection.state,
        state,
        cause,
        mail: undone.mail,
        note: None,
        undoes: Some(undone.id),
        recorded_at: now,
    })?;
    if let Some(mail) = undone.mail {
        records.drop_codes(mail)?;
    }
    if state.is_pending() && !standing(&events).any(|e| e.kind == Kind::Verified) {
        restore_codes(records, objection.id, rules)?;
    }
    Ok(())
}

/// Keeps the code that a verification mail brought.
///
/// # Errors
/// When the record can't be written.
pub fn keep_code(
    records: Records<'_>,
    objection: ObjectionId,
    mail: MailId,
    received_at: Timestamp,
    found: &FoundCode,
) -> Result<(), StoreError> {
    let FoundCode::One(digits, valid_for) = found else { return Ok(()) };
    let expires_at = received_at.saturating_add(valid_for.unwrap_or(CODE_LIFE)).unwrap_or(Timestamp::MAX);
    // One that is found only after it was entered elsewhere, or after the matter was decided, is of no more use.
    let is_used = records
        .objection(objection)?
        .is_some_and(|o| o.state.is_terminal() || (o.state >= State::Verified && received_at < o.state_at));
    let code = Code { received_at, expires_at, is_assumed: valid_for.is_none(), is_used };
    records.keep_code(objection, mail, digits, code)
}

/// Reads a kept mail once more, by the rules of today.
#[must_use]
pub fn reread(raw: &[u8], rules: &Rules) -> Option<Reading> {
    let mail = Mail::parse(raw).ok()?;
    let is_support = mail.author.as_ref().is_ok_and(|author| rules.controller.is_support(author));
    let signs = usize::from(is_support).saturating_add(usize::from(!matching::case_numbers(&mail).is_empty()));
    Some(signal::read(&mail, rules, signs))
}

/// Puts wiped codes back after the event that made them useless was undone.
fn restore_codes(records: Records<'_>, objection: ObjectionId, rules: &Rules) -> Result<(), StoreError> {
    for id in records.wiped_codes(objection)? {
        let Some(KeptMail { raw, .. }) = records.mail(id)? else { continue };
        if let Some(digits) = code_of(&raw, rules) {
            records.restore_code(id, &digits)?;
        }
    }
    Ok(())
}

/// The one code in a raw mail.
#[must_use]
pub fn code_of(raw: &[u8], rules: &Rules) -> Option<SecretString> {
    match reread(raw, rules) {
        Some(Reading { signal: Signal::VerificationCode, code: FoundCode::One(digits, _), .. }) => Some(digits),
        _ => None,
    }
}
