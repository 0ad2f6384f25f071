//! An objection for the tests of this room.

use jiff::Timestamp;

use super::{Objection, ObjectionId, Platform, State};

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Submitted on 14 May 2025: due on Monday 16 June, the 14th being a Saturday.
pub(super) fn objection(state: State, state_at: &str) -> Objection {
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
        complaints: Vec::new(),
        case_numbers: Vec::new(),
        code: None,
        held_since: None,
        watched_until: None,
    }
}
