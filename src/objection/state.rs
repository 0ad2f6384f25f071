//! The one transition table: what an event makes of a state.

use jiff::Timestamp;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::fault::Fault;
use crate::word;

/// Where an objection stands. The order is that of progress: a pending state never falls back by itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case", parse_err_ty = Fault, parse_err_fn = Self::unknown)]
pub enum State {
    /// The form was sent.
    Submitted,
    /// The controller mailed a code that proves the address.
    CodeReceived,
    /// The user entered the code.
    Verified,
    /// The controller confirmed that it has the objection.
    Acknowledged,
    /// The controller asks for more (Art. 12(6) GDPR).
    NeedsInfo,
    /// The controller complies. Terminal.
    Accepted,
    /// The controller does not comply. Terminal.
    Refused,
    /// The user took it back. Terminal.
    Withdrawn,
}

/// What an event says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// The form was sent.
    Submitted,
    /// A code came by mail.
    VerificationCode,
    /// The code was entered.
    Verified,
    /// Receipt was confirmed.
    Acknowledged,
    /// More was asked for.
    NeedsInfo,
    /// The controller complies.
    Accepted,
    /// The controller refuses.
    Refused,
    /// The user took the objection back.
    Withdrawn,
    /// The controller announced two further months (Art. 12(3) GDPR).
    Extended,
    /// An earlier event was taken back.
    Undone,
}

/// Whose word an event rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Cause {
    /// A mail that was proven to come from the controller.
    Mail,
    /// The user.
    User,
}

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

impl State {
    /// Whether the matter is over.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused | Self::Withdrawn)
    }

    /// Whether an answer is still awaited.
    #[must_use]
    pub fn is_pending(self) -> bool {
        !self.is_terminal()
    }

    /// The state after an event. `is_late` says that it happened before the last recorded one: such news can move a
    /// state on, never back.
    ///
    /// # Errors
    /// A terminal state sticks: only the user may overrule it, with another decision.
    pub fn after(self, kind: Kind, cause: Cause, is_late: bool) -> Result<Self, Contradiction> {
        let contradiction = Contradiction { state: self, kind };
        match kind {
            Kind::Submitted | Kind::Undone => Ok(self),
            Kind::Extended if self.is_terminal() => Err(contradiction),
            Kind::Extended => Ok(self),
            Kind::Accepted => self.decided(Self::Accepted, cause).ok_or(contradiction),
            Kind::Refused => self.decided(Self::Refused, cause).ok_or(contradiction),
            Kind::Withdrawn => self.decided(Self::Withdrawn, cause).ok_or(contradiction),
            Kind::NeedsInfo => self.decided(Self::NeedsInfo, cause).ok_or(contradiction),
            Kind::VerificationCode | Kind::Verified | Kind::Acknowledged if self.is_terminal() => {
                if is_late {
                    Ok(self)
                } else {
                    Err(contradiction)
                }
            }
            Kind::VerificationCode => Ok(self.max(Self::CodeReceived)),
            Kind::Verified => Ok(self.max(Self::Verified)),
            // The user sent what was asked for, and the controller confirms it.
            Kind::Acknowledged if !is_late => Ok(Self::Acknowledged),
            Kind::Acknowledged => Ok(self.max(Self::Acknowledged)),
        }
    }

    fn decided(self, next: Self, cause: Cause) -> Option<Self> {
        (self.is_pending() || self == next || cause == Cause::User).then_some(next)
    }

    /// The word for it in the database, in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    fn unknown(word: &str) -> Fault {
        word::unknown::<Self>("state", word)
    }
}

/// The events that were not undone.
pub fn standing(events: &[Event]) -> impl Iterator<Item = &Event> {
    let undone: Vec<EventId> = events.iter().filter_map(|e| e.undoes).collect();
    events.iter().filter(move |e| !undone.contains(&e.id))
}

/// The state that a history adds up to, events that were undone left out.
#[must_use]
pub fn replay(events: &[Event]) -> State {
    let mut state = State::Submitted;
    let mut last = Timestamp::MIN;
    for event in standing(events) {
        state = state.after(event.kind, event.cause, event.at < last).unwrap_or(state);
        last = last.max(event.at);
    }
    state
}

impl Kind {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Cause {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
