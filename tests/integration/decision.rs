//! After a decision the watch goes on for a while: a decision can be taken back.

use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const LATER: &str = "2026-12-20T09:00:00Z";

/// A home whose only objection was accepted on 24 November.
fn decided(settings: &str) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&format!(
        "[accounts.home]\nemail = \"{ANNA}\"\nauthserv_ids = [\"mx.example.org\"]\nmaildir = \"~/Maildir\"\n{settings}"
    ));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker.file("Maildir/cur/1", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw());
    assert!(tracker.ok(&["check"]).contains("submitted → accepted; next: nothing"));
    tracker
}

/// A refusal by another mail of the same case.
fn refusal(date: &str) -> String {
    mails::refusal(ANNA, date).raw()
}

#[test]
fn what_contradicts_a_decision_is_held_told_and_judged_by_the_user() {
    let mut tracker = decided("");
    tracker.file("Maildir/new/2", refusal("2026-12-20T08:00:00Z"));
    tracker.at(LATER);
    let line = tracker.ok(&["check"]);
    assert!(line.starts_with("mail 2 held (contradicts_state): "), "{line}");
    assert_eq!(tracker.states(), ["accepted"]);
    let listed = &tracker.json(&["list", "--pending"])[0];
    assert_eq!((&listed["turn"], &listed["next"]), (&"you".into(), &"judge_mail".into()));
    let mail = &tracker.json(&["held"])[0];
    assert_eq!((&mail["suggestion"], &mail["held_reason"]), (&"refused".into(), &"contradicts_state".into()));
    tracker.ok(&["held", "apply", "2"]);
    assert_eq!(tracker.states(), ["refused"]);
    assert_eq!(tracker.json(&["list"])[0]["next"], "none");
}

#[test]
fn a_receipt_or_the_same_decision_again_contradicts_nothing() {
    let mut tracker = decided("");
    let again = mails::acceptance(ANNA, "2026-12-20T08:00:00Z").id("again@example.org").raw();
    tracker.file("Maildir/new/2", again);
    tracker.at(LATER);
    let line = tracker.ok(&["check"]);
    assert_eq!(line, "objection 1 (facebook, anna@example.org): accepted added, still accepted; next: nothing\n");
    assert_eq!(tracker.json(&["held"]), serde_json::json!([]));
}

#[test]
fn the_watch_ends_when_the_configuration_says() {
    for (settings, now, is_seen) in [
        ("", "2026-12-24T11:00:00Z", true),
        ("", "2026-12-24T12:00:00Z", false),
        ("[check]\nafter_decision = \"60d\"\n", "2027-01-20T09:00:00Z", true),
        ("[check]\nafter_decision = \"0d\"\n", "2026-11-25T09:00:00Z", false),
    ] {
        let mut tracker = decided(settings);
        tracker.at(now);
        tracker.file("Maildir/new/2", refusal("2026-11-25T08:00:00Z"));
        assert_eq!(!tracker.ok(&["check"]).is_empty(), is_seen, "{settings:?} {now}");
    }
    let tracker = Tracker::new();
    tracker.config("[check]\nafter_decision = \"ever\"\n");
    let why = tracker.run(&["list"]);
    assert_eq!(why.status, 2);
    assert!(why.stderr.ends_with("`after_decision = \"ever\"` is not a time of at most a year; write it in days, such as \"30d\", or as \"0d\" to stop with the decision\n"), "{}", why.stderr);
}

/// Puts a sentence into the kept acceptance, as if an older program had not minded it, and forgets that it was looked at.
fn contradict(tracker: &Tracker) {
    let connection = rusqlite::Connection::open(tracker.database()).expect("a database");
    let raw: Vec<u8> = connection.query_row("SELECT raw FROM mail", [], |row| row.get(0)).expect("a mail");
    let text = String::from_utf8(raw).expect("text");
    let raw = format!("{}\r\n\r\nYour posts will still be used to train our AI models.\r\n", text.trim_end());
    connection.execute("UPDATE mail SET raw = ?1", [raw.as_bytes()]).expect("changed");
    connection.execute("DELETE FROM reviewed", []).expect("forgotten");
}

#[test]
fn a_decision_that_the_program_would_no_longer_apply_is_told_once_and_taken_back_by_recheck() {
    let mut tracker = decided("");
    contradict(&tracker);
    tracker.at(LATER);
    let line = "mail 1, taken for `accepted` of objection 1, would be held now, because it says: \"Your posts will still be \
                used to train our AI models.\"; judge again what is kept: tracker recheck\n";
    assert_eq!(tracker.ok(&["check", "--dry-run"]), line);
    let doubts = &tracker.json(&["check", "--dry-run"])["doubts"];
    assert_eq!((&doubts[0]["mail"]["id"], doubts[0]["against"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    assert_eq!(tracker.ok(&["check"]), line);
    assert_eq!(tracker.ok(&["check"]), "", "it is told once");
    assert_eq!(tracker.states(), ["accepted"], "and nothing is changed");
    let back = tracker.ok(&["recheck"]);
    assert!(back.starts_with("mail 1, was `accepted`: mail 1 held (unclear): reads as accepted, but: "), "{back}");
    assert_eq!(tracker.states(), ["submitted"]);
    let listed = &tracker.json(&["list"])[0];
    assert_eq!((&listed["turn"], &listed["next"]), (&"you".into(), &"judge_mail".into()));
    tracker.ok(&["held", "apply", "1"]);
    assert_eq!(tracker.states(), ["accepted"]);
    assert_eq!(tracker.ok(&["check"]), "", "what the user decided is not doubted");
}
