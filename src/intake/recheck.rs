//! Kept mails judged again: by the rules of today, or because an objection is new. What a person decided stays.

use super::{Intake, take_back};
use crate::judge::{self, Finding, Judgement, Reason, judge};
use crate::mail::Mail;
use crate::objection::{Cause, events_that_count};
use crate::store::{Kept, KeptMail, Outcome, StoreError};
use crate::system::progress::Progress;

/// A kept mail before and after it was judged again.
#[derive(Debug, Clone)]
pub struct Change {
    /// What it was taken for.
    pub before: Kept,
    /// What it is taken for now.
    pub after: Kept,
}

/// A kept mail whose decision would no longer be applied.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// The mail, as it was judged then.
    pub mail: Kept,
    /// The sentences that speak against the decision. Where there are none, it is read otherwise.
    pub against: Vec<String>,
}

impl Intake<'_> {
    /// The decisions that would no longer be applied by the rules of today, oldest first. Nothing is changed.
    pub fn doubts(&self) -> Result<Vec<Doubt>, StoreError> {
        let mut doubts = Vec::new();
        for kept in self.records.decisions()? {
            let id = kept.outcome.objection();
            let Some(objection) = self.objections.iter().find(|objection| Some(objection.id) == id) else { continue };
            let raw = self.records.mail(kept.id)?.map(|found| found.raw);
            let Some(Ok(mail)) = raw.as_deref().map(Mail::parse) else { continue };
            if let Some(against) = judge::doubt(&mail, self.rules, kept.signal, objection) {
                doubts.push(Doubt { mail: kept, against });
            }
        }
        Ok(doubts)
    }

    /// Judges the held mails once more that were judged before the newest objection was recorded. Their verdicts stay.
    pub fn reconsider(&mut self) -> Result<Vec<Kept>, StoreError> {
        let mut changed = Vec::new();
        for held in self.records.held_before_newest_objection()? {
            let Some(KeptMail { kept, raw }) = self.records.mail(held.id)? else { continue };
            let Ok(mail) = Mail::parse(&raw) else { continue };
            let judgement = judge(&mail, kept.received_at, kept.verdict.clone(), self.rules, &self.objections);
            let is_used = || self.records.is_applied_elsewhere(kept.id, &mail);
            if matches!(judgement.finding, Finding::Applied(_)) && !is_used()? {
                self.records.note_judgement(kept.id, &judgement, self.now)?;
                self.apply(kept.id, kept.received_at, &judgement)?;
                self.records.note_untold(kept.id)?;
                changed.extend(self.records.mail(kept.id)?.map(|m| m.kept));
            }
        }
        Ok(changed)
    }

    /// Judges every kept mail again that no person has decided about, oldest first. The verdicts on their senders stay:
    /// what was seen when a mail was fetched stays true.
    pub fn recheck(&mut self, progress: Progress) -> Result<Vec<Change>, StoreError> {
        let mut changes = Vec::new();
        let undecided = self.records.undecided()?;
        let bar = progress.start("judging again", undecided.len());
        for before in undecided {
            bar.add(1);
            if matches!(before.held_reason, Some(Reason::TooLarge | Reason::Unreadable)) {
                continue;
            }
            let Some(KeptMail { raw, .. }) = self.records.mail(before.id)? else { continue };
            let Ok(mail) = Mail::parse(&raw) else { continue };
            if self.rejudge(&before, &mail)? {
                self.records.note_untold(before.id)?;
                let after = self.records.mail(before.id)?.map(|m| m.kept);
                changes.extend(after.map(|after| Change { before, after }));
                self.objections = self.records.watched_objections(self.after_decision)?;
            }
        }
        Ok(changes)
    }

    /// Whether anything changed.
    fn rejudge(&mut self, before: &Kept, mail: &Mail) -> Result<bool, StoreError> {
        if let Outcome::Applied(id) = before.outcome {
            let Some(objection) = self.records.objection(id)? else { return Ok(false) };
            if judge::doubt(mail, self.rules, before.signal, &objection).is_none() {
                return Ok(false);
            }
            let events = self.records.events(id)?;
            if let Some(event) = events_that_count(&events).find(|e| e.mail == Some(before.id)) {
                let step = objection.step_back(event, &events, Cause::Mail, self.now);
                take_back(self.records, &step, self.rules)?;
                self.objections = self.records.watched_objections(self.after_decision)?;
            }
        }
        let judgement = self.judge_again(before, mail);
        let is_changed = match (before.outcome, judgement.finding) {
            // What waits for a person is not dropped without one.
            (Outcome::Held, Finding::Ignored) => false,
            (Outcome::Held, Finding::Applied(_)) => !self.records.is_applied_elsewhere(before.id, mail)?,
            (Outcome::Held, Finding::Held(reason)) => before.held_reason != Some(reason),
            _ => true,
        };
        if is_changed {
            self.records.note_judgement(before.id, &judgement, self.now)?;
            self.apply(before.id, before.received_at, &judgement)?;
        }
        Ok(is_changed)
    }

    fn judge_again(&self, before: &Kept, mail: &Mail) -> Judgement {
        judge(mail, before.received_at, before.verdict.clone(), self.rules, &self.objections)
    }
}
