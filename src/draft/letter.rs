//! The reminder to the controller and the complaint to an authority, put together from the record alone.

use jiff::Timestamp;
use jiff::civil::Date;

use super::texts::{BritishTexts, Texts, fill};
use super::{Authority, ControllerAddress, DraftError};
use crate::fault::Fault;
use crate::objection::law::Topic;
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
        return Err(DraftError::Refused(fault.remedy(format!("send it, then: tracker mark {id} sent"))));
    }
    if s.today >= from {
        return Ok(());
    }
    let fault = early(format!("the answer is due on {due}"));
    Err(DraftError::Refused(fault.remedy(format!("run again from {from} on"))))
}

/// Whether letters are under the law of the United Kingdom as it stands now, and so in English.
pub(crate) fn is_english_only(s: &Standing<'_>) -> bool {
    s.rule_today(Topic::ComplaintToController).or(s.objection.rule(Topic::Restart)).is_some()
}

/// The reminder to the controller (GDPR Art. 12(3)). Where the law provides for a complaint to the controller, as in the United
/// Kingdom, the reminder is that complaint as well.
pub(crate) fn reminder(
    texts: &Texts,
    standing: &Standing<'_>,
    events: &[Event],
    controller: &ControllerAddress,
) -> Result<DraftLetter, DraftError> {
    let record = Record::new(texts, standing, events, controller)?;
    let (reminder, mut body) = (&texts.reminder, record.facts());
    body.extend([record.deadline(), record.fill(&reminder.asks)]);
    let (subject, warning) = match record.british_complaint() {
        Some(british) => {
            body.push(record.fill(&british.reminder_complaint));
            (&british.reminder_subject, &british.reminder_warning)
        }
        None => (&reminder.subject, &reminder.warning),
    };
    body.push(record.fill(warning));
    Ok(record.letter(&controller.addressee(), subject, body, ""))
}

/// The complaint to a supervisory authority (GDPR Art. 77, DPA 2018 s. 165): of silence, or of a refusal.
pub(crate) fn complaint(
    texts: &Texts,
    standing: &Standing<'_>,
    events: &[Event],
    controller: &ControllerAddress,
    authority: &Authority,
) -> Result<DraftLetter, DraftError> {
    let o = standing.objection;
    let record = Record::new(texts, standing, events, controller)?;
    let complaint = &texts.complaint;
    let mut body = vec![format!("{}\n\n{}\n{}", record.fill(&complaint.about), controller.name, controller.address)];
    body.extend(record.facts());
    body.extend(o.reason.as_ref().map(|reason| format!("{}\n\n{}", record.fill(&complaint.reason), quote(reason))));
    let is_refused = o.state == State::Refused;
    if is_refused {
        body.push(record.fill(&texts.refusal.breach));
    } else {
        body.extend([record.deadline(), record.fill(&complaint.breach)]);
    }
    let (silence, refusal, asks) = match record.british_complaint() {
        Some(british) => {
            body.extend(o.complained_to_controller_at().map(|_| record.fill(&british.complained)));
            (&british.complaint_subject, &british.refusal_subject, &british.complaint_asks)
        }
        None => (&complaint.subject, &texts.refusal.subject, &complaint.asks),
    };
    body.push(record.fill(asks));
    if !o.is_british() && authority.country != "IE" {
        body.push(record.fill(&complaint.lead));
    }
    let subject = if is_refused { refusal } else { silence };
    Ok(record.letter(&format!("{}\n{}", authority.name, authority.address), subject, body, &complaint.enclosed))
}

/// The record of an objection, which is all that a letter may claim.
struct Record<'a> {
    texts: &'a Texts,
    standing: &'a Standing<'a>,
    /// Those that were not undone, in the order in which they happened.
    events: Vec<&'a Event>,
    controller: &'a ControllerAddress,
    /// Where the law of the United Kingdom applies as it stands now.
    british: Option<&'a BritishTexts>,
}

impl<'a> Record<'a> {
    fn new(
        texts: &'a Texts,
        standing: &'a Standing<'a>,
        events: &'a [Event],
        controller: &'a ControllerAddress,
    ) -> Result<Self, DraftError> {
        let mut events: Vec<&Event> = events_that_count(events).collect();
        events.sort_by_key(|event| (event.at, event.id));
        let british = is_english_only(standing).then(|| texts.british()).transpose()?;
        Ok(Self { texts, standing, events, controller, british })
    }

    /// Where complaints are under the Data Protection Act 2018.
    fn british_complaint(&self) -> Option<&'a BritishTexts> {
        self.british.filter(|_| self.standing.rule_today(Topic::ComplaintToController).is_some())
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
                Kind::Sent => &self.texts.record.event(event, &[]),
                Kind::Submitted | Kind::Accepted | Kind::Withdrawn | Kind::Complained | Kind::Edited | Kind::Undone => {
                    return None;
                }
            };
            Some(format!("- {}{} {what}", self.date(event.at), self.texts.colon))
        });
        lines.collect()
    }

    /// When the time was over.
    fn deadline(&self) -> String {
        let (texts, s, o) = (&self.texts.letter, self.standing, self.standing.objection);
        let anew = self.british.filter(|_| o.rule(Topic::Restart).is_some());
        let is_moved = s.paused_due_on.is_some_and(|day| day != s.due_on);
        let parts = match anew {
            Some(british) if o.is_restarted() => [
                Some(&british.restarted),
                o.is_extended.then_some(&british.restarted_extended),
                Some(&british.restarted_end),
            ],
            _ => [
                Some(anew.map_or(&texts.month, |british| &british.month)),
                o.is_extended.then_some(&texts.extended),
                is_moved.then(|| anew.map_or(&texts.paused, |british| &british.paused)),
            ],
        };
        let parts: Vec<String> = parts.into_iter().flatten().chain([&texts.open]).map(|text| self.fill(text)).collect();
        parts.join(" ")
    }

    /// A text with the facts of the record in it.
    fn fill(&self, text: &str) -> String {
        let (texts, standing, o) = (self.texts, self.standing, self.standing.objection);
        let last = |kind| self.events.iter().rfind(|event| event.kind == kind).map(|event| self.on(event.at));
        fill(
            text,
            &[
                ("law", texts.law(o.is_british())),
                ("controller", &self.controller.name),
                ("platform", texts.platform(o.platform)),
                ("email", &o.email),
                ("form", o.form_url.as_deref().unwrap_or_default()),
                ("cases", &o.case_numbers.join(", ")),
                ("submitted", &self.on(o.submitted_at)),
                ("due", &texts.on(standing.first_due_on)),
                ("extended", &texts.on(standing.due_on)),
                ("extended_at", &last(Kind::Extended).unwrap_or_default()),
                ("paused", &texts.on(standing.answer_due_on)),
                ("complained", &o.complained_to_controller_at().map(|at| self.on(at)).unwrap_or_default()),
                ("refused", &last(Kind::Refused).unwrap_or_default()),
                ("today", &self.on(standing.at)),
            ],
        )
    }

    /// The day of a moment where the data subject lives, in words.
    fn date(&self, at: Timestamp) -> String {
        self.texts.date(self.standing.objection.local_day(at))
    }

    /// The same, within a sentence.
    fn on(&self, at: Timestamp) -> String {
        self.texts.on(self.standing.objection.local_day(at))
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
