//! All facts about an objection at a moment, computed once.

use jiff::Timestamp;
use jiff::civil::Date;

use super::deadline::day_after;
use super::law::{Rule, Topic};
use super::pause::LaterReading;
use super::{Next, Objection};

/// An objection at a moment: what every list, page and letter tells of it.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'o> {
    /// The objection.
    pub objection: &'o Objection,
    /// The moment.
    pub at: Timestamp,
    /// The day it is where the controller sits.
    pub today: Date,
    /// The last day of the first month.
    pub first_due_on: Date,
    /// The last day on which the controller must have answered (Art. 12(3) GDPR), an extension included.
    pub due_on: Date,
    /// The last day of the third month, once the controller announced an extension.
    pub extended_due_on: Option<Date>,
    /// The due date if the time stood still while information was asked for, or began anew with its arrival: while it
    /// still is asked for, as if it arrived now. `None` where nothing that matters was asked for.
    pub paused_due_on: Option<Date>,
    /// Since when the time stands still; `None` while it runs.
    pub paused_since: Option<Date>,
    /// The last day on which the controller must have answered, an extension and a pause included.
    pub answer_due_on: Date,
    /// Whether the controller let the time pass: the objection is pending, and `answer_due_on` is over.
    pub is_overdue: bool,
    /// The first day on which to remind the controller: the day after `answer_due_on`.
    pub remind_on: Date,
    /// The first day on which to complain. A rival reading of the month begins and ends a day later than ours
    /// (facts §3.2), so a complaint waits until that one is over too.
    pub complain_on: Date,
    /// What to do next.
    pub next: Next,
}

impl Objection {
    /// The facts at `now`.
    pub fn at(&self, now: Timestamp) -> Standing<'_> {
        let term = self.term();
        let later = self.later_reading(&term, now);
        let paused_due_on = later.as_ref().map(|later| later.due);
        let LaterReading { due: answer_due_on, over_on: complain_on } = later.unwrap_or(LaterReading::new(&term, 0));
        let remind_on = day_after(answer_due_on);
        let today = self.today(now);
        Standing {
            objection: self,
            at: now,
            today,
            first_due_on: if self.is_extended { self.first_term().due } else { term.due },
            due_on: term.due,
            extended_due_on: self.is_extended.then_some(term.due),
            paused_due_on,
            paused_since: self.paused_since(&term),
            answer_due_on,
            is_overdue: self.state.is_pending() && today > answer_due_on,
            remind_on,
            complain_on,
            next: self.next(now, today, remind_on, complain_on),
        }
    }
}

impl Standing<'_> {
    /// The rules that the objection is under today: its time under those of the day on which it was submitted.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let time = [Topic::Month, Topic::Pause, Topic::Restart, Topic::Count].map(|topic| self.objection.rule(topic));
        let today =
            [Topic::ComplaintToController, Topic::Complaint, Topic::Progress].map(|topic| self.rule_today(topic));
        time.into_iter().chain(today).flatten()
    }

    /// The rule on a topic that holds today: a complaint is under the law of the day on which it is sent.
    pub(crate) fn rule_today(&self, topic: Topic) -> Option<&'static Rule> {
        self.objection.regime().rule(topic, self.today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objection::example::{at, objection};
    use crate::objection::{Code, Pause, State};

    fn next(o: &Objection, now: &str) -> String {
        let next = o.at(at(now)).next;
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
            assert!(!o.at(at("2025-06-16T22:59:59Z")).is_overdue);
            assert!(o.at(at("2025-06-16T23:00:00Z")).is_overdue);
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
        o.pauses = vec![Pause { from: at("2025-05-20T10:00:00Z"), until: None, question: None }];
        assert_eq!(next(&o, "2025-09-01T10:00:00Z"), "you send_information 2025-05-20");
        assert!(!o.at(at("2025-09-01T10:00:00Z")).is_overdue);
        // Ten days later it is sent: due on 24 June rather than on the 16th.
        o.state = State::Acknowledged;
        o.pauses =
            vec![Pause { from: at("2025-05-20T10:00:00Z"), until: Some(at("2025-05-30T10:00:00Z")), question: None }];
        let standing = o.at(at("2025-06-17T10:00:00Z"));
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!((standing.due_on, standing.paused_due_on), (day("2025-06-16"), Some(day("2025-06-24"))));
        assert!(!standing.is_overdue && o.at(at("2025-06-25T10:00:00Z")).is_overdue);
        assert_eq!((standing.remind_on, standing.complain_on), (day("2025-06-25"), day("2025-06-26")));
    }

    #[test]
    fn what_is_asked_for_too_late_stops_nothing() {
        let mut o = objection(State::NeedsInfo, "2025-06-20T10:00:00Z");
        o.pauses = vec![Pause { from: at("2025-06-20T10:00:00Z"), until: None, question: None }];
        let standing = o.at(at("2025-07-01T10:00:00Z"));
        assert_eq!((standing.paused_due_on, standing.paused_since), (None, None));
        assert!(standing.is_overdue);
    }
}
