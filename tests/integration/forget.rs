//! The end of a record: erased from the tables and from the bytes of the file.

use std::fs;
use std::process::Command;

use rusqlite::Connection;

use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const BEN: &str = "ben@example.org";

fn recorded() -> Tracker {
    let tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"127.0.0.1\"\npassword_command = \"x\"\nauthserv_ids = [\"mx.example.org\"]\n");
    let add =
        ["add", "--platform", "facebook", "--email", ANNA, "--country", "DE", "--submitted", "2026-11-24T11:50:00Z"];
    tracker.ok(&[&add[..], &["--label", "Grandmother's", "--reason", "Because of the orchard"]].concat());
    tracker.add("instagram", BEN, "2026-11-24T11:50:00Z");
    tracker.file("code.eml", mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw());
    tracker.file("forged.eml", mails::acceptance(ANNA, "2026-11-24T11:53:00Z").forged().raw());
    tracker.ok(&["ingest", "code.eml", "forged.eml"]);
    tracker.ok(&["mark", "1", "needs_info", "--note", "a copy of my passport"]);
    tracker
}

/// All bytes that lie in the database's directory.
fn bytes(tracker: &Tracker) -> Vec<u8> {
    let directory = tracker.database().parent().expect("a directory").to_owned();
    let files = fs::read_dir(directory).expect("a directory");
    files.flat_map(|file| fs::read(file.expect("a file").path()).expect("bytes")).collect()
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn what_is_forgotten_is_gone_from_the_bytes_of_the_file() {
    let tracker = recorded();
    // Another program that looks in keeps the log from being folded in when a command ends.
    let other = Connection::open(tracker.database()).expect("a database");
    other.query_row("SELECT count(*) FROM objection", [], |row| row.get::<_, i64>(0)).expect("SQL");
    let traces = [ANNA, "271828", "orchard", "Grandmother", "passport", "aBcD1234EfGh", "100200300400500"];
    let before = bytes(&tracker);
    for trace in traces {
        assert!(holds(&before, trace), "{trace} was there");
    }
    assert_eq!(tracker.ok(&["forget", "1", "--yes"]), "objection 1: erased, with 3 event(s) and 2 mail(s)\n");
    let after = bytes(&tracker);
    for trace in traces {
        assert!(!holds(&after, trace), "{trace} is still there");
    }
    assert!(holds(&after, BEN));
    drop(other);
    assert_eq!(tracker.run(&["show", "1"]).status, 1);
    assert_eq!(tracker.states(), ["submitted"]);
    // Its number is never used again.
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert_eq!(tracker.run(&["show", "3"]).status, 0);
}

#[test]
fn what_another_objection_tells_stays_without_the_mail() {
    let tracker = recorded();
    tracker.ok(&["held", "apply", "2", "--objection", "2", "--as", "acknowledged"]);
    tracker.ok(&["undo", "2"]);
    let before = tracker.json(&["show", "2"])["events"].clone();
    let told = told(&tracker);
    assert!(told.iter().all(|text| !text.is_empty()), "{told:?}");
    tracker.ok(&["forget", "1", "--yes"]);
    assert_eq!(tracker.json(&["show", "2"])["events"], before);
    let after = bytes(&tracker);
    for trace in told.iter().map(String::as_str).chain(["aBcD1234EfGh"]) {
        assert!(!holds(&after, trace), "{trace} is still there");
    }
}

/// What the record tells of mail 2: what it is known again by, and what was said of its sender.
fn told(tracker: &Tracker) -> [String; 5] {
    let connection = Connection::open(tracker.database()).expect("a database");
    let columns = "sha256, content_sha256, signed_sha256, verdict_reason, verdict_chain";
    let read = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]);
    connection.query_row(&format!("SELECT {columns} FROM mail WHERE id = 2"), [], read).expect("SQL")
}

#[test]
fn mail_for_an_address_that_objected_elsewhere_too_stays() {
    let tracker = recorded();
    tracker.add("instagram", ANNA, "2026-11-24T11:50:00Z");
    tracker.ok(&["forget", "1", "--yes"]);
    assert_eq!(tracker.json(&["held"])[0]["id"], 2);
}

#[test]
fn nothing_is_erased_without_a_yes() {
    let tracker = recorded();
    let before = tracker.dump();
    let run = tracker.run(&["forget", "1"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "tracker: erasing needs a yes, and there is no terminal to ask on; run again with --yes\n");
    assert_eq!(tracker.dump(), before);
    assert_eq!(on_a_terminal(&tracker, "n"), (1, tracker.states().len()));
    assert_eq!(tracker.dump(), before);
    assert_eq!(on_a_terminal(&tracker, "y"), (0, 1));
}

/// The exit status, and how many objections there are then. `script` (Debian's bsdutils) gives the terminal.
fn on_a_terminal(tracker: &Tracker, answer: &str) -> (i32, usize) {
    let plain = tracker.command(&["forget", "1"]);
    let program = plain.get_program().to_string_lossy().into_owned();
    let mut script = Command::new("script");
    script.args(["-qec", &format!("'{program}' forget 1"), "/dev/null"]).env_clear().current_dir(tracker.home());
    for (name, value) in plain.get_envs() {
        script.env(name, value.unwrap_or_default());
    }
    let input = tracker.file("answer", format!("{answer}\n"));
    let output = script.stdin(fs::File::open(input).expect("a file")).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("Erase objection 1 (facebook, anna@example.org), its history and its mails for good? [y/N]"),
        "{said}"
    );
    (output.status.code().expect("no signal"), tracker.states().len())
}

#[test]
fn copies_from_before_an_update_are_named() {
    let tracker = recorded();
    tracker.file(".local/share/tracker/tracker.db.schema-1.bak", "an older copy");
    let run = tracker.run(&["forget", "1", "--yes"]);
    assert_eq!(run.status, 0);
    assert_eq!(
        run.stderr,
        "tracker: a copy from before an update may still hold it; delete it: ~/.local/share/tracker/tracker.db.schema-1.bak\n"
    );
}
