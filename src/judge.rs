//! The verdict first, then the words, then the objection: what is to be done about a mail.
//!
//! No text from an unproven sender can move a state; it can only be held for a person. What is genuine but not
//! understood is held too. Nothing is written here: `explain` shows a judgement, everything else records it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use strum::{Display, EnumString, IntoStaticStr};

use crate::mail::{Address, Mail};
use crate::matching::{self, Candidate, Match, Query};
use crate::objection::{Cause, Objection, ObjectionId};
use crate::signal::{self, Controller, FoundCode, Reading, Rules, Signal};
use crate::trust::{Proof, Verdict};

/// What is to be done about a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It moves, or is added to, this objection.
    Applied(ObjectionId),
    /// A person must judge it.
    Held(Reason),
    /// It is none of our business.
    Ignored,
}

/// Why a mail is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// Nothing proves its sender.
    SenderUnverified,
    /// Its sender is shown to be false.
    SenderFailed,
    /// It is addressed to nobody who objected.
    WrongRecipient,
    /// It is older than the objection it would answer.
    BeforeSubmission,
    /// No objection fits.
    NoObjection,
    /// Several objections fit.
    SeveralObjections,
    /// Genuine, but no rule explains it.
    Unrecognised,
    /// It can be read as a decision, but something in it speaks against that.
    Unclear,
    /// It contradicts a state that is final.
    ContradictsState,
    /// It holds several codes that differ.
    SeveralCodes,
    /// Larger than `mail::MAX_SIZE`.
    TooLarge,
    /// It can't be parsed, or is encrypted.
    Unreadable,
}

/// A judged mail.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Who really sent it.
    pub verdict: Verdict,
    /// What it says.
    pub reading: Reading,
    /// What is to be done.
    pub finding: Finding,
    /// How each objection relates to it.
    pub candidates: Vec<Candidate>,
    /// The case numbers it carries.
    pub case_numbers: Vec<String>,
    /// What a person may take it for, if it is held and its sender is proven.
    pub suggestion: Option<Signal>,
    /// The sentences that speak against the decision that can be read in it.
    pub against: Vec<String>,
}

/// Judges a mail that arrived at `arrived_at`, against all recorded objections.
pub fn judge(
    mail: &Mail,
    arrived_at: Timestamp,
    verdict: Verdict,
    rules: &Rules,
    objections: &[Objection],
) -> Judgement {
    let controller = &rules.controller;
    let is_support = mail.author.as_ref().is_ok_and(|author| controller.is_support(author));
    let case_numbers = matching::case_numbers(mail);
    let reading = read_with(mail, rules, &case_numbers);
    let query = Query::new(mail, arrived_at, controller, &reading, case_numbers);
    let (matched, candidates) = matching::find(&query, objections);
    let against = against(&reading, &matched, objections);
    let finding = if !is_claimed(mail, rules) {
        Finding::Ignored
    } else if reading.is_unclear {
        let is_decision = is_support && reading.decision.is_some();
        let reason = if is_decision { Reason::Unclear } else { Reason::Unrecognised };
        by_sender(&verdict).unwrap_or(Finding::Held(reason))
    } else if reading.signal.event().is_none() {
        let is_awaited = is_support && matching::is_expected(&query, objections);
        // A code in words that no rule knows is no answer, but it is waited for.
        let is_awaited_code =
            reading.may_hold_code && is_code_sender(mail, controller) && matching::is_code_expected(&query, objections);
        let is_genuine = verdict.result == Proof::Authentic;
        let is_awaited_secret = mail.is_encrypted
            && (is_awaited || is_code_sender(mail, controller) && matching::is_code_expected(&query, objections));
        if is_awaited_secret {
            by_sender(&verdict).unwrap_or(Finding::Held(Reason::Unreadable))
        } else if is_genuine && (is_awaited || is_awaited_code) {
            Finding::Held(Reason::Unrecognised)
        } else {
            Finding::Ignored
        }
    } else if verdict.result == Proof::Authentic && !may_say(mail, &reading, controller) {
        Finding::Held(Reason::Unrecognised)
    } else {
        by_sender(&verdict)
            .unwrap_or_else(|| by_content(&reading, &matched, arrived_at, objections, !against.is_empty()))
    };
    let is_proven = verdict.result == Proof::Authentic && may_say(mail, &reading, controller);
    let suggestion = Some(reading.decision.unwrap_or(reading.signal))
        .filter(|signal| is_proven && signal.event().is_some() && matches!(finding, Finding::Held(_)));
    let case_numbers = query.case_numbers;
    Judgement { verdict, reading, finding, candidates, case_numbers, suggestion, against }
}

/// What speaks against a reading's decision: what the mail says itself, and days before the objection was submitted.
fn against(reading: &Reading, matched: &Match, objections: &[Objection]) -> Vec<String> {
    let submitted_at = objections.iter().find(|o| *matched == Match::One(o.id)).map(|o| o.submitted_at);
    // The submission's day is the user's own; what is dated the day before it in UTC may be the same.
    let is_before = |until: Date| {
        submitted_at.is_some_and(|at| until < TimeZone::UTC.to_datetime(at).date().saturating_sub(Span::new().days(1)))
    };
    let stale = reading.dated.iter().filter(|dated| is_before(dated.until)).map(|dated| dated.text.clone());
    reading.against.iter().cloned().chain(stale).collect()
}

/// Reads what a mail says; a support sender and a case number are signs beside its wording.
pub fn read(mail: &Mail, rules: &Rules) -> Reading {
    read_with(mail, rules, &matching::case_numbers(mail))
}

fn read_with(mail: &Mail, rules: &Rules, case_numbers: &[String]) -> Reading {
    let is_support = mail.author.as_ref().is_ok_and(|author| rules.controller.is_support(author));
    let has_case = !case_numbers.is_empty();
    signal::read(mail, rules, usize::from(is_support).saturating_add(usize::from(has_case)))
}

/// Whether a mail is, or poses as, the controller's. One whose author is plainly somebody else is not, whatever
/// stands in its display name.
pub fn is_claimed(mail: &Mail, rules: &Rules) -> bool {
    let is_controller = |domain: &str| rules.controller.sender(domain).is_some();
    match &mail.author {
        Ok(author) => is_controller(author.domain()),
        Err(_) => mail.claimed_domains.iter().any(|domain| is_controller(domain)),
    }
}

fn is_code_sender(mail: &Mail, controller: &Controller) -> bool {
    mail.author.as_ref().is_ok_and(|author| controller.is_code_sender(author))
}

/// Held, unless the sender is proven.
fn by_sender(verdict: &Verdict) -> Option<Finding> {
    match verdict.result {
        Proof::Authentic => None,
        Proof::Failed => Some(Finding::Held(Reason::SenderFailed)),
        Proof::Unverified => Some(Finding::Held(Reason::SenderUnverified)),
    }
}

/// Whether what a mail says counts, coming from its author. Genuine mail carries strangers' words too: invitations, page
/// names, messages. So only the support decides, and codes come from few addresses.
fn may_say(mail: &Mail, reading: &Reading, controller: &Controller) -> bool {
    let is_of =
        |may: fn(&Controller, &Address) -> bool| mail.author.as_ref().is_ok_and(|author| may(controller, author));
    match reading.signal {
        Signal::VerificationCode => is_of(Controller::is_code_sender),
        _ => is_of(Controller::is_support),
    }
}

/// What a proven mail comes to.
fn by_content(
    reading: &Reading,
    matched: &Match,
    arrived_at: Timestamp,
    objections: &[Objection],
    is_contradicted: bool,
) -> Finding {
    match (reading.signal, &reading.code) {
        (Signal::VerificationCode, FoundCode::Several) => return Finding::Held(Reason::SeveralCodes),
        (Signal::VerificationCode, FoundCode::None) => return Finding::Held(Reason::Unrecognised),
        _ => {}
    }
    let id = match matched {
        Match::One(id) => *id,
        Match::Several => return Finding::Held(Reason::SeveralObjections),
        Match::WrongRecipient => return Finding::Held(Reason::WrongRecipient),
        Match::BeforeSubmission => return Finding::Held(Reason::BeforeSubmission),
        Match::NoObjection => return Finding::Held(Reason::NoObjection),
    };
    if is_contradicted {
        return Finding::Held(Reason::Unclear);
    }
    let next = objections.iter().find(|o| o.id == id).zip(reading.signal.event());
    let is_allowed = next.is_some_and(|(objection, event)| objection.after(event, Cause::Mail, arrived_at).is_ok());
    if is_allowed { Finding::Applied(id) } else { Finding::Held(Reason::ContradictsState) }
}

impl Reason {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether another set of objections could change it.
    pub fn is_about_objections(self) -> bool {
        matches!(self, Self::WrongRecipient | Self::BeforeSubmission | Self::NoObjection | Self::SeveralObjections)
    }
}
