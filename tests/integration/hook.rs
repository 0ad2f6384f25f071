//! `[hooks] on_change`: the user's command is told of each change, once.

use std::fs;

use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const ACCOUNT: &str =
    "[accounts.home]\nemail = \"anna@example.org\"\nauthserv_ids = [\"mx.example.org\"]\nmaildir = \"~/Maildir\"\n";

fn tracker(command: &str) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&format!("{ACCOUNT}[hooks]\non_change = \"{command}\"\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker.file("Maildir/new/1", mails::code(ANNA, "482918", "2026-11-24T11:51:00Z").raw());
    tracker.file("Maildir/new/2", mails::newsletter(ANNA, "2026-11-24T11:52:00Z").raw());
    tracker.file("Maildir/new/3", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw());
    tracker
}

#[test]
fn each_change_is_told_once_and_no_code() {
    let tracker = tracker("cat >> told");
    assert_eq!(tracker.ok(&["check", "--dry-run"]).lines().count(), 2);
    assert!(!tracker.home().join("told").exists(), "a rehearsal changes nothing");
    tracker.ok(&["check"]);
    tracker.ok(&["check"]);
    let told = fs::read_to_string(tracker.home().join("told")).expect("told");
    let changes: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let states: Vec<&serde_json::Value> = changes.iter().map(|change| &change["state_after"]).collect();
    assert_eq!(states, ["code_received", "accepted"]);
    assert!(!told.contains("482918"), "{told}");
}

#[test]
fn a_command_that_fails_loses_nothing() {
    let tracker = tracker("exit 7");
    let run = tracker.run(&["check"]);
    let fault = |mail: i64| {
        format!(
            "tracker: `on_change` in [hooks] failed (exit status: 7) when told of mail {mail}, which is recorded; \
             run it by hand to see why\n"
        )
    };
    assert_eq!((run.status, run.stderr), (3, fault(1) + &fault(2)));
    assert_eq!(run.stdout.lines().count(), 2);
    assert_eq!(tracker.states(), ["accepted"]);
}
