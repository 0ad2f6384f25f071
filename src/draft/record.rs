//! What the record of an objection is called in each language: its headings, states, events and steps.

use serde::Deserialize;

use super::texts::fill;
use crate::objection::{Cause, Event, Kind, Question, State};
use crate::trust::Proof;

/// The words of a dossier.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordTexts {
    pub(crate) title: String,
    pub(crate) made: String,
    pub(crate) zone: String,
    /// What `Platform::Meta` is called where the user is not spoken of in the first person.
    pub(crate) meta: String,
    pub(crate) person: String,
    pub(crate) address: String,
    pub(crate) service: String,
    pub(crate) email: String,
    pub(crate) submitted: String,
    pub(crate) country: String,
    pub(crate) label: String,
    pub(crate) form: String,
    pub(crate) cases: String,
    pub(crate) state: String,
    pub(crate) due: String,
    pub(crate) overdue: String,
    pub(crate) facts: String,
    pub(crate) reason: String,
    pub(crate) timeline: String,
    pub(crate) deadline: String,
    pub(crate) mails: String,
    pub(crate) check: String,
    pub(crate) when: String,
    pub(crate) what: String,
    pub(crate) after: String,
    pub(crate) cause: String,
    pub(crate) remark: String,
    user: String,
    mail: String,
    on_mail: String,
    pub(crate) no_mail: String,
    pub(crate) how: String,
    states: StateTexts,
    events: EventTexts,
    pub(crate) steps: StepTexts,
    pub(crate) fields: FieldTexts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateTexts {
    submitted: String,
    code_received: String,
    verified: String,
    acknowledged: String,
    needs_info: String,
    accepted: String,
    refused: String,
    withdrawn: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventTexts {
    submitted: String,
    verification_code: String,
    verified: String,
    acknowledged: String,
    needs_info: String,
    identity: String,
    accepted: String,
    refused: String,
    withdrawn: String,
    extended: String,
    sent: String,
    complained: String,
    edited: String,
    undone: String,
}

/// The steps to a due date, where they are not told in English.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepTexts {
    pub(crate) received: String,
    pub(crate) date: String,
    pub(crate) shortened: String,
    pub(crate) rest: String,
    pub(crate) due: String,
    pub(crate) extended: String,
    pub(crate) paused: String,
    pub(crate) waits: String,
    /// The day on which the page was made.
    pub(crate) page: String,
}

/// What is told of a mail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldTexts {
    pub(crate) mail: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) dated: String,
    pub(crate) received: String,
    pub(crate) sender: String,
    pub(crate) proven: String,
    pub(crate) witnesses: String,
    pub(crate) says: String,
    pub(crate) file: String,
    authentic: String,
    failed: String,
    unverified: String,
}

impl RecordTexts {
    pub(crate) fn state_of(&self, state: State) -> &str {
        let states = &self.states;
        match state {
            State::Submitted => &states.submitted,
            State::CodeReceived => &states.code_received,
            State::Verified => &states.verified,
            State::Acknowledged => &states.acknowledged,
            State::NeedsInfo => &states.needs_info,
            State::Accepted => &states.accepted,
            State::Refused => &states.refused,
            State::Withdrawn => &states.withdrawn,
        }
    }

    /// What happened; of an event that was taken back, what that was.
    pub(crate) fn event(&self, event: &Event, all: &[Event]) -> String {
        let events = &self.events;
        let what = match event.kind {
            Kind::Submitted => &events.submitted,
            Kind::VerificationCode => &events.verification_code,
            Kind::Verified => &events.verified,
            Kind::Acknowledged => &events.acknowledged,
            Kind::NeedsInfo if event.question == Some(Question::Identity) => &events.identity,
            Kind::NeedsInfo => &events.needs_info,
            Kind::Accepted => &events.accepted,
            Kind::Refused => &events.refused,
            Kind::Withdrawn => &events.withdrawn,
            Kind::Extended => &events.extended,
            Kind::Sent => &events.sent,
            Kind::Complained => &events.complained,
            Kind::Edited => &events.edited,
            Kind::Undone => {
                let undone = event.undoes.and_then(|id| all.iter().find(|e| e.id == id));
                let what = undone.map(|event| self.event(event, &[])).unwrap_or_default();
                return fill(&events.undone, &[("what", &what)]);
            }
        };
        what.clone()
    }

    /// Who reported an event, as text for a letter: the user, the user about a mail, or a mail.
    pub(crate) fn cause_of(&self, event: &Event) -> String {
        let number = event.mail.map(|mail| mail.to_string()).unwrap_or_default();
        match (event.cause, event.mail) {
            (Cause::User, None) => self.user.clone(),
            (Cause::User, Some(_)) => fill(&self.on_mail, &[("mail", &number)]),
            (Cause::Mail, _) => fill(&self.mail, &[("mail", &number)]).trim().to_owned(),
        }
    }
}

impl FieldTexts {
    pub(crate) fn proof(&self, proof: Proof) -> &str {
        match proof {
            Proof::Authentic => &self.authentic,
            Proof::Failed => &self.failed,
            Proof::Unverified => &self.unverified,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use toml::Value;

    use crate::draft::Texts;

    /// The places that are filled in, by the path of their text.
    fn places(path: &str, value: &Value, into: &mut BTreeMap<String, Vec<String>>) {
        match value {
            Value::Table(table) => table.iter().for_each(|(key, value)| places(&format!("{path}.{key}"), value, into)),
            Value::String(text) => {
                assert!(!text.trim().is_empty(), "{path}");
                let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
                let mut names: Vec<String> = parts.map(|(name, _)| name.to_owned()).collect();
                names.sort();
                into.insert(path.to_owned(), names);
            }
            _ => {}
        }
    }

    #[test]
    fn every_language_fills_the_same_places_of_a_record() {
        let read = |code: &str| {
            let path = format!("{}/src/draft/letters/{code}.toml", env!("CARGO_MANIFEST_DIR"));
            let file: Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            let mut found = BTreeMap::new();
            places("record", &file["record"], &mut found);
            found
        };
        let english = read("en");
        for texts in Texts::all().unwrap_or_default() {
            assert_eq!(read(&texts.code), english, "{}", texts.code);
        }
    }
}
