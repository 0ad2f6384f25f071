//! Objections: what the user said of each, and its state after its last event.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Row, named_params};

use super::column::{moment, word};
use super::kept::numbers;
use super::{Records, StoreError};
use crate::objection::{Objection, ObjectionId, Platform, State, Step, complaints, pauses};

/// An objection to be recorded.
#[derive(Debug, Clone)]
pub struct NewObjection {
    /// The service objected to.
    pub platform: Platform,
    /// The data subject's address.
    pub email: String,
    /// ISO 3166 code, upper case.
    pub country: Option<String>,
    /// The user's own name for it.
    pub label: Option<String>,
    /// The reason given to the form.
    pub reason: Option<String>,
    /// The form it was sent with.
    pub form_url: Option<String>,
    /// When the form was sent.
    pub submitted_at: Timestamp,
}

const SELECT: &str = "SELECT id, platform, email, country, label, reason, form_url, submitted_at, recorded_at,
    state, state_at, updated_at, is_extended FROM objection JOIN standing ON standing.objection = objection.id";

impl Records<'_> {
    /// Records an objection.
    pub fn add(&self, new: &NewObjection, now: Timestamp) -> Result<ObjectionId, StoreError> {
        self.0.execute(
            "INSERT INTO objection (platform, email, country, label, reason, form_url, submitted_at, recorded_at)
             VALUES (:platform, :email, :country, :label, :reason, :form_url, :submitted_at, :recorded_at)",
            named_params! {
                ":platform": new.platform.as_str(), ":email": new.email, ":country": new.country, ":label": new.label,
                ":reason": new.reason, ":form_url": new.form_url, ":submitted_at": new.submitted_at.as_second(),
                ":recorded_at": now.as_second(),
            },
        )?;
        let id = ObjectionId(self.0.last_insert_rowid());
        self.append(&Step::submission(id, new.submitted_at, now))?;
        Ok(id)
    }

    /// One objection.
    pub fn objection(&self, id: ObjectionId) -> Result<Option<Objection>, StoreError> {
        let mut statement = self.0.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?;
        let Some(mut objection) = statement.query_and_then([id.0], read)?.next().transpose()? else { return Ok(None) };
        objection.case_numbers = self.case_numbers()?.remove(&id).unwrap_or_default();
        objection.code = self.codes()?.remove(&id);
        objection.held_since = self.held_since()?.get(&id).copied();
        self.add_history(&mut objection)?;
        Ok(Some(objection))
    }

    /// All objections, by number.
    pub fn objections(&self) -> Result<Vec<Objection>, StoreError> {
        let mut statement = self.0.prepare_cached(&format!("{SELECT} ORDER BY id"))?;
        let mut objections = statement.query_and_then([], read)?.collect::<Result<Vec<_>, _>>()?;
        let (mut cases, mut codes, held) = (self.case_numbers()?, self.codes()?, self.held_since()?);
        for objection in &mut objections {
            objection.case_numbers = cases.remove(&objection.id).unwrap_or_default();
            objection.code = codes.remove(&objection.id);
            objection.held_since = held.get(&objection.id).copied();
        }
        let moved = self.with_moved_time()?;
        for objection in objections.iter_mut().filter(|o| moved.contains(&o.id)) {
            self.add_history(objection)?;
        }
        Ok(objections)
    }

    /// For each objection, when the oldest mail arrived that is held and may be about it.
    fn held_since(&self) -> Result<HashMap<ObjectionId, Timestamp>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT candidates, received_at FROM mail WHERE outcome = 'held' AND verdict <> 'failed'
             ORDER BY received_at DESC",
        )?;
        let mut since = HashMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let at = moment(row, "received_at")?;
            since.extend(numbers(&row.get::<_, String>("candidates")?).into_iter().map(|id| (id, at)));
        }
        Ok(since)
    }

    /// All objections, by number; those that were accepted or refused are watched for some time after.
    pub fn watched_objections(&self, after_decision: SignedDuration) -> Result<Vec<Objection>, StoreError> {
        let mut objections = self.objections()?;
        for objection in &mut objections {
            let is_decided = matches!(objection.state, State::Accepted | State::Refused);
            let until = objection.state_at.saturating_add(after_decision).unwrap_or(Timestamp::MAX);
            objection.watched_until = is_decided.then_some(until);
        }
        Ok(objections)
    }

    fn add_history(&self, objection: &mut Objection) -> Result<(), StoreError> {
        let events = self.events(objection.id)?;
        objection.pauses = pauses(&events);
        objection.complaints = complaints(&events);
        Ok(())
    }

    /// The objections for which the controller ever asked for information, or about which a complaint was sent.
    fn with_moved_time(&self) -> Result<HashSet<ObjectionId>, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT DISTINCT objection FROM event WHERE kind IN ('needs_info', 'complained')")?;
        Ok(statement.query_map([], |row| row.get("objection").map(ObjectionId))?.collect::<Result<_, _>>()?)
    }

    /// The case numbers in the mails of each objection, newest first.
    fn case_numbers(&self) -> Result<HashMap<ObjectionId, Vec<String>>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT objection, case_numbers FROM mail
             WHERE objection IS NOT NULL AND case_numbers <> '' ORDER BY received_at DESC, id DESC",
        )?;
        let mut all: HashMap<ObjectionId, Vec<String>> = HashMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let numbers = all.entry(ObjectionId(row.get("objection")?)).or_default();
            for number in row.get::<_, String>("case_numbers")?.split(' ') {
                if !numbers.iter().any(|known| known == number) {
                    numbers.push(number.to_owned());
                }
            }
        }
        Ok(all)
    }
}

fn read(row: &Row<'_>) -> Result<Objection, StoreError> {
    Ok(Objection {
        id: ObjectionId(row.get("id")?),
        platform: word(row, "platform")?,
        email: row.get("email")?,
        country: row.get("country")?,
        label: row.get("label")?,
        reason: row.get("reason")?,
        form_url: row.get("form_url")?,
        submitted_at: moment(row, "submitted_at")?,
        recorded_at: moment(row, "recorded_at")?,
        state: word(row, "state")?,
        state_at: moment(row, "state_at")?,
        updated_at: moment(row, "updated_at")?,
        is_extended: row.get("is_extended")?,
        pauses: Vec::new(),
        complaints: Vec::new(),
        case_numbers: Vec::new(),
        code: None,
        held_since: None,
        watched_until: None,
    })
}
