//! What to do next about an objection, and whose turn it is.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{Objection, State};
use crate::fault::Fault;
use crate::word;

/// After this long without a mail, the user should look for it. Nobody reported waiting longer for the code.
const CODE_IS_LATE: SignedDuration = SignedDuration::from_mins(30);
/// After this long without an answer, the user should look for it: reports say minutes to a day (facts §2.4).
const ANSWER_IS_LATE: SignedDuration = SignedDuration::from_hours(72);

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Turn {
    /// The user.
    You,
    /// The controller.
    Controller,
    /// The supervisory authority; the controller still owes its answer, and the contract's word (§5) is the controller's.
    #[strum(serialize = "controller")]
    Authority,
    /// Nobody: the matter is over.
    Nobody,
}

/// The next thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", parse_err_ty = Fault, parse_err_fn = Self::unknown)]
pub enum Action {
    /// Type the code into the form.
    EnterCode,
    /// Give the controller its time.
    Wait,
    /// Judge a held mail that may be about it.
    JudgeMail,
    /// Send what the controller asked for.
    SendInformation,
    /// Look for a mail that should be there by now.
    LookForMail,
    /// Remind the controller that its month is over.
    Remind,
    /// Complain to the supervisory authority (Art. 77 GDPR, s. 165 DPA 2018).
    Complain,
    /// Nothing.
    None,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Who must act.
    pub turn: Turn,
    /// What is to be done.
    pub action: Action,
    /// The last day on which to enter a code or to wait; the first day on which to do anything else.
    pub on: Option<Date>,
}

impl Objection {
    /// What to do next at `now`, which is `today` where the controller sits.
    pub(super) fn next(&self, now: Timestamp, today: Date, remind_on: Date, complain_on: Date) -> Next {
        let you = |action, on| Next { turn: Turn::You, action, on: Some(on) };
        if let Some(code) = self.code.filter(|c| c.is_usable(now)) {
            return you(Action::EnterCode, self.local_day(code.expires_at));
        }
        if let Some(at) = self.held_since {
            return you(Action::JudgeMail, self.local_day(at));
        }
        if self.state.is_terminal() {
            return Next { turn: Turn::Nobody, action: Action::None, on: None };
        }
        if self.state == State::NeedsInfo {
            return you(Action::SendInformation, self.local_day(self.state_at));
        }
        if let Some(next) = self.next_after_complaint(today, complain_on) {
            return next;
        }
        // Where there is a complaint to the controller, the reminder is that too, and comes first.
        if today >= complain_on && !self.complains_to_controller_on(today) {
            return you(Action::Complain, complain_on);
        }
        if today >= remind_on {
            return you(Action::Remind, remind_on);
        }
        let wait = |on| Next { turn: Turn::Controller, action: Action::Wait, on: Some(on) };
        let Some(late_at) = self.late_at() else { return wait(remind_on) };
        let late_on = self.local_day(late_at);
        if now >= late_at { you(Action::LookForMail, late_on) } else { wait(late_on) }
    }

    /// From when on a mail is missing; `None` once the controller has shown that its mails arrive.
    fn late_at(&self) -> Option<Timestamp> {
        let (from, patience) = match self.state {
            State::Submitted => (self.submitted_at, CODE_IS_LATE),
            // The code can no longer be entered, so a new one is needed at once.
            State::CodeReceived => (self.state_at, SignedDuration::ZERO),
            State::Verified => (self.state_at, ANSWER_IS_LATE),
            _ => return None,
        };
        Some(from.saturating_add(patience).unwrap_or(from))
    }
}

impl Turn {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Action {
    fn unknown(word: &str) -> Fault {
        word::unknown::<Self>("action", word)
    }

    /// Its place in a list: what needs the user first comes first.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::EnterCode => 0,
            Self::JudgeMail | Self::SendInformation => 1,
            Self::Complain => 2,
            Self::Remind => 3,
            Self::LookForMail => 4,
            Self::Wait => 5,
            Self::None => 6,
        }
    }

    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
