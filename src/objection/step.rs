//! What an event makes of an objection: the one transition table, and the step that is appended to the history.

use jiff::Timestamp;

use super::{Cause, Kind, Objection, ObjectionId, Question, State};

/// The number of an event; later events have larger ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(pub i64);

/// One thing that happened to an objection; never changed once written.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// The state after it.
    pub state: State,
    /// Whose word it rests on.
    pub cause: Cause,
    /// The mail that said so.
    pub mail: Option<i64>,
    /// The user's remark.
    pub note: Option<String>,
    /// For `Kind::Undone`: the event that no longer counts.
    pub undoes: Option<EventId>,
    /// For `Kind::NeedsInfo`: what was asked for, where that is known.
    pub question: Option<Question>,
}

/// An event that is not recorded yet, with the state before and after it.
#[derive(Debug, Clone)]
pub struct Step {
    /// The objection to which it happens.
    pub objection: ObjectionId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// The state before it.
    pub before: State,
    /// The state after it.
    pub state: State,
    /// Whose word it rests on.
    pub cause: Cause,
    /// The mail that said so.
    pub mail: Option<i64>,
    /// The user's remark.
    pub note: Option<String>,
    /// For `Kind::Undone`: the event that no longer counts.
    pub undoes: Option<EventId>,
    /// For `Kind::NeedsInfo`: what was asked for, where that is known.
    pub question: Option<Question>,
    /// When it became known here.
    pub recorded_at: Timestamp,
}

/// An event that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{kind}` contradicts the state `{state}`")]
pub struct Contradiction {
    /// The state that sticks.
    pub state: State,
    /// What was said to have happened.
    pub kind: Kind,
}

impl Step {
    /// The first step of an objection: its form was sent `at`, and it was recorded `now`.
    pub(crate) fn submission(objection: ObjectionId, at: Timestamp, now: Timestamp) -> Self {
        Self {
            objection,
            at,
            kind: Kind::Submitted,
            before: State::Submitted,
            state: State::Submitted,
            cause: Cause::User,
            mail: None,
            note: None,
            undoes: None,
            question: None,
            recorded_at: now,
        }
    }
}

impl Objection {
    /// What an event that happened `at`, and became known `now`, makes of the objection. The caller adds the mail or the
    /// remark that belong to it.
    ///
    /// # Errors
    /// Where the state does not allow it.
    pub fn step(&self, kind: Kind, cause: Cause, at: Timestamp, now: Timestamp) -> Result<Step, Contradiction> {
        let state = self.after(kind, cause, at)?;
        Ok(Step { kind, before: self.state, state, cause, ..Step::submission(self.id, at, now) })
    }

    /// The step that takes an event back: the state becomes what the other events of the history add up to.
    pub(crate) fn step_back(&self, undone: &Event, history: &[Event], cause: Cause, now: Timestamp) -> Step {
        let others: Vec<Event> = history.iter().filter(|event| event.id != undone.id).cloned().collect();
        Step {
            kind: Kind::Undone,
            before: self.state,
            state: replay(&others),
            cause,
            mail: undone.mail,
            undoes: Some(undone.id),
            ..Step::submission(self.id, now, now)
        }
    }

    /// The state after an event that happened `at`.
    pub(crate) fn after(&self, kind: Kind, cause: Cause, at: Timestamp) -> Result<State, Contradiction> {
        self.state.after(kind, cause, at < self.state_at)
    }
}

impl State {
    /// The transition table: the state after an event. `is_late` says that the event happened before the last recorded
    /// one: late news can move a state on, never back. A terminal state sticks: only the user may overrule it, with
    /// another decision.
    pub(super) fn after(self, kind: Kind, cause: Cause, is_late: bool) -> Result<Self, Contradiction> {
        let contradiction = Contradiction { state: self, kind };
        match kind {
            Kind::Submitted | Kind::Complained | Kind::Edited | Kind::Undone => Ok(self),
            Kind::Extended if self.is_terminal() => Err(contradiction),
            Kind::Extended => Ok(self),
            Kind::Accepted => self.decided(Self::Accepted, cause).ok_or(contradiction),
            Kind::Refused => self.decided(Self::Refused, cause).ok_or(contradiction),
            Kind::Withdrawn => self.decided(Self::Withdrawn, cause).ok_or(contradiction),
            Kind::NeedsInfo => self.decided(Self::NeedsInfo, cause).ok_or(contradiction),
            // A receipt that comes after the decision contradicts nothing.
            Kind::Acknowledged if self.is_terminal() && cause == Cause::Mail => Ok(self),
            Kind::VerificationCode | Kind::Verified | Kind::Acknowledged | Kind::Sent if self.is_terminal() => {
                if is_late {
                    Ok(self)
                } else {
                    Err(contradiction)
                }
            }
            Kind::VerificationCode => Ok(self.max(Self::CodeReceived)),
            Kind::Verified => Ok(self.max(Self::Verified)),
            // The controller has what it asked for.
            Kind::Sent if self == Self::NeedsInfo && !is_late => Ok(Self::Acknowledged),
            Kind::Sent => Ok(self),
            // The user sent what was asked for, and the controller confirms it.
            Kind::Acknowledged if !is_late => Ok(Self::Acknowledged),
            Kind::Acknowledged => Ok(self.max(Self::Acknowledged)),
        }
    }

    fn decided(self, next: Self, cause: Cause) -> Option<Self> {
        (self.is_pending() || self == next || cause == Cause::User).then_some(next)
    }
}

/// The events of a history that still count: those that were not undone.
pub(crate) fn events_that_count(history: &[Event]) -> impl Iterator<Item = &Event> {
    let undone: Vec<EventId> = history.iter().filter_map(|event| event.undoes).collect();
    history.iter().filter(move |event| !undone.contains(&event.id))
}

/// The state that a history adds up to, without the events that were undone.
fn replay(history: &[Event]) -> State {
    let mut state = State::Submitted;
    let mut last = Timestamp::MIN;
    for event in events_that_count(history) {
        state = state.after(event.kind, event.cause, event.at < last).unwrap_or(state);
        last = last.max(event.at);
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objection::example::{at, objection};

    const BEFORE: &str = "2025-05-20T09:00:00Z";
    const REACHED: &str = "2025-05-20T10:00:00Z";
    const AFTER: &str = "2025-05-20T11:00:00Z";

    fn state_after(state: State, kind: Kind, cause: Cause, when: &str) -> Option<State> {
        objection(state, REACHED).step(kind, cause, at(when), at(AFTER)).map(|step| step.state).ok()
    }

    #[test]
    fn late_news_moves_a_state_on_and_never_back() {
        assert_eq!(state_after(State::Submitted, Kind::Acknowledged, Cause::Mail, BEFORE), Some(State::Acknowledged));
        assert_eq!(
            state_after(State::Acknowledged, Kind::VerificationCode, Cause::Mail, AFTER),
            Some(State::Acknowledged)
        );
        assert_eq!(state_after(State::NeedsInfo, Kind::Acknowledged, Cause::Mail, BEFORE), Some(State::NeedsInfo));
        assert_eq!(state_after(State::NeedsInfo, Kind::Acknowledged, Cause::Mail, AFTER), Some(State::Acknowledged));
    }

    #[test]
    fn a_terminal_state_sticks_unless_the_user_overrules_it() {
        for kind in [Kind::Refused, Kind::NeedsInfo, Kind::Extended, Kind::VerificationCode] {
            assert_eq!(state_after(State::Accepted, kind, Cause::Mail, AFTER), None, "{kind}");
        }
        assert_eq!(state_after(State::Accepted, Kind::Accepted, Cause::Mail, AFTER), Some(State::Accepted));
        for when in [BEFORE, AFTER] {
            assert_eq!(state_after(State::Accepted, Kind::Acknowledged, Cause::Mail, when), Some(State::Accepted));
        }
        assert_eq!(state_after(State::Accepted, Kind::Refused, Cause::User, AFTER), Some(State::Refused));
    }

    #[test]
    fn what_is_taken_back_counts_no_longer() {
        let event = |id, kind, state| Event {
            id: EventId(id),
            at: at(REACHED),
            kind,
            state,
            cause: Cause::User,
            mail: None,
            note: None,
            undoes: None,
            question: None,
        };
        let history = [
            event(1, Kind::Submitted, State::Submitted),
            event(2, Kind::Verified, State::Verified),
            event(3, Kind::Refused, State::Refused),
        ];
        let step = objection(State::Refused, REACHED).step_back(&history[2], &history, Cause::User, at(AFTER));
        assert_eq!((step.before, step.state, step.undoes), (State::Refused, State::Verified, Some(EventId(3))));
        assert_eq!((step.kind, step.at), (Kind::Undone, at(AFTER)));
    }
}
