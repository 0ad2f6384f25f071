//! What the controller's asking for information does to its time.
//!
//! In the Union the time pauses and does not start anew: a Berlin and Swedish case under Art. 60 accepted that (facts
//! §3.1). In the United Kingdom, since Art. 12A, it starts anew with the arrival of information on who the data subject
//! is, and any other question stops nothing. Where it is not known what was asked for, both dates are shown. Nothing is
//! ever enforced before the later one.

use jiff::civil::Date;
use jiff::{Timestamp, Unit};

use super::deadline::{Term, day_after};
use super::law::Topic;
use super::{Event, Kind, Objection, Question, State, events_that_count};

/// A time in which information was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// When it was asked for.
    pub from: Timestamp,
    /// When the state changed again; `None` while it has not.
    pub until: Option<Timestamp>,
    /// What was asked for, where that is known.
    pub question: Option<Question>,
}

/// The time to answer by the reading that is better for the controller.
pub(super) struct LaterReading {
    /// The last day.
    pub(super) due: Date,
    /// The first day after the rival reading of that, which begins and ends a day later.
    pub(super) over_on: Date,
}

/// The pauses in a history, events that were undone left out.
pub(crate) fn pauses(events: &[Event]) -> Vec<Pause> {
    let mut counting: Vec<&Event> = events_that_count(events).collect();
    counting.sort_by_key(|event| (event.at, event.id));
    let mut pauses: Vec<Pause> = Vec::new();
    let mut state = State::Submitted;
    for event in counting {
        let next = state.after(event.kind, event.cause, false).unwrap_or(state);
        match (state == State::NeedsInfo, next == State::NeedsInfo) {
            (false, true) => pauses.push(Pause { from: event.at, until: None, question: event.question }),
            (true, true) if event.kind == Kind::NeedsInfo => {
                if let Some(last) = pauses.last_mut() {
                    last.learn(event.question);
                }
            }
            (true, false) => {
                if let Some(last) = pauses.last_mut() {
                    last.until = Some(event.at);
                }
            }
            _ => {}
        }
        state = next;
    }
    pauses
}

/// When complaints were sent, oldest first, events that were undone left out.
pub(crate) fn complaints(events: &[Event]) -> Vec<Timestamp> {
    let mut sent: Vec<Timestamp> =
        events_that_count(events).filter(|event| event.kind == Kind::Complained).map(|event| event.at).collect();
    sent.sort();
    sent
}

impl Pause {
    /// Takes in what is said of the question later. A question about identity among others stays one.
    fn learn(&mut self, question: Option<Question>) {
        if self.question != Some(Question::Identity) && question.is_some() {
            self.question = question;
        }
    }

    fn may_restart(&self) -> bool {
        self.question != Some(Question::Clarification)
    }
}

impl Objection {
    /// Since when the time stands still; `None` while it runs.
    pub(super) fn paused_since(&self, term: &Term) -> Option<Date> {
        let last = self.pauses.last().filter(|pause| pause.until.is_none() && self.state == State::NeedsInfo)?;
        let stands_still = match self.rule(Topic::Restart) {
            Some(_) => last.may_restart(),
            // A period that is over can't pause.
            None => self.paused_days(term, last.from).is_some(),
        };
        stands_still.then(|| self.local_day(last.from))
    }

    /// The reading of the time that is the later one, while information is asked for as if it arrived now; `None` where
    /// nothing that matters was asked for.
    pub(super) fn later_reading(&self, term: &Term, now: Timestamp) -> Option<LaterReading> {
        if self.rule(Topic::Restart).is_none() {
            let days = self.paused_days(term, now)?;
            return Some(LaterReading::new(term, days));
        }
        let arrived = self.pauses.iter().filter(|pause| pause.may_restart()).map(|pause| pause.until.unwrap_or(now));
        let anew = term.anew(self.local_day(arrived.max()?));
        Some(LaterReading::new(&anew, 0))
    }

    /// Whether it is known that the time started anew, so that the earlier reading is none.
    pub(crate) fn is_restarted(&self) -> bool {
        self.rule(Topic::Restart).is_some() && self.pauses.iter().any(|p| p.question == Some(Question::Identity))
    }

    /// How many days the period stood still by `now`; `None` where nothing was asked for before it was over.
    fn paused_days(&self, term: &Term, now: Timestamp) -> Option<i32> {
        let mut total = None;
        for pause in &self.pauses {
            let so_far = total.unwrap_or(0);
            let (from, until) = (self.local_day(pause.from), self.local_day(pause.until.unwrap_or(now)));
            if from > term.paused(so_far) {
                break;
            }
            let days = from.until((Unit::Day, until)).map_or(0, |span| span.get_days().max(0));
            total = Some(so_far.saturating_add(days));
        }
        total
    }
}

impl LaterReading {
    /// The end of a term, if it stood still for so many days.
    pub(super) fn new(term: &Term, days: i32) -> Self {
        Self { due: term.paused(days), over_on: day_after(term.paused(days.saturating_add(1))) }
    }
}
