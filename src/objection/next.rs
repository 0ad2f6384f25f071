//! What to do next about an objection, and whose turn it is.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use strum::IntoStaticStr;

use super::{Objection, State};

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
    /// Nobody: the matter is over.
    Nobody,
}

/// The next thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Action {
    /// Type the code into the form.
    EnterCode,
    /// Give the controller its time.
    Wait,
    /// Send what the controller asked for.
    SendInformation,
    /// Look for a mail that should be there by now.
    LookForMail,
    /// Remind the controller that its month is over.
    Remind,
    /// Complain to the supervisory authority (Art. 77 GDPR).
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
    /// The day by which (to enter a code) or from which (anything else) it counts; when waiting, the day the waiting
    /// ends.
    pub on: Option<Date>,
}

impl Objection {
    /// What to do next, at `now`.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Next {
        if self.state.is_terminal() {
            return Next { turn: Turn::Nobody, action: Action::None, on: None };
        }
        let you = |action, on| Next { turn: Turn::You, action, on: Some(on) };
        if self.state == State::NeedsInfo {
            return you(Action::SendInformation, self.received_on(self.state_at));
        }
        if let Some(code) = self.code.filter(|c| c.is_usable(now)) {
            return you(Action::EnterCode, self.received_on(code.expires_at));
        }
        let (remind_on, complain_on) = self.enforcement(now);
        let today = self.today(now);
        if today >= complain_on {
            return you(Action::Complain, complain_on);
        }
        if today >= remind_on {
            return you(Action::Remind, remind_on);
        }
        let wait = |on| Next { turn: Turn::Controller, action: Action::Wait, on: Some(on) };
        let Some(late_at) = self.late_at() else { return wait(remind_on) };
        let late_on = self.received_on(late_at);
        if now >= late_at { you(Action::LookForMail, late_on) } else { wait(late_on) }
    }

    /// The first day to remind, the day after the due date, and the first day to complain. A rival reading of the month
    /// begins and ends a day later than ours (facts §3.2), so a complaint waits until that one is over too; both wait
    /// for a pause.
    #[must_use]
    pub fn enforcement(&self, now: Timestamp) -> (Date, Date) {
        let term = self.term();
        let days = self.paused_days(&term, now).unwrap_or(0);
        let after = |day: Date| day.tomorrow().unwrap_or(Date::MAX);
        (after(term.paused(days)), after(term.paused(days.saturating_add(1))))
    }

    /// From when on a mail is missing; `None` once the controller has shown that its mails arrive.
    fn late_at(&self) -> Option<Timestamp> {
        let (from, patience) = match self.state {
            State::Submitted => (self.submitted_at, CODE_IS_LATE),
            // Its code can no longer be entered, so a new one is needed at once.
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
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objection::{Code, ObjectionId, Pause, Platform};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// Submitted on 14 May 2025: due on Monday 16 June, the 14th being a Saturday.
    fn objection(state: State, state_at: &str) -> Objection {
        Objection {
            id: ObjectionId(1),
            platform: Platform::Instagram,
            email: "anna@example.org".to_owned(),
            country: Some("DE".to_owned()),
            label: None,
            reason: None,
            form_url: None,
            submitted_at: at("2025-05-14T10:00:00Z"),
            recorded_at: at("2025-05-14T10:00:00Z"),
            state,
            state_at: at(state_at),
            updated_at: at(state_at),
            is_extended: false,
            pauses: Vec::new(),
            case_numbers: Vec::new(),
            code: None,
        }
    }

    fn next(o: &Objection, now: &str) -> String {
        let next = o.next(at(now));
        let on = next.on.map(|day| day.to_string()).unwrap_or_default();
        format!("{} {} {on}", next.turn.as_str(), next.action.as_str())
    }

    #[test]
    fn each_state_has_its_next_action_and_its_date() {
        let table = [
            (State::Submitted, "2025-05-14T10:29:59Z", "controller wait 2025-05-14"),
            (State::Submitted, "2025-05-14T10:30:00Z", "you look_for_mail 2025-05-14"),
            (State::CodeReceived, "2025-05-14T10:10:00Z", "you look_for_mail 2025-05-14"),
            (State::Verified, "2025-05-17T09:59:59Z", "controller wait 2025-05-17"),
            (State::Verified, "2025-05-17T10:00:00Z", "you look_for_mail 2025-05-17"),
            (State::Acknowledged, "2025-05-30T10:00:00Z", "controller wait 2025-06-17"),
            (State::NeedsInfo, "2025-05-20T10:00:00Z", "you send_information 2025-05-14"),
            (State::Accepted, "2025-08-01T10:00:00Z", "nobody none "),
            (State::Refused, "2025-08-01T10:00:00Z", "nobody none "),
            (State::Withdrawn, "2025-08-01T10:00:00Z", "nobody none "),
        ];
        for (state, now, expected) in table {
            assert_eq!(next(&objection(state, "2025-05-14T10:00:00Z"), now), expected, "{state} at {now}");
        }
    }

    #[test]
    fn whatever_was_not_decided_is_enforced_once_its_time_is_over() {
        for state in [State::Submitted, State::CodeReceived, State::Verified, State::Acknowledged] {
            let mut o = objection(state, "2025-05-14T10:00:00Z");
            // The last hour of the day in Dublin.
            assert!(!o.is_overdue(at("2025-06-16T22:59:59Z")));
            assert!(o.is_overdue(at("2025-06-16T23:00:00Z")));
            // The rival reading ends on Sunday the 15th, which is rolled to the 16th as well.
            assert_eq!(next(&o, "2025-06-17T08:00:00Z"), "you complain 2025-06-17", "{state}");
            o.is_extended = true;
            // 14 August is a Thursday, and the rival reading ends on the Friday.
            assert!(!next(&o, "2025-08-14T08:00:00Z").contains("remind"), "{state}");
            assert_eq!(next(&o, "2025-08-15T08:00:00Z"), "you remind 2025-08-15", "{state}");
            // That Friday's reading is over on Saturday.
            assert_eq!(next(&o, "2025-08-16T08:00:00Z"), "you complain 2025-08-16", "{state}");
        }
    }

    #[test]
    fn a_code_is_entered_while_it_is_good() {
        let mut o = objection(State::CodeReceived, "2025-05-14T10:05:00Z");
        let (received_at, expires_at) = (at("2025-05-14T10:05:00Z"), at("2025-05-15T10:05:00Z"));
        o.code = Some(Code { received_at, expires_at, is_assumed: false, is_used: false });
        assert_eq!(next(&o, "2025-05-15T10:04:59Z"), "you enter_code 2025-05-15");
        assert_eq!(next(&o, "2025-05-15T10:05:00Z"), "you look_for_mail 2025-05-14");
    }

    #[test]
    fn the_time_stands_still_while_information_is_asked_for() {
        let mut o = objection(State::NeedsInfo, "2025-05-20T10:00:00Z");
        o.pauses = vec![Pause { from: at("2025-05-20T10:00:00Z"), until: None }];
        assert_eq!(next(&o, "2025-09-01T10:00:00Z"), "you send_information 2025-05-20");
        assert!(!o.is_overdue(at("2025-09-01T10:00:00Z")));
        // Ten days later it is sent: due on 24 June rather than on the 16th.
        o.state = State::Acknowledged;
        o.pauses = vec![Pause { from: at("2025-05-20T10:00:00Z"), until: Some(at("2025-05-30T10:00:00Z")) }];
        let now = at("2025-06-17T10:00:00Z");
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!((o.due_on(), o.paused_due_on(now)), (day("2025-06-16"), Some(day("2025-06-24"))));
        assert!(!o.is_overdue(now) && o.is_overdue(at("2025-06-25T10:00:00Z")));
        assert_eq!(o.enforcement(now), (day("2025-06-25"), day("2025-06-26")));
    }

    #[test]
    fn what_is_asked_for_too_late_stops_nothing() {
        let mut o = objection(State::NeedsInfo, "2025-06-20T10:00:00Z");
        o.pauses = vec![Pause { from: at("2025-06-20T10:00:00Z"), until: None }];
        assert_eq!((o.paused_due_on(at("2025-07-01T10:00:00Z")), o.paused_since()), (None, None));
        assert!(o.is_overdue(at("2025-07-01T10:00:00Z")));
    }
}
