//! Objections: what the user said, with where each stands.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{Records, StoreError, moment, word};
use crate::objection::{Objection, ObjectionId, Platform, Step, pauses};

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
    ///
    /// # Errors
    /// SQLite's.
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
    ///
    /// # Errors
    /// SQLite's.
    pub fn objection(&self, id: ObjectionId) -> Result<Option<Objection>, StoreError> {
        let found = self.0.query_row(&format!("{SELECT} WHERE id = ?1"), [id.0], |row| Ok(read(row))).optional()?;
        let Some(mut objection) = found.transpose()? else { return Ok(None) };
        objection.case_numbers = self.case_numbers()?.remove(&id).unwrap_or_default();
        objection.code = self.codes()?.remove(&id);
        objection.pauses = pauses(&self.events(id)?);
        Ok(Some(objection))
    }

    /// All objections, by number.
    ///
    /// # Errors
    /// SQLite's.
    pub fn objections(&self) -> Result<Vec<Objection>, StoreError> {
        let mut statement = self.0.prepare_cached(&format!("{SELECT} ORDER BY id"))?;
        let mut objections =
            statement.query_map([], |row| Ok(read(row)))?.map(|o| o?).collect::<Result<Vec<_>, StoreError>>()?;
        let (mut cases, mut codes) = (self.case_numbers()?, self.codes()?);
        for objection in &mut objections {
            objection.case_numbers = cases.remove(&objection.id).unwrap_or_default();
            objection.code = codes.remove(&objection.id);
        }
        let paused = self.asked_for_information()?;
        for objection in objections.iter_mut().filter(|o| paused.contains(&o.id)) {
            objection.pauses = pauses(&self.events(objection.id)?);
        }
        Ok(objections)
    }

    /// The objections about which information was ever asked for.
    fn asked_for_information(&self) -> Result<HashSet<ObjectionId>, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT DISTINCT objection FROM event WHERE kind = 'needs_info'")?;
        Ok(statement.query_map([], |row| row.get(0).map(ObjectionId))?.collect::<Result<_, _>>()?)
    }

    /// The case numbers in the mails of each objection, newest first.
    fn case_numbers(&self) -> Result<HashMap<ObjectionId, Vec<String>>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT objection, case_numbers FROM mail
             WHERE objection IS NOT NULL AND case_numbers <> '' ORDER BY received_at DESC, id DESC",
        )?;
        let mut all: HashMap<ObjectionId, Vec<String>> = HashMap::new();
        let mut rows = statement.query(params![])?;
        while let Some(row) = rows.next()? {
            let numbers = all.entry(ObjectionId(row.get(0)?)).or_default();
            for number in row.get::<_, String>(1)?.split(' ') {
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
        id: ObjectionId(row.get(0)?),
        platform: word(&row.get::<_, String>(1)?)?,
        email: row.get(2)?,
        country: row.get(3)?,
        label: row.get(4)?,
        reason: row.get(5)?,
        form_url: row.get(6)?,
        submitted_at: moment(row.get(7)?)?,
        recorded_at: moment(row.get(8)?)?,
        state: word(&row.get::<_, String>(9)?)?,
        state_at: moment(row.get(10)?)?,
        updated_at: moment(row.get(11)?)?,
        is_extended: row.get(12)?,
        pauses: Vec::new(),
        case_numbers: Vec::new(),
        code: None,
    })
}
