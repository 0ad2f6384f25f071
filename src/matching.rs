//! Which objection a mail answers, or why none: never a guess.

use jiff::{SignedDuration, Timestamp};

use crate::mail::{Address, Mail};
use crate::objection::{Objection, ObjectionId, Platform, State};
use crate::signal::{Controller, Reading, Signal};

/// A mail may be older than the recorded submission by this much: the code comes before the form is complete.
pub const GRACE: SignedDuration = SignedDuration::from_hours(1);
/// A first code comes within a day of the submission; one that was recorded by its date alone began at midnight.
const FIRST_CODE: SignedDuration = SignedDuration::from_hours(25);

/// What matching needs to know of a mail.
#[derive(Debug, Clone)]
pub struct Query {
    /// Whom it is addressed to, in the headers that the sender wrote.
    pub recipients: Vec<Address>,
    /// What it can be about; empty for anything.
    pub platforms: Vec<Platform>,
    /// When it was sent, as far as that can be told: the earlier of its Date and its arrival.
    pub sent_at: Timestamp,
    /// The case numbers it carries.
    pub case_numbers: Vec<String>,
    /// What it says.
    pub signal: Signal,
}

/// How one objection relates to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The objection.
    pub objection: ObjectionId,
    /// Whether the mail can be an answer to it.
    pub fits: bool,
    /// Why, or why not.
    pub why: String,
}

/// Which objection a mail answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// This one.
    One(ObjectionId),
    /// Several: choosing would be guessing.
    Several,
    /// It is addressed to nobody who objected.
    WrongRecipient,
    /// It is older than the objection it would answer.
    BeforeSubmission,
    /// None.
    NoObjection,
}

/// Why an objection does not fit, in the order in which it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Miss {
    Recipient,
    Case,
    Platform,
    Time,
    Code,
}

impl Query {
    /// What can be read out of a mail, `arrived_at` being when the account's server took it in.
    pub fn new(
        mail: &Mail,
        arrived_at: Timestamp,
        controller: &Controller,
        reading: &Reading,
        case_numbers: Vec<String>,
    ) -> Self {
        Self {
            recipients: recipients(mail),
            platforms: platforms(mail, controller, &reading.matched),
            sent_at: mail.date.map_or(arrived_at, |date| date.min(arrived_at)),
            case_numbers,
            signal: reading.signal,
        }
    }
}

/// Finds the objection that a mail answers, with the reasons for each.
pub fn find(query: &Query, objections: &[Objection]) -> (Match, Vec<Candidate>) {
    let is_exact = objections.iter().any(|o| is_addressed(query, o, false));
    let missed: Vec<(Option<Miss>, &Objection)> =
        objections.iter().map(|objection| (miss(query, objection, objections, is_exact), objection)).collect();
    let mut fitting: Vec<&Objection> = missed.iter().filter(|(miss, _)| miss.is_none()).map(|(_, o)| *o).collect();
    if query.signal == Signal::VerificationCode && fitting.len() > 1 {
        fitting = newest_within_its_hour(query, &fitting);
    }
    // What is over takes no mail from what is still open.
    if fitting.len() > 1 && fitting.iter().any(|o| o.state.is_pending()) {
        fitting.retain(|o| o.state.is_pending());
    }
    let outcome = match fitting.as_slice() {
        [one] => Match::One(one.id),
        [] => miss_of_all(&missed),
        _ => Match::Several,
    };
    let candidates = missed
        .iter()
        .map(|(miss, o)| {
            let is_chosen = fitting.iter().any(|f| f.id == o.id);
            Candidate { objection: o.id, fits: is_chosen, why: explain(*miss, is_chosen, query, o) }
        })
        .collect();
    (outcome, candidates)
}

/// Whether a mail is addressed to an objection's address and falls into its window: from its submission until some time
/// after it is decided, and at least until its due date.
pub fn is_expected(query: &Query, objections: &[Objection]) -> bool {
    let is_open = |o: &Objection| o.is_awaited(query.sent_at) || o.local_day(query.sent_at) <= o.term().due;
    objections.iter().any(|o| is_addressed(query, o, true) && query.sent_at >= earliest(o) && is_open(o))
}

/// Whether a mail is addressed to any objection's address after that was submitted.
pub fn is_addressed_to_one(query: &Query, objections: &[Objection]) -> bool {
    objections.iter().any(|o| is_addressed(query, o, true) && query.sent_at >= earliest(o))
}

/// The addresses in To. A relay may write the user's own address there, and the one that it gave out as its sender.
fn recipients(mail: &Mail) -> Vec<Address> {
    let alias = mail.author.iter().filter(|_| mail.relayed.is_some());
    mail.recipients.iter().chain(alias).cloned().collect()
}

/// Whether a mail is addressed to an objection's address while it awaits a code.
pub fn is_code_expected(query: &Query, objections: &[Objection]) -> bool {
    let is_entered = |o: &Objection| !matches!(o.state, State::Submitted | State::CodeReceived);
    let awaits = |o: &Objection| !is_entered(o) && query.sent_at >= earliest(o) && awaits_code(query, o);
    objections.iter().any(|o| is_addressed(query, o, true) && awaits(o))
}

fn miss(query: &Query, objection: &Objection, all: &[Objection], is_exact: bool) -> Option<Miss> {
    if !is_addressed(query, objection, !is_exact) {
        return Some(Miss::Recipient);
    }
    let has_case = |o: &Objection| o.case_numbers.iter().any(|number| query.case_numbers.contains(number));
    // Once a case number is known it decides, whatever else fits.
    if all.iter().any(has_case) {
        return if has_case(objection) { time_miss(query, objection) } else { Some(Miss::Case) };
    }
    let is_other_case = query.case_numbers.iter().any(|number| {
        // Numbers of one kind only are compared: a subject's `#…` says nothing about an address's `case++…`.
        objection.case_numbers.iter().any(|known| is_number(known) && is_number(number))
    });
    if is_other_case {
        return Some(Miss::Case);
    }
    if !query.platforms.is_empty() && !query.platforms.contains(&objection.platform) {
        return Some(Miss::Platform);
    }
    time_miss(query, objection)
}

fn time_miss(query: &Query, objection: &Objection) -> Option<Miss> {
    if query.sent_at < earliest(objection) {
        return Some(Miss::Time);
    }
    (query.signal == Signal::VerificationCode && !awaits_code(query, objection)).then_some(Miss::Code)
}

fn earliest(objection: &Objection) -> Timestamp {
    objection.submitted_at.saturating_sub(GRACE).unwrap_or(objection.submitted_at)
}

/// Text alone can't tell an objection's code from another form's (facts §1.2), so time must: the first one comes soon
/// after the form, another only while the first was not entered.
fn awaits_code(query: &Query, objection: &Objection) -> bool {
    let age = query.sent_at.duration_since(objection.submitted_at);
    match objection.state {
        State::Submitted => age <= FIRST_CODE,
        State::CodeReceived => true,
        _ => age <= GRACE,
    }
}

fn newest_within_its_hour<'a>(query: &Query, fitting: &[&'a Objection]) -> Vec<&'a Objection> {
    let is_near = |o: &&&Objection| query.sent_at.duration_since(o.submitted_at).abs() <= GRACE;
    let near: Vec<&Objection> = fitting.iter().filter(is_near).copied().collect();
    let Some(newest) = near.iter().map(|o| o.submitted_at).max() else { return fitting.to_vec() };
    near.into_iter().filter(|o| o.submitted_at == newest).collect()
}

fn is_addressed(query: &Query, objection: &Objection, or_to_detail: bool) -> bool {
    let Some(email) = Address::parse(&objection.email) else { return false };
    query.recipients.iter().any(|r| r.is_same(&email) || (or_to_detail && r.without_detail().is_same(&email)))
}

fn miss_of_all(missed: &[(Option<Miss>, &Objection)]) -> Match {
    // The one that came closest tells the reason.
    match missed.iter().filter_map(|(miss, _)| *miss).max() {
        Some(Miss::Recipient) => Match::WrongRecipient,
        Some(Miss::Time) => Match::BeforeSubmission,
        _ => Match::NoObjection,
    }
}

fn explain(miss: Option<Miss>, is_chosen: bool, query: &Query, objection: &Objection) -> String {
    match miss {
        None if is_chosen => {
            format!("addressed to {}, about {}, after its submission", objection.email, objection.platform)
        }
        None => "fits, but another one fits better".to_owned(),
        Some(Miss::Recipient) => format!("not addressed to {}", objection.email),
        Some(Miss::Case) => "its case number is another".to_owned(),
        Some(Miss::Platform) => {
            let about: Vec<&str> = query.platforms.iter().map(|p| p.as_str()).collect();
            format!("about {}, not {}", about.join(" or "), objection.platform)
        }
        Some(Miss::Time) => format!("sent {}, before its submission at {}", query.sent_at, objection.submitted_at),
        Some(Miss::Code) => "it awaits no code at that time".to_owned(),
    }
}

/// What a mail can be about: by its sender's domain. Facebook's support also answers for Instagram, so where the
/// deciding words name Instagram or Threads alone, they count.
fn platforms(mail: &Mail, controller: &Controller, matched: &[String]) -> Vec<Platform> {
    let Some(sender) = mail.author.as_ref().ok().and_then(|a| controller.sender(a.domain())) else { return Vec::new() };
    let by_sender: Vec<Platform> = sender.platforms.iter().map(|word| word.0).collect();
    let text = format!("{} {}", mail.subject, matched.join(" ")).to_lowercase();
    let named: Vec<Platform> =
        [("facebook", Platform::Facebook), ("instagram", Platform::Instagram), ("whatsapp", Platform::Whatsapp)]
            .into_iter()
            .filter(|(name, _)| text.contains(name))
            .map(|(_, platform)| platform)
            .collect();
    match named.as_slice() {
        [Platform::Instagram] if by_sender.is_empty() || by_sender.contains(&Platform::Facebook) => {
            vec![Platform::Instagram, Platform::Threads]
        }
        [one] if by_sender.is_empty() => vec![*one, Platform::Meta],
        _ => by_sender,
    }
}

/// The case numbers in a mail: `#…` in its subject, and what stands after `case++` in its author's address
/// (facts §1.5).
pub fn case_numbers(mail: &Mail) -> Vec<String> {
    let in_subject = mail.subject.split('#').skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (6..=20).contains(&digits.len()).then_some(digits)
    });
    let in_address = mail.author.as_ref().ok().and_then(|author| {
        let code = author.local().strip_prefix("case++")?;
        let is_plain = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        (is_plain && (6..=64).contains(&code.len())).then(|| code.to_owned())
    });
    in_subject.chain(in_address).collect()
}

fn is_number(case: &str) -> bool {
    case.chars().all(|c| c.is_ascii_digit())
}
