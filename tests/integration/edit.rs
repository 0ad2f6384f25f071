//! `edit`: what was recorded is corrected, and the history keeps both.

use serde_json::{Value, json};

use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";

fn tracker() -> Tracker {
    let tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"localhost\"\npassword_env = \"X\"\nauthserv_ids = [\"mx.example.org\"]\n");
    tracker
}

fn refused(status: i32, message: &str) -> Run {
    Run { status, stdout: String::new(), stderr: format!("tracker: {message}\n") }
}

fn fields(value: &Value) -> Value {
    let fields = ["platform", "email", "country", "label", "submitted_at", "due_on", "state"];
    fields.map(|field| value[field].clone()).into_iter().collect()
}

#[test]
fn every_field_can_be_corrected_and_the_correction_taken_back() {
    let tracker = tracker();
    tracker.add("facebook", "ana@example.org", "2026-11-20");
    let before = tracker.json(&["show", "1"]);
    let all = ["--email", ANNA, "--platform", "instagram", "--country", "France", "--submitted", "19/11/2026"];
    let rest = ["--label", "mine", "--reason", "They are my photos.", "--form-url", "https://example.org/form"];
    let text = "objection 1: platform: facebook → instagram; email: ana@example.org → anna@example.org; country: DE → FR; \
                submitted: 2026-11-20 00:00 → 2026-11-19 00:00; label: none → mine; reason: none → 19 characters; \
                form_url: none → https://example.org/form; next: ";
    let said = tracker.ok(&[&["edit", "1"], &all[..], &rest[..]].concat());
    assert!(said.starts_with(text), "{said}");
    let after = tracker.json(&["show", "1"]);
    let expected = json!(["instagram", ANNA, "FR", "mine", "2026-11-19T00:00:00Z", "2026-12-21", "submitted"]);
    assert_eq!(fields(&after), expected);
    let event = &after["events"][1];
    assert_eq!((event["kind"].as_str(), event["state"].as_str()), (Some("edited"), Some("submitted")));
    assert!(event["note"].as_str().is_some_and(|note| note.contains("country: DE → FR")), "{event}");
    tracker.ok(&["edit", "1", "--label", ""]);
    assert_eq!(tracker.json(&["show", "1"])["label"], json!(null));
    tracker.ok(&["undo", "1"]);
    assert_eq!(fields(&tracker.json(&["show", "1"])), expected);
    assert_eq!(tracker.ok(&["undo", "1"]), "objection 1: took back `edited`; submitted\n");
    assert_eq!(fields(&tracker.json(&["show", "1"])), fields(&before));
    assert_eq!(tracker.json(&["show", "1"])["events"].as_array().map(Vec::len), Some(5), "history keeps all");
}

#[test]
fn what_can_t_be_corrected_is_said() {
    let tracker = tracker();
    tracker.add("facebook", ANNA, "2026-11-20");
    tracker.ok(&["mark", "1", "verified", "--on", "2026-11-21"]);
    let edit = |args: &[&str]| tracker.run(&[&["edit", "1"], args].concat());
    assert_eq!(edit(&[]), refused(2, "nothing to correct; name what is wrong: tracker edit --help"));
    assert_eq!(edit(&["--email", ANNA]), refused(1, "objection 1 says so already; nothing to do"));
    let late = "`--submitted` is after `verified` at 2026-11-21 00:00; give an earlier time";
    assert_eq!(edit(&["--submitted", "2026-11-22"]), refused(1, late));
    assert_eq!(edit(&["--submitted", ""]).status, 2);
    assert_eq!(edit(&["--country", "Atlantis"]).status, 2);
    let missing = tracker.run(&["edit", "7", "--label", "x"]);
    assert_eq!(missing, refused(1, "no objection 7; `tracker list` shows those there are"));
    assert_eq!(tracker.json(&["show", "1"])["events"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_correction_moves_no_time_but_the_submission_s() {
    let mut tracker = tracker();
    tracker.at("2026-11-20T00:10:00Z").add("facebook", ANNA, "2026-11-20");
    tracker.ok(&["mark", "1", "verified"]);
    let waiting = tracker.at("2026-11-24T12:00:00Z").json(&["show", "1"]);
    tracker.ok(&["edit", "1", "--label", "mine"]);
    let edited = tracker.json(&["show", "1"]);
    assert_eq!((&edited["next"], &edited["next_on"]), (&waiting["next"], &waiting["next_on"]));
    assert_eq!(edited["next"], "look_for_mail");
}

#[test]
fn held_mail_that_a_correction_explains_is_applied() {
    let tracker = tracker();
    tracker.add("facebook", "ana@example.org", "2026-11-24T11:50:00Z");
    let mail = mails::acceptance(ANNA, "2026-11-24T11:55:00Z");
    tracker.run_with(&["ingest", "-"], mail.raw().as_bytes());
    assert_eq!(tracker.json(&["held"])[0]["held_reason"], "wrong_recipient");
    let expected = "objection 1: email: ana@example.org → anna@example.org; next: nothing\n\
                    objection 1 (facebook, anna@example.org): submitted → accepted; next: nothing\n";
    assert_eq!(tracker.ok(&["edit", "1", "--email", ANNA]), expected);
    assert_eq!(tracker.json(&["held"]), json!([]));
    assert!(!tracker.run(&["check"]).stdout.contains("accepted"), "it was told");
}
