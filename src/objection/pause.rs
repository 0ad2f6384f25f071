//! The time that stands still while the controller waits for information that it asked for (GDPR Art. 12(6)).
//!
//! A Berlin and Swedish case under Art. 60 accepted that the time pauses and does not start anew (facts §3.1). So both
//! dates are shown, and nothing is enforced before the later one.

use jiff::civil::Date;
use jiff::{Timestamp, Unit};

use super::deadline::Term;
use super::{Event, Objection, State, events_that_count};

/// A time in which information was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// When it was asked for.
    pub from: Timestamp,
    /// When the state changed again; `None` while it has not.
    pub until: Option<Timestamp>,
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
            (false, true) => pauses.push(Pause { from: event.at, until: None }),
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

impl Objection {
    /// Since when the time stands still; `None` while it runs.
    pub(super) fn paused_since(&self, term: &Term) -> Option<Date> {
        let last = self.pauses.last().filter(|pause| pause.until.is_none() && self.state == State::NeedsInfo)?;
        // A period that is over can't pause.
        self.paused_days(term, last.from).map(|_| self.local_day(last.from))
    }

    /// How many days the period stood still by `now`; `None` where nothing was asked for before it was over.
    pub(super) fn paused_days(&self, term: &Term, now: Timestamp) -> Option<i32> {
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
