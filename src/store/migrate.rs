//! Brings a database to the newest schema, in one transaction, or refuses it.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;
use super::file::{APPLICATION_ID, failed, foreign};
use crate::fault::Fault;
use crate::system::files::private;

/// The steps, oldest first; a database knows by `user_version` how many it has taken.
const STEPS: [&str; 13] = [
    include_str!("../../migrations/0001_initial/up.sql"),
    include_str!("../../migrations/0002_dkim/up.sql"),
    include_str!("../../migrations/0003_notice/up.sql"),
    include_str!("../../migrations/0004_refusals/up.sql"),
    include_str!("../../migrations/0005_mbox/up.sql"),
    include_str!("../../migrations/0006_mark/up.sql"),
    include_str!("../../migrations/0007_untold/up.sql"),
    include_str!("../../migrations/0008_suggestion/up.sql"),
    include_str!("../../migrations/0009_question/up.sql"),
    include_str!("../../migrations/0010_edit/up.sql"),
    include_str!("../../migrations/0011_reviewed/up.sql"),
    include_str!("../../migrations/0012_dismissed/up.sql"),
    include_str!("../../migrations/0013_refused/up.sql"),
];

/// Migrates to the newest schema. A newer or foreign database is refused, and is not changed.
pub(super) fn run(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    steps(connection, path, &STEPS)
}

fn steps(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let found = version(connection, path)?;
    if found > known {
        return Err(newer(path, found, known));
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        keep_copy(connection, path, found)?;
    } else {
        connection.pragma_update(None, "journal_mode", "wal")?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = version(&transaction, path)?;
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

/// How many steps a database has taken; 0 for an empty one.
fn version(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let application = pragma("application_id").map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => foreign(path),
        _ => StoreError::Sql(error),
    })?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match application {
        id if id == i64::from(APPLICATION_ID) => Ok(pragma("user_version")?),
        0 if tables == 0 => Ok(0),
        _ => Err(foreign(path)),
    }
}

fn newer(path: &Path, found: i64, known: i64) -> StoreError {
    let fault = Fault::new(format!(
        "database `{}`: made by a newer tracker (schema {found}, this one knows {known})",
        path.display()
    ));
    StoreError::Unusable(fault.remedy("update tracker"))
}

/// Keeps a copy of the database as it was, beside it.
fn keep_copy(connection: &Connection, path: &Path, version: i64) -> Result<(), StoreError> {
    let copy = PathBuf::from(format!("{}.schema-{version}.bak", path.display()));
    // A backup into a file that exists keeps that file's mode (facts §3).
    private(OpenOptions::new().write(true).create(true).truncate(true))
        .open(&copy)
        .map_err(|error| failed(&copy, error))?;
    connection.backup("main", &copy, None::<fn(rusqlite::backup::Progress)>)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NEXT: &str = "ALTER TABLE objection ADD COLUMN colour TEXT;";

    #[test]
    fn every_migration_folder_is_a_step() {
        let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
        assert_eq!(folders, STEPS.len());
    }

    #[test]
    fn a_copy_is_kept_before_an_existing_database_changes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.db");
        let mut connection = Connection::open(&path).unwrap();
        run(&mut connection, &path).unwrap();
        connection
            .execute(
                "INSERT INTO objection (platform, email, submitted_at, recorded_at) VALUES ('meta', 'a@example.org', 1, 1)",
                [],
            )
            .unwrap();
        steps(&mut connection, &path, &[&STEPS[..], &[NEXT]].concat()).unwrap();
        let count = |c: &Connection| c.query_row("SELECT count(*) FROM objection", [], |r| r.get::<_, i64>(0)).unwrap();
        assert_eq!(count(&connection), 1);
        let copy = Connection::open(directory.path().join(format!("a.db.schema-{}.bak", STEPS.len()))).unwrap();
        assert_eq!(count(&copy), 1);
        assert!(copy.prepare("SELECT colour FROM objection").is_err());
        let refused = run(&mut connection, &path).unwrap_err().to_string();
        let (found, known) = (STEPS.len() + 1, STEPS.len());
        assert!(refused.contains(&format!("newer tracker (schema {found}, this one knows {known})")), "{refused}");
    }

    #[test]
    fn mail_kept_before_a_step_is_kept_after_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let transaction = connection.transaction().unwrap();
        transaction.execute_batch(STEPS[0]).unwrap();
        transaction.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        transaction.pragma_update(None, "user_version", 1).unwrap();
        let mail = "INSERT INTO mail (author, recipients, subject, received_at, raw, sha256, content_sha256, verdict,
            verdict_reason, signal, case_numbers, outcome, judged_at)
            VALUES ('a', 'b', 'c', 1, x'00', 'd', 'e', 'failed', 'f', 'none', '', 'ignored', 1)";
        transaction.execute_batch(mail).unwrap();
        transaction.commit().unwrap();
        let directory = tempfile::tempdir().unwrap();
        run(&mut connection, &directory.path().join("a.db")).unwrap();
        let row = connection.query_row("SELECT verdict_reason || verdict_chain, signed_sha256 FROM mail", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        });
        assert_eq!(row.unwrap(), ("f".to_owned(), None));
    }

    #[test]
    fn a_step_that_fails_leaves_the_database_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(
            steps(&mut connection, Path::new(":memory:"), &[STEPS[0], "CREATE TABLE x (y TEXT) STRICT; nonsense"])
                .is_err()
        );
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).unwrap();
        assert_eq!(tables, 0);
    }
}
