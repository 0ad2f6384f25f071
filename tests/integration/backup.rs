//! A copy of the record while it is in use.

use rusqlite::Connection;

use crate::support::{Tracker, dump};

const ANNA: &str = "anna@example.org";

#[test]
fn a_backup_holds_all_that_is_recorded_even_while_another_program_writes() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let connection = Connection::open(tracker.database()).expect("a database");
    connection.execute_batch("BEGIN IMMEDIATE; UPDATE objection SET label = 'not yet'").expect("SQL");
    assert_eq!(tracker.ok(&["backup", "copy.db"]), "copy.db\n");
    connection.execute_batch("ROLLBACK").expect("SQL");
    let copy = tracker.home().join("copy.db");
    assert_eq!((dump(&copy), Tracker::mode(&copy)), (tracker.dump(), 0o600));
    // It is a database like any other, and a later backup takes its place.
    assert!(tracker.ok(&["list", "--database", "copy.db"]).starts_with("1\tfacebook\t"));
    tracker.add("instagram", ANNA, "2026-11-24T11:50:00Z");
    tracker.ok(&["backup", "copy.db"]);
    assert_eq!(dump(&copy), tracker.dump());
}

#[test]
fn a_damaged_database_never_takes_the_place_of_a_good_copy() {
    let tracker = Tracker::new();
    for n in 0..40 {
        tracker.add("facebook", &format!("anna{n}@example.org"), "2026-11-24T11:50:00Z");
    }
    tracker.ok(&["backup", "copy.db"]);
    let copy = tracker.home().join("copy.db");
    let good = std::fs::read(&copy).expect("a copy");
    Connection::open(tracker.database())
        .expect("a database")
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("SQL");
    // Pages in the midst are overwritten, as a failing disk does.
    let mut bytes = std::fs::read(tracker.database()).expect("bytes");
    let (from, to) = (4096 * 6, bytes.len() - 4096);
    bytes[from..to].fill(0xa5);
    std::fs::write(tracker.database(), bytes).expect("written");
    let run = tracker.run(&["backup", "copy.db"]);
    assert_ne!(run.status, 0);
    assert!(run.stderr.contains("damaged") || run.stderr.contains("malformed"), "{run:?}");
    assert_eq!(std::fs::read(&copy).expect("a copy"), good);
}

#[test]
fn a_backup_destroys_nothing_else() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let letter = tracker.file("letter.txt", "Dear Meta");
    let before = tracker.dump();
    let refused = |path: &str, what: &str| {
        let run = tracker.run(&["backup", path]);
        assert_eq!((run.status, run.stderr), (2, format!("tracker: `{path}`: {what}; name another file\n")));
    };
    refused("letter.txt", "it is there, and no backup of tracker's");
    refused(".local/share/tracker/tracker.db", "it is the database itself");
    assert_eq!(std::fs::read_to_string(letter).expect("the letter"), "Dear Meta");
    assert_eq!(tracker.dump(), before);
    assert_eq!(tracker.run(&["backup", "nowhere/copy.db"]).status, 2);
}
