//! What all commands stand on: the database file, the configuration, the terminal, the demo.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use rusqlite::Connection;

use crate::support::{Run, Tracker};

const ANNA: &str = "anna@example.org";

fn fails(tracker: &Tracker, args: &[&str], status: i32, stderr: &str) {
    let stderr = format!("tracker: {stderr}\n");
    assert_eq!(tracker.run(args), Run { status, stdout: String::new(), stderr });
}

#[test]
fn the_database_is_nobody_else_s() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24");
    let file = tracker.database();
    assert_eq!(Tracker::mode(&file), 0o600);
    assert_eq!(Tracker::mode(file.parent().expect("a directory")), 0o700);
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("permissions");
    let path = "~/.local/share/tracker/tracker.db";
    let message = format!("database `{path}`: others can read it (mode 644); run: chmod 600 '{path}'");
    fails(&tracker, &["list"], 2, &message);
}

#[test]
fn a_path_that_is_no_database_of_ours_is_named_as_such_and_left_as_it_is() {
    let tracker = Tracker::new();
    tracker.config("[dkim]\nverify = false\n");
    let foreign = tracker.file("foreign.db", "");
    Connection::open(&foreign).expect("a database").execute_batch("CREATE TABLE t (a)").expect("SQL");
    for (path, mode) in [(foreign, 0o644), (tracker.file("notes", "a; b"), 0o640), (tracker.file("empty", ""), 0o604)] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("permissions");
    }
    fs::create_dir(tracker.home().join("folder")).expect("a directory");
    let state = || {
        let entries = fs::read_dir(tracker.home()).expect("a directory").map(|entry| entry.expect("an entry").path());
        let mut states: Vec<_> =
            entries.map(|path| (Tracker::mode(&path), path.is_file().then(|| fs::read(&path).ok()), path)).collect();
        states.sort();
        states
    };
    let before = state();
    for (path, why) in [
        ("/tmp", "it is a directory"),
        ("folder", "it is a directory"),
        ("/dev/null", "it is not a regular file"),
        ("/etc/passwd", "it is not tracker's"),
        ("foreign.db", "it is not tracker's"),
        ("notes", "it is not tracker's"),
        ("empty", "it is not tracker's"),
    ] {
        let message = format!("database `{path}`: {why}; name another file with --database");
        fails(&tracker, &["list", "--database", path], 2, &message);
    }
    let message = "database `/etc/passwd`: it is not tracker's; name another file with --database";
    fails(&tracker, &["check", "--database", "/etc/passwd"], 2, message);
    let told = tracker.run(&["doctor", "--database", "/etc/passwd"]).stdout;
    assert!(told.contains(&format!("!!  database       {message}\n")), "{told}");
    assert_eq!(state(), before);
}

#[test]
fn a_database_of_another_program_or_a_newer_tracker_is_left_alone() {
    let tracker = Tracker::new();
    let path = tracker.file("other.db", "");
    Connection::open(&path).expect("a database").execute_batch("CREATE TABLE t (a)").expect("SQL");
    let before = fs::read(&path).expect("bytes");
    fails(
        &tracker,
        &["list", "--database", "other.db"],
        2,
        "database `other.db`: it is not tracker's; name another file with --database",
    );
    assert_eq!(fs::read(&path).expect("bytes"), before);
    tracker.file("text.db", "This is no database, but it is long enough to be looked at as if it were one.".repeat(20));
    fails(
        &tracker,
        &["list", "--database", "text.db"],
        2,
        "database `text.db`: it is not tracker's; name another file with --database",
    );
    tracker.add("facebook", ANNA, "2026-11-24");
    let connection = Connection::open(tracker.database()).expect("a database");
    let known: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("SQL");
    connection.pragma_update(None, "user_version", 4711).expect("SQL");
    let message = format!(
        "database `~/.local/share/tracker/tracker.db`: made by a newer tracker (schema 4711, this one knows {known}); update tracker"
    );
    fails(&tracker, &["list"], 2, &message);
}

#[test]
fn a_mistake_in_the_configuration_is_named_with_its_line() {
    let tracker = Tracker::new();
    let cases = [
        ("colour = 1\n", "line 1: unknown field `colour`"),
        (
            "country = \"Atlantis\"\n",
            "line 1: `country`: `Atlantis` is no country; use its two letters (ISO 3166), such as DE, or its name\n",
        ),
        ("\n[accounts.home]\nemail = \"anna@example.org\"\n", "line 2: account `home`: no way to its password"),
        (
            "[accounts.home]\nemail = \"anna@example.org\"\npassword = \"swordfish\"\npassword_env = \"X\"\n",
            "line 1: account `home`: several ways to its password; keep one\n",
        ),
        ("[accounts.home]\nemail = \"anna@example.org\"\npassword = \"swordfish\n", "line 3: "),
        (
            "[accounts.home]\nemail = \"anna@example.org\"\npassword_env = \"X\"\n",
            "line 1: account `home`: `host` is missing, and the provider of `example.org` is not known; add host = \"imap.…\"\n",
        ),
        (
            "[accounts.home]\nemail = \"anna@example.org\"\nhost = \"h\"\npassword_env = \"X\"\ntimeout = \"soon\"\n",
            "line 1: account `home`: `timeout = \"soon\"`: write a time of at most ten minutes, such as \"30s\"\n",
        ),
    ];
    for (text, message) in cases {
        tracker.config(text);
        let run = tracker.run(&["check"]);
        let start = format!("tracker: configuration `~/.config/tracker/config.toml` {message}");
        assert!(run.status == 2 && run.stderr.starts_with(&start), "{text}\n{}", run.stderr);
        assert!(!run.stderr.contains("swordfish"), "{}", run.stderr);
    }
}

#[test]
fn a_password_in_a_file_that_others_can_read_is_refused() {
    let tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"h\"\npassword = \"swordfish\"\n");
    let path = tracker.home().join(".config/tracker/config.toml");
    fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("permissions");
    let shown = "~/.config/tracker/config.toml";
    let message = format!(
        "configuration `{shown}`: it holds a password and others can read it (mode 640); run: chmod 600 '{shown}'"
    );
    fails(&tracker, &["check"], 2, &message);
}

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let run = Tracker::new().run(&["show", "7", "--json"]);
    let error: serde_json::Value = serde_json::from_str(&run.stderr).expect("JSON");
    let expected = serde_json::json!({
        "error": { "kind": "refused", "message": "no objection 7", "remedy": "`tracker list` shows those there are" },
    });
    assert_eq!((run.status, run.stdout.as_str(), error), (1, "", expected));
}

#[test]
fn nobody_reading_any_more_is_no_error() {
    let tracker = Tracker::new();
    let rows: String = (0..2000).map(|n| format!("facebook,person{n}@example.org\n")).collect();
    tracker.file("many.csv", format!("platform,email\n{rows}"));
    tracker.ok(&["add", "--from", "many.csv"]);
    let mut child =
        tracker.command(&["list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn the_demo_does_the_main_job_and_leaves_nothing_behind() {
    let tracker = Tracker::new();
    let shown = tracker.ok(&["demo"]);
    for part in [
        "objection 1: submitted → code_received",
        "objection 2: submitted → accepted",
        "held: forged: `accepted` from Facebook",
        "$ tracker code\n40817\n",
        "tracker add --platform facebook",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert_eq!(shown.matches("→ ignored").count(), 3);
    assert_eq!(fs::read_dir(tracker.home()).expect("a directory").count(), 0);
    assert_eq!(tracker.json(&["demo"])["mails"].as_array().map(Vec::len), Some(3));
}
