//! The reminder to the controller and the complaint to an authority, put together from the record alone.

use jiff::civil::Date;

use super::language::{Language, fill};
use super::{Authority, Controller, DraftError};
use crate::objection::{Event, Kind, Objection, Standing, State, events_that_count};

/// A letter, to be signed and sent by the user.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// All of it.
    pub text: String,
}

/// Whether it is time to remind the controller: the day after the due date.
///
/// # Errors
/// Why not, with the day that it is.
pub fn may_remind(s: &Standing<'_>) -> Result<(), DraftError> {
    let o = s.objection;
    if o.state.is_terminal() {
        return Err(DraftError::Refused(format!(
            "objection {} is `{}`, so there is no answer to ask for; `tracker show {}` tells its history",
            o.id, o.state, o.id
        )));
    }
    is_over(s, s.remind_on, "a reminder")
}

/// Whether a complaint can be lodged: once the time is over by every reading of it, or the objection is refused.
///
/// # Errors
/// Why not, with the day that it is.
pub fn may_complain(s: &Standing<'_>) -> Result<(), DraftError> {
    let o = s.objection;
    match o.state {
        State::Refused => Ok(()),
        State::Accepted | State::Withdrawn => Err(DraftError::Refused(format!(
            "objection {} is `{}`, so there is nothing to complain of; `tracker show {}` tells its history",
            o.id, o.state, o.id
        ))),
        _ => is_over(s, s.complain_on, "a complaint"),
    }
}

fn is_over(s: &Standing<'_>, from: Date, what: &str) -> Result<(), DraftError> {
    let id = s.objection.id;
    if let Some(since) = s.paused_since {
        let message = format!(
            "objection {id}: too early for {what}, information was asked for on {since} and the time stands still; \
             send it, then: tracker mark {id} acknowledged"
        );
        return Err(DraftError::Refused(message));
    }
    if s.today >= from {
        return Ok(());
    }
    let due = s.answer_due_on;
    let message = format!("objection {id}: too early for {what}, the answer is due on {due}; run again from {from} on");
    Err(DraftError::Refused(message))
}

/// The reminder to the controller (GDPR Art. 12(3)).
#[must_use]
pub fn reminder(l: &Language, s: &Standing<'_>, events: &[Event], controller: &Controller) -> Letter {
    let record = Record { l, s, o: s.objection, events, controller };
    let mut body = record.facts();
    body.extend(record.deadline());
    body.extend([record.fill(&l.reminder.asks), record.fill(&l.reminder.warning)]);
    record.letter(&format!("{}\n{}", controller.name, controller.address), &l.reminder.subject, body, "")
}

/// The complaint to a supervisory authority (GDPR Art. 77): of silence, or of a refusal.
#[must_use]
pub fn complaint(
    l: &Language,
    s: &Standing<'_>,
    events: &[Event],
    controller: &Controller,
    authority: &Authority,
) -> Letter {
    let o = s.objection;
    let record = Record { l, s, o, events, controller };
    let about = record.fill(&l.complaint.about);
    let mut body = vec![format!("{about}\n\n{}\n{}", controller.name, controller.address)];
    body.extend(record.facts());
    body.extend(o.reason.as_ref().map(|reason| format!("{}\n\n{}", record.fill(&l.complaint.reason), quote(reason))));
    let is_refused = o.state == State::Refused;
    let subject = if is_refused { &l.refusal.subject } else { &l.complaint.subject };
    if is_refused {
        body.push(record.fill(&l.refusal.breach));
    } else {
        body.extend(record.deadline());
        body.push(record.fill(&l.complaint.breach));
    }
    body.push(record.fill(&l.complaint.asks));
    if !o.is_british() && authority.country != "IE" {
        body.push(record.fill(&l.complaint.lead));
    }
    record.letter(&format!("{}\n{}", authority.name, authority.address), subject, body, &l.complaint.enclosed)
}

/// What a letter may claim.
struct Record<'a> {
    l: &'a Language,
    s: &'a Standing<'a>,
    o: &'a Objection,
    events: &'a [Event],
    controller: &'a Controller,
}

impl Record<'_> {
    /// What was objected to, and what came of it.
    fn facts(&self) -> Vec<String> {
        let texts = &self.l.letter;
        let mut objected = self.fill(&texts.objected);
        if self.o.form_url.is_some() {
            objected.push_str(&format!(" {}", self.fill(&texts.form)));
        }
        let mut facts = vec![objected];
        if !self.o.case_numbers.is_empty() {
            facts.push(self.fill(&texts.cases));
        }
        let history = self.history();
        facts.push(if history.is_empty() {
            self.fill(&texts.nothing)
        } else {
            format!("{}\n\n{}", self.fill(&texts.received), history.join("\n"))
        });
        facts
    }

    /// What stands in the record, a line for each event that was not undone.
    fn history(&self) -> Vec<String> {
        let words = &self.l.history;
        let lines = self.events().filter_map(|event| {
            let what = match event.kind {
                Kind::VerificationCode => &words.verification_code,
                Kind::Verified => &words.verified,
                Kind::Acknowledged => &words.acknowledged,
                Kind::NeedsInfo => &words.needs_info,
                Kind::Extended => &words.extended,
                Kind::Refused => &words.refused,
                Kind::Submitted | Kind::Accepted | Kind::Withdrawn | Kind::Undone => return None,
            };
            Some(format!("- {}{} {what}", self.l.date(self.o.received_on(event.at)), self.l.colon))
        });
        lines.collect()
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        let mut events: Vec<&Event> = events_that_count(self.events).collect();
        events.sort_by_key(|event| (event.at, event.id));
        events.into_iter()
    }

    /// When the time was over.
    fn deadline(&self) -> Vec<String> {
        let texts = &self.l.letter;
        let mut parts = vec![self.fill(&texts.month)];
        if self.o.is_extended {
            parts.push(self.fill(&texts.extended));
        }
        if self.s.paused_due_on.is_some_and(|day| day != self.s.due_on) {
            parts.push(self.fill(&texts.paused));
        }
        parts.push(self.fill(&texts.open));
        vec![parts.join(" ")]
    }

    /// A text with the facts of the record in it.
    fn fill(&self, text: &str) -> String {
        let (l, o) = (self.l, self.o);
        let at = |kind| self.events().filter(|e| e.kind == kind).last().map(|e| l.date(o.received_on(e.at)));
        let (extended_at, refused) = (at(Kind::Extended), at(Kind::Refused));
        fill(
            text,
            &[
                ("law", l.law(o.is_british())),
                ("controller", &self.controller.name),
                ("platform", l.platform(o.platform)),
                ("email", &o.email),
                ("form", o.form_url.as_deref().unwrap_or_default()),
                ("cases", &o.case_numbers.join(", ")),
                ("submitted", &l.date(o.received_on(o.submitted_at))),
                ("due", &l.date(self.s.first_due_on)),
                ("extended", &l.date(self.s.due_on)),
                ("extended_at", &extended_at.unwrap_or_default()),
                ("paused", &l.date(self.s.answer_due_on)),
                ("refused", &refused.unwrap_or_default()),
                ("today", &l.date(o.received_on(self.s.at))),
            ],
        )
    }

    /// The letter round its body. After a greeting with a comma some languages go on in lower case.
    fn letter(&self, to: &str, subject: &str, body: Vec<String>, enclosed: &str) -> Letter {
        let texts = &self.l.letter;
        let subject = self.fill(subject);
        let date = self.l.date(self.o.received_on(self.s.at));
        let mut parts = vec![texts.sender.clone(), to.to_owned(), date, subject.clone(), texts.greeting.clone()];
        parts.extend(body.into_iter().enumerate().map(|(at, part)| if at == 0 { part } else { capitalised(&part) }));
        parts.extend([texts.farewell.clone(), texts.name.clone(), enclosed.to_owned()]);
        parts.retain(|part| !part.is_empty());
        Letter { subject, text: parts.join("\n\n") }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn quote(text: &str) -> String {
    text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
