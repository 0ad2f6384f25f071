//! What a flood of forged mail must not do: hide the genuine mail, fill the disk, or make the held mail unusable.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const FORGED: usize = 260;

/// An account of a Maildir with forged mail in it, and a genuine one that came last.
fn flooded(hooks: &str) -> Tracker {
    let tracker = Tracker::new();
    let account =
        "[accounts.home]\nemail = \"anna@example.org\"\nauthserv_ids = [\"mx.example.org\"]\nmaildir = \"~/Maildir\"\n";
    tracker.config(&format!("{account}{hooks}"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    for number in 0..FORGED {
        let mut mail = mails::refusal(ANNA, "2026-11-24T11:53:00Z").id(&format!("forged-{number}")).forged();
        mail.subject = format!("Your request {number} {}", "x".repeat(if number == 0 { 200_000 } else { 0 }));
        tracker.file(&format!("Maildir/new/{number:03}"), mail.raw());
    }
    tracker.file("Maildir/new/zzz", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw());
    tracker
}

#[test]
fn a_flood_of_forged_mail_hides_nothing_and_is_dismissed_at_once() {
    let mut tracker = flooded("[hooks]\non_change = \"cat >> told\"\nmail_to = \"me@example.org\"\n");
    tracker.file("bin/sendmail", "#!/bin/sh\ncat > ~/mailed\n");
    fs::set_permissions(tracker.home().join("bin/sendmail"), fs::Permissions::from_mode(0o755)).expect("mode");
    let path = format!("{}/bin:/usr/bin:/bin", tracker.home().display());
    let output = tracker.command(&["check"]).env("PATH", path).output().expect("it ends");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(stdout.lines().all(|line| line.chars().count() < 1000), "names and subjects are cut");
    let told = fs::read_to_string(tracker.home().join("told")).expect("told");
    assert!(told.lines().next().expect("a line").contains("\"state_after\":\"accepted\""));
    let mailed = fs::read_to_string(tracker.home().join("mailed")).expect("mailed");
    let first = mailed.split("\n\n").nth(1).and_then(|body| body.lines().next()).expect("a line");
    assert!(first.contains("submitted → accepted"), "what changed something comes first: {first}");
    assert!(mailed.lines().count() < 40, "{mailed}");
    assert!(mailed.ends_with("240 more mails are held that nothing proves; see: tracker held\n"), "{mailed}");
    // Beyond 200 a day the header and the hash are kept.
    let database = rusqlite::Connection::open(tracker.database()).expect("a database");
    let count = |filter: &str| {
        let query = format!("SELECT CAST(count(*) AS TEXT) FROM mail WHERE {filter}");
        database.query_row(&query, [], |row| row.get::<_, String>(0)).expect("SQL")
    };
    assert_eq!(count("held_reason = 'sender_failed'"), FORGED.to_string());
    assert_eq!(count("held_reason = 'sender_failed' AND instr(raw, 'objection') > 0"), "200");
    assert_eq!(tracker.ok(&["held", "--count"]), format!("{FORGED}\n"));
    assert_eq!(tracker.ok(&["held", "--limit", "5"]).lines().count(), 5);
    assert_eq!(tracker.ok(&["held", "list", "--search", "REQUEST 17"]).lines().count(), 11);
    assert_eq!(tracker.ok(&["held", "--reason", "unclear"]), "");
    assert_eq!(tracker.ok(&["held", "--account", "other"]), "");
    assert_eq!(tracker.ok(&["held", "dismiss", "--all-unproven"]), "260 mails dismissed; they are kept for 90 days\n");
    assert_eq!(tracker.json(&["held"]), serde_json::json!([]));
    // Dismissed mail can be taken after all while its bytes are there.
    tracker.at("2027-02-20T12:00:00Z").ok(&["check", "--account", "home"]);
    assert_eq!(count("instr(raw, 'objection') > 0 AND outcome = 'ignored'"), "200");
    tracker.at("2027-02-23T12:00:00Z").run(&["check"]);
    assert_eq!(count("instr(raw, 'objection') > 0 AND outcome = 'ignored'"), "0");
    assert_eq!(count("length(raw) > 100 AND length(sha256) = 64"), (FORGED + 1).to_string());
}
