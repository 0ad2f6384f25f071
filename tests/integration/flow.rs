//! The main job: from the submitted form to the answer, on a real server.

use std::fmt::Write as _;

use crate::support::dovecot::Dovecot;
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const BEN: &str = "ben@example.org";

#[test]
fn an_objection_goes_from_the_form_to_its_acceptance() {
    let dovecot = Dovecot::start();
    let mut tracker = Tracker::new();
    tracker.config(&format!("{}{}", dovecot.account("home", ANNA), dovecot.account("work", BEN)));
    let add =
        |email| tracker.ok(&["add", "--platform", "facebook", "--email", email, "--submitted", "2026-11-24T11:50:00Z"]);
    assert_eq!((add(ANNA).as_str(), add(BEN).as_str()), ("1\n", "2\n"));
    dovecot.deliver(ANNA, "INBOX", &mails::newsletter(ANNA, "2026-11-24T11:51:00Z").raw(), "2026-11-24T11:51:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw(), "2026-11-24T11:52:00Z");

    assert_eq!(
        tracker.ok(&["check"]),
        "objection 1 (facebook, anna@example.org): submitted → code_received; \
         next: enter the code: tracker code 1 (good until 2026-11-25 11:52, assumed)\n"
    );
    assert_eq!(tracker.ok(&["code"]), "271828\n");
    assert_eq!(tracker.ok(&["code", "1"]), "271828\n");
    assert_eq!(
        tracker.ok(&["list"]),
        "1\tfacebook\tanna@example.org\tcode_received\t2026-12-24\tenter the code: tracker code 1 (good until 2026-11-25 11:52, assumed)\n\
         2\tfacebook\tben@example.org\tsubmitted\t2026-12-24\twait for the mail with the code: it comes within minutes\n"
    );
    assert_eq!(
        tracker.ok(&["mark", "1", "verified"]),
        "objection 1: verified; next: wait: answers take minutes to a day; overdue after 2026-12-24\n"
    );

    tracker.at("2026-11-24T13:00:00Z");
    dovecot.deliver(ANNA, "Junk", &mails::acceptance(ANNA, "2026-11-24T12:52:00Z").raw(), "2026-11-24T12:52:00Z");
    assert_eq!(
        tracker.ok(&["check"]),
        "objection 1 (facebook, anna@example.org): verified → accepted; next: nothing\n\
         objection 2 (facebook, ben@example.org): no mail yet: look in the junk folder, at the address given, and for a code in the app; \
         entered it, or none was asked for? tracker mark 2 verified\n"
    );
    assert_eq!(
        tracker.ok(&["list"]),
        "2\tfacebook\tben@example.org\tsubmitted\t2026-12-24\tno mail yet: look in the junk folder, at the address given, and for a code in the app; \
         entered it, or none was asked for? tracker mark 2 verified\n\
         1\tfacebook\tanna@example.org\taccepted\t2026-12-24\tnothing\n"
    );

    let (before, names) = (tracker.dump(), dovecot.names(ANNA, "INBOX"));
    assert_eq!(tracker.ok(&["check"]), "");
    assert_eq!(tracker.dump(), before, "a second check changes nothing");
    // Dovecot writes flags behind `:2,`; a mail that was only examined has none, and stays in `new`.
    assert!(names.iter().all(|name| !name.contains(':')), "{names:?}");
}

#[test]
fn the_same_way_is_walked_over_starttls() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let config = dovecot.account("home", ANNA).replace(&dovecot.tls_port.to_string(), &dovecot.port.to_string());
    tracker.config(&format!("{config}security = \"starttls\"\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw(), "2026-11-24T11:52:00Z");
    tracker.ok(&["check"]);
    assert_eq!(tracker.ok(&["code"]), "271828\n");
}

#[test]
fn check_tells_programs_what_it_saw_and_did() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw(), "2026-11-24T11:52:00Z");
    let mut seen = tracker.json(&["check"]);
    let validities: Vec<u64> = (0..2)
        .map(|i| seen["accounts"][0]["mailboxes"][i]["uid_validity"].take().as_u64().expect("a number"))
        .collect();
    assert!(validities.iter().all(|validity| *validity > 0));
    let sha256 = seen["mails"][0]["sha256"].take();
    assert_eq!(sha256.as_str().expect("a hash").len(), 64);
    let expected = serde_json::json!({
        "checked_at": "2026-11-24T12:00:00Z",
        "accounts": [{
            "account": "home", "ok": true, "error": null,
            "mailboxes": [
                { "mailbox": "INBOX", "uid_validity": null, "uid_next": 2, "candidates": 1 },
                { "mailbox": "Junk", "uid_validity": null, "uid_next": 1, "candidates": 0 },
            ],
        }],
        "mails": [{
            "id": 1, "account": "home", "mailbox": "INBOX", "uid": 1,
            "message_id": "Verify.your.email.address-2026-11-24T11.52.00Z-anna@example.org",
            "from": "Facebook <security@facebookmail.com>", "to": "anna@example.org",
            "subject": "Verify your email address",
            "date": "2026-11-24T11:52:00Z", "received_at": "2026-11-24T11:52:00Z", "sha256": null,
            "verdict": "authentic", "verdict_reason": "dkim=pass for facebookmail.com, says mx.example.org",
            "method": "dkim", "domain": "facebookmail.com", "selector": "s1", "algorithm": null,
            "verified_at": "2026-11-24T12:00:00Z",
            "signal": "verification_code", "language": "en", "rule": "en/verification_code",
            "outcome": "applied", "held_reason": null, "objection": 1, "suggestion": null, "against": [],
            "state_before": "submitted", "state_after": "code_received",
        }],
        "missing": [], "doubts": [],
    });
    assert_eq!(seen, expected);
}

#[test]
fn a_forged_answer_is_announced_and_moves_nothing() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:00:00Z");
    let forged = mails::acceptance(ANNA, "2026-11-24T11:30:00Z").forged();
    dovecot.deliver(ANNA, "INBOX", &forged.raw(), "2026-11-24T11:30:00Z");
    assert_eq!(
        tracker.ok(&["check"]),
        "mail 1 held (sender_failed): forged: `accepted` from Facebook <case++aBcD1234EfGh@support.facebook.com>, \
         claims to be support.facebook.com, but mx.example.org says dmarc=fail; see: tracker held show 1\n\
         objection 1 (facebook, anna@example.org): no mail yet: look in the junk folder, at the address given, and for a code in the app; \
         entered it, or none was asked for? tracker mark 1 verified\n"
    );
    assert_eq!(tracker.states(), ["submitted"]);
    // The genuine one, which comes after it, still counts.
    let genuine = mails::acceptance(ANNA, "2026-11-24T11:40:00Z");
    dovecot.deliver(ANNA, "INBOX", &genuine.raw(), "2026-11-24T11:40:00Z");
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn a_mail_that_is_seen_again_is_known() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    // Both accounts lead to the same mailbox, and the mail lies in two mailboxes of it.
    tracker.config(&format!("{}{}", dovecot.account("home", ANNA), dovecot.account("again", ANNA)));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let code = mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw();
    dovecot.deliver(ANNA, "INBOX", &code, "2026-11-24T11:52:00Z");
    dovecot.deliver(ANNA, "Junk", &code, "2026-11-24T11:52:00Z");
    assert_eq!(tracker.ok(&["check"]).lines().count(), 1);
    let mails = |tracker: &Tracker| tracker.dump().iter().filter(|row| row.starts_with("mail ")).count();
    assert_eq!(mails(&tracker), 1);
    dovecot.renumber(ANNA, "INBOX");
    assert_eq!(tracker.ok(&["check"]), "");
    assert!(tracker.dump().iter().any(|row| row.starts_with("cursor ") && row.contains("4711")));
    assert_eq!(tracker.ok(&["check", "--full"]), "");
    assert_eq!(mails(&tracker), 1);
}

#[test]
fn an_objection_recorded_late_is_found_its_mails() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("instagram", BEN, "2026-11-24T11:50:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::acceptance(ANNA, "2026-11-10T10:00:00Z").raw(), "2026-11-10T10:00:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::acceptance(BEN, "2026-11-01T10:00:00Z").raw(), "2026-11-01T10:00:00Z");
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.add("facebook", ANNA, "2026-11-09T10:00:00Z");
    assert_eq!(
        tracker.ok(&["check"]),
        "objection 2 (facebook, anna@example.org): submitted → accepted; next: nothing\n"
    );
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn a_mail_held_for_want_of_an_objection_is_applied_once_there_is_one() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("facebook", BEN, "2026-11-09T10:00:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::acceptance(ANNA, "2026-11-10T10:00:00Z").raw(), "2026-11-10T10:00:00Z");
    let held = tracker.ok(&["check"]);
    assert!(held.starts_with("mail 1 held (wrong_recipient): "), "{held}");
    tracker.add("facebook", ANNA, "2026-11-09T10:00:00Z");
    assert_eq!(
        tracker.ok(&["check"]),
        "objection 2 (facebook, anna@example.org): submitted → accepted; next: nothing\n"
    );
    assert_eq!(tracker.json(&["held"]), serde_json::json!([]));
}

#[test]
fn a_rehearsal_shows_what_would_change_and_changes_nothing() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw(), "2026-11-24T11:52:00Z");
    let before = tracker.dump();
    let rehearsed = tracker.ok(&["check", "--dry-run"]);
    assert_eq!(tracker.dump(), before);
    assert_eq!(tracker.ok(&["check"]), rehearsed);
}

#[test]
fn mail_in_a_mailbox_of_any_name_is_read() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&format!("{}mailboxes = [\"Ämter\", \"Nowhere\"]\n", dovecot.account("home", ANNA)));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    dovecot.deliver(
        ANNA,
        "&AMQ-mter",
        &mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw(),
        "2026-11-24T11:52:00Z",
    );
    let run = tracker.run(&["check"]);
    assert_eq!(run.status, 3);
    assert_eq!(run.stderr, "tracker: account `home`: no mailbox `Nowhere`; there are: INBOX, Junk, Ämter\n");
    assert_eq!(tracker.ok(&["code"]), "271828\n");
}

#[test]
fn a_mail_that_is_too_large_is_held_and_not_read() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let mut large = mails::acceptance(ANNA, "2026-11-24T11:52:00Z");
    for line in 0..40_000 {
        writeln!(large.body, "This is line {line} of a mail that does not end.").expect("a string");
    }
    dovecot.deliver(ANNA, "INBOX", &large.raw(), "2026-11-24T11:52:00Z");
    let held = tracker.ok(&["check"]);
    assert!(held.starts_with("mail 1 held (too_large): "), "{held}");
    assert_eq!(tracker.states(), ["submitted"]);
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn without_a_pending_objection_nobody_is_connected_to() {
    let tracker = Tracker::new();
    // Nobody listens on port 1, so a connection would fail.
    tracker.config(
        "[accounts.home]\nemail = \"anna@example.org\"\nhost = \"127.0.0.1\"\nport = 1\npassword_command = \"echo x\"\n",
    );
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert_eq!(tracker.run(&["check"]).status, 3);
    tracker.ok(&["mark", "1", "withdrawn"]);
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn a_poll_that_finds_nothing_takes_four_commands() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker.ok(&["check"]);
    let run = tracker.run(&["check", "-vv"]);
    assert!(run.stderr.contains("commands=4"), "{}", run.stderr);
}
