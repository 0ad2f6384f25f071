//! The reminder to the controller and the complaint to an authority, put together from the record alone.

use jiff::Timestamp;
use jiff::civil::Date;

use super::texts::{Texts, fill};
use super::{Authority, ControllerAddress, DraftError};
use crate::fault::Fault;
use crate::objection::{Event, Kind, Objection, Standing, State, events_that_count};

/// A letter, to be signed and sent by the user.
#[derive(Debug)]
pub(crate) struct DraftLetter {
    pub(crate) subject: String,
    /// The whole letter, with the subject in it.
    pub(crate) text: String,
}

/// Refuses a reminder that comes too early, or too late.
pub(crate) fn may_remind(s: &Standing<'_>) -> Result<(), DraftError> {
    if s.objection.state.is_terminal() {
        return Err(decided(s.objection, "there is no answer to ask for"));
    }
    is_over(s, s.remind_on, "a reminder")
}

/// Refuses a complaint unless the time is over by every reading of it, or the objection is refused.
pub(crate) fn may_complain(s: &Standing<'_>) -> Result<(), DraftError> {
    match s.objection.state {
        State::Refused => Ok(()),
        State::Accepted | State::Withdrawn => Err(decided(s.objection, "there is nothing to complain of")),
        _ => is_over(s, s.complain_on, "a complaint"),
    }
}

fn decided(o: &Objection, so: &str) -> DraftError {
    let fault = Fault::new(format!("objection {} is `{}`, so {so}", o.id, o.state));
    DraftError::Refused(fault.remedy(format!("`tracker show {}` tells its history", o.id)))
}

fn is_over(s: &Standing<'_>, from: Date, what: &str) -> Result<(), DraftError> {
    let (id, due) = (s.objection.id, s.answer_due_on);
    let early = |why: String| Fault::new(format!("objection {id}: too early for {what}, {why}"));
    if let Some(since) = s.paused_since {
        let fault = early(format!("information was asked for on {since} and the time stands still"));
        return Err(DraftError::Refused(fault.remedy(format!("send it, then: tracker mark {id} acknowledged"))));
    }
    if s.today >= from {
        return Ok(());
    }
    let fault = early(format!("the answer is due on {due}"));
    Err(DraftError::Refused(fault.remedy(format!("run again from {from} on"))))
}

/// The reminder to the controller (GDPR Art. 12(3)).
pub(crate) fn reminder(
    texts: &Texts,
    standing: &Standing<'_>,
    events: &[Event],
    controller: &ControllerAddress,
) -> DraftLetter {
    let record = Record::new(texts, standing, events, controller);
    let mut body = record.facts();
    body.push(record.deadline());
    body.extend([record.fill(&texts.reminder.asks), record.fill(&texts.reminder.warning)]);
    record.letter(&format!("{}\n{}", controller.name, controller.address), &texts.reminder.subject, body, "")
}

/// The complaint to a supervisory authority (GDPR Art. 77): of silence, or of a refusal.
pub(crate) fn complaint(
    texts: &Texts,
    standing: &Standing<'_>,
    events: &[Event],
    controller: &ControllerAddress,
    authority: &Authority,
) -> DraftLetter {
    let o = standing.objection;
    let record = Record::new(texts, standing, events, controller);
    let complaint = &texts.complaint;
    let mut body = vec![format!("{}\n\n{}\n{}", record.fill(&complaint.about), controller.name, controller.address)];
    body.extend(record.facts());
    body.extend(o.reason.as_ref().map(|reason| format!("{}\n\n{}", record.fill(&complaint.reason), quote(reason))));
    let is_refused = o.state == State::Refused;
    let subject = if is_refused { &texts.refusal.subject } else { &complaint.subject };
    if is_refused {
        body.push(record.fill(&texts.refusal.breach));
    } else {
        body.extend([record.deadline(), record.fill(&complaint.breach)]);
    }
    body.push(record.fill(&complaint.asks));
    if !o.is_british() && authority.country != "IE" {
        body.push(record.fill(&complaint.lead));
    }
    record.letter(&format!("{}\n{}", authority.name, authority.address), subject, body, &complaint.enclosed)
}

/// The record of an objection, which is all that a letter may claim.
struct Record<'a> {
    texts: &'a Texts,
    standing: &'a Standing<'a>,
    /// Those that were not undone, in the order in which they happened.
    events: Vec<&'a Event>,
    controller: &'a ControllerAddress,
}

impl<'a> Record<'a> {
    fn new(
        texts: &'a Texts,
        standing: &'a Standing<'a>,
        events: &'a [Event],
        controller: &'a ControllerAddress,
    ) -> Self {
        let mut events: Vec<&Event> = events_that_count(events).collect();
        events.sort_by_key(|event| (event.at, event.id));
        Self { texts, standing, events, controller }
    }

    /// What was objected to, and what came of it.
    fn facts(&self) -> Vec<String> {
        let (texts, o) = (&self.texts.letter, self.standing.objection);
        let mut objected = self.fill(&texts.objected);
        if o.form_url.is_some() {
            objected.push_str(&format!(" {}", self.fill(&texts.form)));
        }
        let mut facts = vec![objected];
        if !o.case_numbers.is_empty() {
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

    /// A line for each event that the letter tells of.
    fn history(&self) -> Vec<String> {
        let words = &self.texts.history;
        let lines = self.events.iter().filter_map(|event| {
            let what = match event.kind {
                Kind::VerificationCode => &words.verification_code,
                Kind::Verified => &words.verified,
                Kind::Acknowledged => &words.acknowledged,
                Kind::NeedsInfo => &words.needs_info,
                Kind::Extended => &words.extended,
                Kind::Refused => &words.refused,
                Kind::Submitted | Kind::Accepted | Kind::Withdrawn | Kind::Undone => return None,
            };
            Some(format!("- {}{} {what}", self.date(event.at), self.texts.colon))
        });
        lines.collect()
    }

    /// When the time was over.
    fn deadline(&self) -> String {
        let texts = &self.texts.letter;
        let mut parts = vec![self.fill(&texts.month)];
        if self.standing.objection.is_extended {
            parts.push(self.fill(&texts.extended));
        }
        if self.standing.paused_due_on.is_some_and(|day| day != self.standing.due_on) {
            parts.push(self.fill(&texts.paused));
        }
        parts.push(self.fill(&texts.open));
        parts.join(" ")
    }

    /// A text with the facts of the record in it.
    fn fill(&self, text: &str) -> String {
        let (texts, standing, o) = (self.texts, self.standing, self.standing.objection);
        let last = |kind| self.events.iter().rfind(|event| event.kind == kind).map(|event| self.date(event.at));
        fill(
            text,
            &[
                ("law", texts.law(o.is_british())),
                ("controller", &self.controller.name),
                ("platform", texts.platform(o.platform)),
                ("email", &o.email),
                ("form", o.form_url.as_deref().unwrap_or_default()),
                ("cases", &o.case_numbers.join(", ")),
                ("submitted", &self.date(o.submitted_at)),
                ("due", &texts.date(standing.first_due_on)),
                ("extended", &texts.date(standing.due_on)),
                ("extended_at", &last(Kind::Extended).unwrap_or_default()),
                ("paused", &texts.date(standing.answer_due_on)),
                ("refused", &last(Kind::Refused).unwrap_or_default()),
                ("today", &self.date(standing.at)),
            ],
        )
    }

    /// The day of a moment where the data subject lives, in words.
    fn date(&self, at: Timestamp) -> String {
        self.texts.date(self.standing.objection.local_day(at))
    }

    /// The letter round its body.
    fn letter(&self, to: &str, subject: &str, body: Vec<String>, enclosed: &str) -> DraftLetter {
        let texts = &self.texts.letter;
        let subject = self.fill(subject);
        let date = self.date(self.standing.at);
        let mut parts = vec![texts.sender.clone(), to.to_owned(), date, subject.clone(), texts.greeting.clone()];
        // In some languages the first paragraph begins in lower case, because the greeting ends with a comma.
        parts.extend(body.into_iter().enumerate().map(|(at, part)| if at == 0 { part } else { capitalised(&part) }));
        parts.extend([texts.farewell.clone(), texts.name.clone(), enclosed.to_owned()]);
        parts.retain(|part| !part.is_empty());
        DraftLetter { subject, text: parts.join("\n\n") }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn quote(text: &str) -> String {
    text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
