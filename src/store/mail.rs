//! Keeps mails as they came, with what they were judged to be and what a person decided.

use jiff::Timestamp;
use rusqlite::{named_params, params};

use super::{MailId, Outcome, Place, Records, StoreError};
use crate::judge::{Finding, Judgement};
use crate::mail::Mail;
use crate::mail::text::cut;
use crate::signal::Signal;

/// So much of a name or subject is kept beside the mail's bytes: a line of a mail has no more (RFC 5322 §2.1.1).
const MAX_NAME: usize = 998;

/// A mail to be kept.
pub struct NewMail<'a> {
    /// Where it was found.
    pub place: &'a Place,
    /// Its bytes.
    pub raw: &'a [u8],
    /// What was read out of them.
    pub mail: &'a Mail,
    /// When the account's server took it in.
    pub received_at: Timestamp,
    /// What it was judged to be.
    pub judgement: &'a Judgement,
    /// When it was judged.
    pub judged_at: Timestamp,
}

impl Records<'_> {
    /// Keeps a mail, and notes that the user is to be told of it.
    pub(crate) fn keep(&self, new: &NewMail<'_>) -> Result<MailId, StoreError> {
        self.0.execute(
            "INSERT INTO mail (account, mailbox, uid_validity, uid, message_id, author, recipients, subject, sent_at,
                received_at, raw, sha256, content_sha256, signed_sha256, verdict, verdict_reason, signal, case_numbers, outcome,
                held_reason, judged_at)
             VALUES (:account, :mailbox, :uid_validity, :uid, :message_id, :author, :recipients, :subject, :sent_at,
                :received_at, :raw, :sha256, :content_sha256, :signed_sha256, 'unverified', '', 'none', '', 'ignored', NULL, 0)",
            named_params! {
                ":account": new.place.account, ":mailbox": new.place.mailbox,
                ":uid_validity": new.place.uid_validity, ":uid": new.place.uid, ":message_id": new.mail.message_id,
                ":author": cut(&new.mail.from, MAX_NAME), ":recipients": recipients(new.mail), ":subject": cut(&new.mail.subject, MAX_NAME),
                ":sent_at": new.mail.date.map(Timestamp::as_second), ":received_at": new.received_at.as_second(),
                ":raw": self.bytes_to_keep(new)?, ":sha256": new.mail.sha256, ":content_sha256": new.mail.content_sha256,
                ":signed_sha256": new.mail.signed_sha256,
            },
        )?;
        let id = self.0.last_insert_rowid();
        self.note_judgement(id, new.judgement, new.judged_at)?;
        self.note_untold(id)?;
        Ok(id)
    }

    /// Writes down what a kept mail was judged to be.
    pub(crate) fn note_judgement(&self, id: MailId, judgement: &Judgement, now: Timestamp) -> Result<(), StoreError> {
        let verdict = &judgement.verdict;
        let (outcome, reason, objection) = match judgement.finding {
            Finding::Applied(objection) => (Outcome::Applied(objection), None, Some(objection.0)),
            Finding::Held(reason) => (Outcome::Held, Some(reason.as_str()), None),
            Finding::Ignored => (Outcome::Ignored, None, None),
        };
        self.0.execute(
            "UPDATE mail SET verdict = :verdict, verdict_reason = :reason, verdict_method = :method,
                verdict_domain = :domain, verdict_selector = :selector, verdict_algorithm = :algorithm,
                verified_at = :verified, verdict_chain = :chain, signal = :signal, language = :language,
                rule = :rule, case_numbers = :cases, outcome = :outcome, held_reason = :held, objection = :objection,
                judged_at = :now, suggestion = :suggestion, against = :against, candidates = :candidates
             WHERE id = :id",
            named_params! {
                ":id": id, ":verdict": verdict.result.as_str(), ":reason": verdict.reason, ":method": verdict.method,
                ":domain": verdict.domain, ":selector": verdict.selector, ":algorithm": verdict.algorithm,
                ":verified": verdict.verified_at.map(Timestamp::as_second), ":chain": verdict.chain.join("\n"),
                ":signal": judgement.reading.signal.as_str(), ":language": judgement.reading.language,
                ":rule": judgement.reading.rule, ":cases": judgement.case_numbers.join(" "),
                ":outcome": outcome.as_str(), ":held": reason, ":objection": objection, ":now": now.as_second(),
                ":suggestion": judgement.suggestion.map(Signal::as_str), ":against": against(judgement),
                ":candidates": candidates(judgement),
            },
        )?;
        Ok(())
    }

    /// Writes down what a person decided about a held mail, or that the decision was taken back.
    pub(crate) fn note_decision(&self, id: MailId, outcome: Outcome, now: Timestamp) -> Result<(), StoreError> {
        let dismissed_at = (outcome == Outcome::Ignored).then_some(now.as_second());
        self.0.execute(
            "UPDATE mail SET outcome = ?2, objection = ?3, dismissed_at = ?4 WHERE id = ?1",
            params![id, outcome.as_str(), outcome.objection().map(|id| id.0), dismissed_at],
        )?;
        // Nobody need be told of what they decided themselves.
        self.note_told(id)
    }
}

/// The texts that speak against a judgement's suggestion, one a line.
fn against(judgement: &Judgement) -> String {
    let texts = judgement.against.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    texts.collect::<Vec<_>>().join("\n")
}

/// The numbers of the objections that a mail fits.
fn candidates(judgement: &Judgement) -> String {
    let fitting = judgement.candidates.iter().filter(|candidate| candidate.fits);
    fitting.map(|candidate| candidate.objection.to_string()).collect::<Vec<_>>().join(" ")
}

fn recipients(mail: &Mail) -> String {
    mail.recipients.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
