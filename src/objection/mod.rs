//! An objection to the use of one's data (GDPR Art. 21): what the user said, and what became of it.

mod complaint;
pub(crate) mod deadline;
mod edit;
#[cfg(test)]
mod example;
mod holiday;
pub(crate) mod law;
mod next;
mod pause;
mod platform;
mod standing;
mod state;
mod step;

use jiff::Timestamp;
use jiff::civil::Date;

use deadline::Term;
pub(crate) use edit::{Edit, Field};
use law::{Regime, Rule, Topic};
pub use next::{Action, Next, Turn};
pub use pause::Pause;
pub(crate) use pause::{complaints, pauses};
pub use platform::Platform;
pub use standing::Standing;
pub use state::{Cause, Kind, Question, State};
pub(crate) use step::events_that_count;
pub use step::{Contradiction, Event, EventId, Step};

/// The number a user calls an objection by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectionId(pub i64);

impl std::fmt::Display for ObjectionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What the user said of an objection, and what its events add up to.
#[derive(Debug, Clone)]
pub struct Objection {
    /// Its number, never used twice.
    pub id: ObjectionId,
    /// The service objected to.
    pub platform: Platform,
    /// The data subject's address, as given to the form.
    pub email: String,
    /// ISO 3166 code of the data subject's country, upper case.
    pub country: Option<String>,
    /// The user's own name for it.
    pub label: Option<String>,
    /// The reason that was given to the form.
    pub reason: Option<String>,
    /// The address of the form.
    pub form_url: Option<String>,
    /// When the form was sent.
    pub submitted_at: Timestamp,
    /// When it was recorded here.
    pub recorded_at: Timestamp,
    /// The state after its last event.
    pub state: State,
    /// When that state was reached.
    pub state_at: Timestamp,
    /// When the last event was recorded.
    pub updated_at: Timestamp,
    /// Whether the controller announced two further months (Art. 12(3) GDPR).
    pub is_extended: bool,
    /// When information was asked for, oldest first.
    pub pauses: Vec<Pause>,
    /// When complaints were sent, oldest first.
    pub complaints: Vec<Timestamp>,
    /// The case numbers its mails carried, newest first.
    pub case_numbers: Vec<String>,
    /// Its newest code.
    pub code: Option<Code>,
    /// When the oldest mail arrived that is held and may be about it, if there is one. Mail whose sender is shown to be
    /// false does not count: nobody must be able to hide what is to be done next.
    pub held_since: Option<Timestamp>,
    /// Until when mail about it is looked for although it is decided: the decision may be taken back.
    pub watched_until: Option<Timestamp>,
}

/// What is known of a verification code; the digits stay in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// When its mail arrived.
    pub received_at: Timestamp,
    /// Until when it can be entered.
    pub expires_at: Timestamp,
    /// Whether that is an assumption because the mail did not say.
    pub is_assumed: bool,
    /// Whether it is of no more use: it was entered, or the matter was decided without it.
    pub is_used: bool,
}

impl Code {
    /// Whether it can still be entered at `now`.
    pub(crate) fn is_usable(&self, now: Timestamp) -> bool {
        !self.is_used && now < self.expires_at
    }
}

impl Objection {
    /// Whether mail of this moment can be about it: an answer is awaited, or the decision is still watched.
    pub(crate) fn is_awaited(&self, at: Timestamp) -> bool {
        self.state.is_pending() || self.watched_until.is_some_and(|until| at <= until)
    }

    /// The time that the controller has: a month, or three once it announced an extension.
    pub(crate) fn term(&self) -> Term {
        if self.is_extended {
            deadline::extended(self.local_day(self.submitted_at), self.country())
        } else {
            self.first_term()
        }
    }

    /// The first month.
    pub(crate) fn first_term(&self) -> Term {
        deadline::month(self.local_day(self.submitted_at), self.country())
    }

    /// The calendar day of a moment, where the data subject lives.
    pub(crate) fn local_day(&self, at: Timestamp) -> Date {
        deadline::local_day(at, self.country())
    }

    /// The day it is where the controller sits.
    fn today(&self, now: Timestamp) -> Date {
        deadline::today(now, self.country())
    }

    /// Whether the law and the authority are those of the United Kingdom.
    pub(crate) fn is_british(&self) -> bool {
        deadline::is_british(self.country())
    }

    /// The rule on a topic under which the objection is: that of the day on which it was submitted.
    pub(crate) fn rule(&self, topic: Topic) -> Option<&'static Rule> {
        self.regime().rule(topic, self.local_day(self.submitted_at))
    }

    /// Whose law it is under.
    pub(crate) fn regime(&self) -> Regime {
        Regime::of(self.country())
    }

    fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }
}
