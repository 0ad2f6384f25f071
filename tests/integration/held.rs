//! `held`, `ingest`, `explain`: mail that a person must judge, and why.

use serde_json::json;

use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";

fn tracker() -> Tracker {
    let tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"localhost\"\npassword_env = \"X\"\nauthserv_ids = [\"mx.example.org\"]\n");
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker
}

fn ingest(tracker: &Tracker, mail: &mails::Mail) -> Run {
    tracker.run_with(&["ingest", "-"], mail.raw().as_bytes())
}

#[test]
fn a_held_mail_is_shown_safely_and_applied_by_the_user() {
    let tracker = tracker();
    let mut forged = mails::acceptance(ANNA, "2026-11-24T11:55:00Z").forged();
    forged.subject = "=?utf-8?q?=1B[31mRed=07=E2=80=AEtxt?=".to_owned();
    assert_eq!(ingest(&tracker, &forged).status, 0);
    let shown = tracker.ok(&["held", "show", "1"]);
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
    assert!(
        shown.contains("Sender       failed: claims to be support.facebook.com, but mx.example.org says dmarc=fail\n")
    );
    assert_eq!(tracker.json(&["held"])[0]["held_reason"], "sender_failed");
    assert_eq!(
        tracker.ok(&["held", "apply", "1", "--objection", "1"]),
        "objection 1 (facebook, anna@example.org): submitted → accepted; next: nothing\n"
    );
    assert_eq!(tracker.json(&["held"]), json!([]));
    assert_eq!(tracker.ok(&["undo", "1"]), "objection 1: took back `accepted`; submitted\n");
    assert_eq!(tracker.json(&["held"])[0]["id"], 1, "it waits again");
    tracker.ok(&["held", "dismiss", "1"]);
    assert_eq!(tracker.json(&["held"]), json!([]));
    assert_eq!(ingest(&tracker, &forged).stdout, "", "it is known, and decided");
}

#[test]
fn what_was_not_understood_needs_the_user_to_say_what_it_means() {
    let tracker = tracker();
    let mut odd = mails::acceptance(ANNA, "2026-11-24T11:55:00Z");
    odd.body = "Blue is the colour of the sky.\n".to_owned();
    odd.subject = "Hello".to_owned();
    let held = ingest(&tracker, &odd).stdout;
    assert_eq!(
        held,
        "mail 1 held (unrecognised): a mail from Facebook <case++aBcD1234EfGh@support.facebook.com>, \"Hello\"; see: tracker held show 1\n"
    );
    let run = tracker.run(&["held", "apply", "1", "--objection", "1"]);
    let say = "tracker: mail 1 was not understood, so say what it means; \
               add --as accepted, refused, acknowledged, needs_info or verification_code\n";
    assert_eq!((run.status, run.stderr.as_str()), (2, say));
    let applied = tracker.ok(&["held", "apply", "1", "--objection", "1", "--as", "refused"]);
    assert!(
        applied.starts_with("objection 1 (facebook, anna@example.org): submitted → refused; next: nothing\n"),
        "{applied}"
    );
    assert_eq!(
        tracker.run(&["held", "show", "9"]).stderr,
        "tracker: no mail 9; `tracker held` shows those that wait\n"
    );
}

#[test]
fn mail_from_a_file_of_an_account_that_pins_nobody_is_held() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let run = ingest(&tracker, &mails::acceptance(ANNA, "2026-11-24T11:55:00Z"));
    assert!(run.stdout.starts_with("mail 1 held (sender_unverified): "), "{run:?}");
    assert_eq!(tracker.states(), ["submitted"]);
}

#[test]
fn files_that_are_no_mail_are_named_and_the_others_are_taken() {
    let tracker = tracker();
    tracker.file("a.eml", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw());
    tracker.file("picture.eml", b"\x89PNG\r\n\x1a\n");
    let run = tracker.run(&["ingest", "picture.eml", "missing.eml", "a.eml"]);
    assert_eq!(run.stdout, "objection 1 (facebook, anna@example.org): submitted → accepted; next: nothing\n");
    assert_eq!(
        run.stderr,
        "tracker: `picture.eml` is not a mail: it has no header; give a file in RFC 5322 form\n\
         tracker: `missing.eml`: No such file or directory (os error 2); check the path\n"
    );
    assert_eq!(run.status, 2);
}

#[test]
fn explain_tells_the_whole_chain_and_changes_nothing() {
    let tracker = tracker();
    tracker.add("instagram", ANNA, "2026-11-24T11:50:00Z");
    tracker.file("a.eml", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw());
    let before = tracker.dump();
    let expected = json!({
        "verdict": {
            "result": "authentic", "domain": "support.facebook.com", "method": "dkim", "selector": "s1",
            "algorithm": null, "verified_at": "2026-11-24T12:00:00Z",
            "reason": "dkim=pass for support.facebook.com, says mx.example.org",
            "chain": [
                "no DKIM signature",
                "Authentication-Results by mx.example.org: believed: dkim=pass for support.facebook.com, \
                 dmarc=pass for support.facebook.com",
            ],
        },
        "signal": "accepted", "language": "en", "rule": "en/accepted",
        "matched": [
            "We've reviewed your request and will honor your objection.",
            "This means your request will be applied going forward.",
            "Thanks, Privacy Operations",
        ],
        "code": null, "outcome": "applied", "held_reason": null, "objection": 1,
        "candidates": [
            { "objection": 1, "fits": true, "why": "addressed to anna@example.org, about facebook, after its submission" },
            { "objection": 2, "fits": false, "why": "about facebook or meta, not instagram" },
        ],
    });
    let mut explained = tracker.json(&["explain", "a.eml"]);
    let shown: Vec<String> = expected.as_object().expect("fields").keys().cloned().collect();
    explained.as_object_mut().expect("fields").retain(|key, _| shown.contains(key));
    assert_eq!(explained, expected);
    assert_eq!(tracker.dump(), before);
    assert_eq!(tracker.run(&["explain", "a.eml", "--account", "work"]).status, 2);
}
