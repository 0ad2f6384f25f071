//! The verdict first, then the words, then the objection: what is to be done about a mail.
//!
//! No text from an unproven sender can move a state; it can only be held for a person. What is genuine but not
//! understood is held too. Nothing is written here: `explain` shows a judgement, everything else records it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use strum::{Display, EnumString, IntoStaticStr};

use crate::mail::relay::Relayed;
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
    let case_numbers = matching::case_numbers(mail);
    let reading = read_with(mail, rules, &case_numbers);
    let query = Query::new(mail, arrived_at, &rules.controller, &reading, case_numbers);
    let (matched, candidates) = matching::find(&query, objections);
    let against = against(&reading, &matched, objections);
    let case =
        Case { mail, arrived_at, verdict: &verdict, reading: &reading, controller: &rules.controller, objections };
    let finding = if !is_claimed(mail, rules) {
        case.relayed(&query)
    } else if reading.is_unclear {
        case.unclear()
    } else if reading.signal.event().is_none() {
        case.without_signal(&query)
    } else {
        case.with_signal(&matched, !against.is_empty())
    };
    let suggestion = case.suggestion().filter(|_| matches!(finding, Finding::Held(_)));
    let case_numbers = query.case_numbers;
    Judgement { verdict, reading, finding, candidates, case_numbers, suggestion, against }
}

/// A mail that poses as the controller's, with what is known of it.
struct Case<'a> {
    mail: &'a Mail,
    arrived_at: Timestamp,
    verdict: &'a Verdict,
    reading: &'a Reading,
    controller: &'a Controller,
    objections: &'a [Objection],
}

impl Case<'_> {
    /// What becomes of a mail that is nobody's of ours: of one that a relay sent on to an objection's address, as if it had
    /// come without the relay; but nothing can prove it.
    fn relayed(&self, query: &Query) -> Finding {
        let Some(Relayed { sender, .. }) = &self.mail.relayed else { return Finding::Ignored };
        let is_its = self.controller.sender(sender.domain()).is_some();
        let says = self.reading.signal.event().is_some()
            || self.reading.is_unclear
            || self.controller.is_support(sender)
            || self.controller.is_code_sender(sender);
        let is_for_us = is_its && says && matching::is_addressed_to_one(query, self.objections);
        if is_for_us { Finding::Held(Reason::SenderUnverified) } else { Finding::Ignored }
    }

    /// What becomes of a decision that its own mail contradicts.
    fn unclear(&self) -> Finding {
        let is_decision = self.is_of(Controller::is_support) && self.reading.decision.is_some();
        self.unless_proven().unwrap_or(Finding::Held(if is_decision { Reason::Unclear } else { Reason::Unrecognised }))
    }

    /// What becomes of a mail that no rule explains: held if its sender is proven and an answer is awaited. An encrypted
    /// mail is held even without proof, for only its reader can tell what it says.
    fn without_signal(&self, query: &Query) -> Finding {
        let is_awaited = self.is_of(Controller::is_support) && matching::is_expected(query, self.objections);
        let is_code_awaited =
            self.is_of(Controller::is_code_sender) && matching::is_code_expected(query, self.objections);
        if self.mail.is_encrypted && (is_awaited || is_code_awaited) {
            self.unless_proven().unwrap_or(Finding::Held(Reason::Unreadable))
        } else if self.is_authentic() && (is_awaited || is_code_awaited && self.reading.may_hold_code) {
            Finding::Held(Reason::Unrecognised)
        } else {
            Finding::Ignored
        }
    }

    /// What becomes of a mail that says something about an objection.
    fn with_signal(&self, matched: &Match, is_contradicted: bool) -> Finding {
        if self.is_authentic() && !self.may_say() {
            return Finding::Held(Reason::Unrecognised);
        }
        self.unless_proven().unwrap_or_else(|| match self.answered(matched) {
            Ok(_) if is_contradicted => Finding::Held(Reason::Unclear),
            Ok(id) if self.is_allowed(id) => Finding::Applied(id),
            Ok(_) => Finding::Held(Reason::ContradictsState),
            Err(reason) => Finding::Held(reason),
        })
    }

    /// What a person may take the mail for.
    fn suggestion(&self) -> Option<Signal> {
        let signal = self.reading.decision.unwrap_or(self.reading.signal);
        (self.is_authentic() && self.may_say() && signal.event().is_some()).then_some(signal)
    }

    /// Why it is held, if its sender is not proven.
    fn unless_proven(&self) -> Option<Finding> {
        match self.verdict.result {
            Proof::Authentic => None,
            Proof::Failed => Some(Finding::Held(Reason::SenderFailed)),
            Proof::Unverified => Some(Finding::Held(Reason::SenderUnverified)),
        }
    }

    fn is_authentic(&self) -> bool {
        self.verdict.result == Proof::Authentic
    }

    fn is_of(&self, is_sender: fn(&Controller, &Address) -> bool) -> bool {
        self.mail.author.as_ref().is_ok_and(|author| is_sender(self.controller, author))
    }

    /// Whether what a mail says counts, coming from its author. Genuine mail carries strangers' words too: invitations,
    /// page names, messages. So only the support decides, and codes come from few addresses.
    fn may_say(&self) -> bool {
        self.is_of(match self.reading.signal {
            Signal::VerificationCode => Controller::is_code_sender,
            _ => Controller::is_support,
        })
    }

    /// The objection that the mail answers, or why none.
    fn answered(&self, matched: &Match) -> Result<ObjectionId, Reason> {
        match (self.reading.signal, &self.reading.code) {
            (Signal::VerificationCode, FoundCode::Several) => return Err(Reason::SeveralCodes),
            (Signal::VerificationCode, FoundCode::None) => return Err(Reason::Unrecognised),
            _ => {}
        }
        match matched {
            Match::One(id) => Ok(*id),
            Match::Several => Err(Reason::SeveralObjections),
            Match::WrongRecipient => Err(Reason::WrongRecipient),
            Match::BeforeSubmission => Err(Reason::BeforeSubmission),
            Match::NoObjection => Err(Reason::NoObjection),
        }
    }

    /// Whether the objection's state allows what the mail says.
    fn is_allowed(&self, id: ObjectionId) -> bool {
        let next = self.objections.iter().find(|o| o.id == id).zip(self.reading.signal.event());
        next.is_some_and(|(objection, event)| objection.after(event, Cause::Mail, self.arrived_at).is_ok())
    }
}

/// What speaks today against a mail that was applied to an objection, which is nothing where it is only read otherwise;
/// `None` if it would still be applied.
pub(crate) fn doubt(mail: &Mail, rules: &Rules, signal: Signal, objection: &Objection) -> Option<Vec<String>> {
    let reading = read(mail, rules);
    let against = against(&reading, &Match::One(objection.id), std::slice::from_ref(objection));
    (reading.signal != signal || !against.is_empty()).then_some(against)
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
    let sender = mail.relayed.as_ref().map(|relayed| &relayed.sender).or(mail.author.as_ref().ok());
    let is_support = sender.is_some_and(|sender| rules.controller.is_support(sender));
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

/// Whether a mail can come to anything: it is claimed to be the controller's, or a relay says that it was.
pub fn is_looked_at(mail: &Mail, rules: &Rules) -> bool {
    let is_relayed = |relayed: &Relayed| rules.controller.sender(relayed.sender.domain()).is_some();
    is_claimed(mail, rules) || mail.relayed.as_ref().is_some_and(is_relayed)
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
