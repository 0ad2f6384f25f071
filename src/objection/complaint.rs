//! The complaints that were sent: to the controller first where the law has that, and to the authority.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::deadline::day_after;
use super::law::Topic;
use super::{Action, Next, Objection, Turn};

/// The controller must confirm within so many days that it has a complaint (DPA 2018 s. 164A).
const RECEIPT: i32 = 30;
/// After so many months the authority must have told of progress (GDPR Art. 78(2)).
const PROGRESS: i32 = 3;

impl Objection {
    /// When the complaint to the controller was sent: the first one since the law has that.
    pub(crate) fn complained_to_controller_at(&self) -> Option<Timestamp> {
        self.complaints.iter().copied().find(|at| self.complains_to_controller_on(self.local_day(*at)))
    }

    /// When the complaint to the authority was sent: the first one that was not the one to the controller.
    pub(crate) fn complained_to_authority_at(&self) -> Option<Timestamp> {
        let to_controller = self.complaints.iter().position(|at| self.complains_to_controller_on(self.local_day(*at)));
        let others = self.complaints.iter().enumerate().filter(|(index, _)| Some(*index) != to_controller);
        others.map(|(_, at)| *at).next()
    }

    /// Whether the law of a day has a complaint to the controller, which the authority expects to come first.
    pub(crate) fn complains_to_controller_on(&self, day: Date) -> bool {
        self.regime().rule(Topic::ComplaintToController, day).is_some()
    }

    /// What to do next once a complaint was sent.
    pub(super) fn next_after_complaint(&self, today: Date, complain_on: Date) -> Option<Next> {
        if let Some(at) = self.complained_to_authority_at() {
            let day = self.local_day(at);
            let told_by = day.checked_add(Span::new().months(PROGRESS)).unwrap_or(Date::MAX);
            let on = self.regime().rule(Topic::Progress, day).map(|_| told_by);
            return Some(Next { turn: Turn::Authority, action: Action::Wait, on });
        }
        let sent_on = self.local_day(self.complained_to_controller_at()?);
        let receipt_by = self.first_term().working_day_after(sent_on, RECEIPT);
        let on = day_after(receipt_by).max(complain_on);
        Some(if today >= on {
            Next { turn: Turn::You, action: Action::Complain, on: Some(on) }
        } else {
            Next { turn: Turn::Controller, action: Action::Wait, on: Some(receipt_by) }
        })
    }
}
