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
    "=?utf-8?q?=1B[31mRed=07=E2=80=AEtxt?=".clone_into(&mut forged.subject);
    assert_eq!(ingest(&tracker, &forged).status, 0);
    let shown = tracker.ok(&["held", "show", "1"]);
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
    assert!(
        shown.contains("Sender       failed: claims to be support.facebook.com, but mx.example.org says dmarc=fail\n")
    );
    assert!(shown.ends_with("\n\nIf it means nothing:         tracker held dismiss 1\n"), "{shown}");
    assert!(!shown.contains("held apply"), "{shown}");
    assert_eq!(tracker.json(&["held"])[0]["held_reason"], "sender_failed");
    assert_eq!(tracker.json(&["held"])[0]["suggestion"], json!(null));
    for options in [&[][..], &["--objection", "1"], &["--as", "accepted"]] {
        let run = tracker.run(&[&["held", "apply", "1"], options].concat());
        let why = "tracker: nothing proves that mail 1 is Meta's, so nothing is assumed of it; if you are certain all the same, \
                   add both --objection ID and --as SIGNAL\n";
        assert_eq!((run.status, run.stderr.as_str()), (2, why));
    }
    assert_eq!(
        tracker.ok(&["held", "apply", "1", "--objection", "1", "--as", "accepted"]),
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
    "Blue is the colour of the sky.\n".clone_into(&mut odd.body);
    "Hello".clone_into(&mut odd.subject);
    let held = ingest(&tracker, &odd).stdout;
    assert_eq!(
        held,
        "mail 1 held (unrecognised): a mail from Facebook <case++aBcD1234EfGh@support.facebook.com>, \"Hello\"; see: tracker held show 1\n"
    );
    let shown = tracker.ok(&["held", "show", "1"]);
    let end = "If it answers an objection:  tracker held apply 1 --as SIGNAL\n                             \
               SIGNAL is what it says: accepted, refused, acknowledged, needs_info, verification_code\n\
               If it means nothing:         tracker held dismiss 1\n";
    assert!(shown.ends_with(end), "{shown}");
    let run = tracker.run(&["held", "apply", "1"]);
    let say = "tracker: mail 1 was not understood, so say what it means; \
               add --as accepted, refused, acknowledged, needs_info or verification_code\n";
    assert_eq!((run.status, run.stderr.as_str()), (2, say));
    let applied = tracker.run(&["held", "apply", "1", "--objection", "1", "--as", "refused"]).stdout;
    assert!(
        applied.starts_with(
            "objection 1 (facebook, anna@example.org): submitted → refused; next: if you do not agree, complain to "
        ),
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
        "tracker: `picture.eml` is not a mail: it has no header; give a file in RFC 5322 form, an mbox, or a folder of them\n\
         tracker: `missing.eml`: No such file or directory (os error 2); check the path and its permissions\n"
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

/// A mail that no rule of the program's explains.
fn odd() -> mails::Mail {
    let mut odd = mails::acceptance(ANNA, "2026-11-24T11:55:00Z");
    "About what you wrote".clone_into(&mut odd.subject);
    "Hello Anna,\n\nThank you for writing to us on 20 November.\n\nConsider your wish concerning the machines our command. \
                Your code name is 123456, see https://facebook.com/anna.\n\nYour name : Anna Muster\nYour country : DE\n"
        .clone_into(&mut odd.body);
    odd
}

#[test]
fn a_rule_that_the_user_writes_is_offered_and_explains_kept_mail_afterwards() {
    let tracker = tracker();
    tracker.add("instagram", ANNA, "2026-11-24T11:50:00Z");
    ingest(&tracker, &odd());
    let mut other = odd().id("other@support.instagram.com");
    other.from = other.from.replace("facebook", "instagram").replace("aBcD1234EfGh", "anOtherCase1");
    other.results = other.results.replace("facebook", "instagram");
    ingest(&tracker, &other);
    let run = tracker.run(&["held", "apply", "1", "--objection", "1", "--as", "accepted"]);
    let (offer, rule) = run.stderr.split_once("\n\n").expect("a rule");
    assert_eq!(
        offer,
        "tracker: to have such mail recognised from now on, look whether its sentence says just that, \
         and write into `~/.config/tracker/rules/own.toml`:"
    );
    assert_eq!(
        rule.trim_end(),
        "language = \"en\"\n[[rule]]\nid = \"own/mail-1\"\nsignal = \"accepted\"\nstrong = [\n  \
         { text = \"Consider your wish concerning the machines our command\", source = \"my own mail\" },\n]"
    );
    assert_eq!(tracker.ok(&["recheck"]), "", "no rule changed");
    tracker.file(".config/tracker/rules/own.toml", rule);
    let expected = "mail 2, was held (unrecognised): objection 2 (instagram, anna@example.org): submitted → accepted; next: nothing\n";
    assert_eq!(tracker.ok(&["recheck", "--dry-run"]), expected);
    assert_eq!(tracker.states(), ["accepted", "submitted"]);
    assert_eq!(tracker.ok(&["recheck"]), expected);
    assert_eq!(tracker.states(), ["accepted", "accepted"]);
    assert_eq!(tracker.ok(&["recheck"]), "");
    // The rule was wrong: what it decided is taken back, what the user decided stays.
    tracker.file(".config/tracker/rules/own.toml", "language = \"en\"\n");
    let back = tracker.json(&["recheck"]);
    let ids: Vec<&serde_json::Value> =
        back.as_array().expect("an array").iter().map(|c| &c["after"]["held_reason"]).collect();
    assert_eq!(ids, ["unrecognised"]);
    assert_eq!(tracker.states(), ["accepted", "submitted"]);
}

#[test]
fn a_redacted_sample_tells_what_is_said_and_not_of_whom() {
    let tracker = tracker();
    tracker.file("odd.eml", odd().raw());
    assert_eq!(
        tracker.ok(&["explain", "odd.eml", "--redact"]),
        "From: case++REDACTED@support.facebook.com\nTo: person@example.org\nDate: Tue, 24 Nov 2026 00:00:00 +0000\n\
         Subject: About what you wrote\nX-Part: text\n\nHello NAME,\n\nThank you for writing to us on 00 November.\n\n\
         Consider your wish concerning the machines our command. Your code name is 000000, see https://example.org/link\n\n\
         Your name : REDACTED\nYour country : REDACTED\n\n"
    );
}

#[test]
fn a_fault_in_the_user_s_rules_is_named_with_its_line() {
    let tracker = tracker();
    tracker.file(".config/tracker/rules/own.toml", "language = \"en\"\n\ncondition = [\"be* good\"]\n");
    let message = "tracker: rules `~/.config/tracker/rules/own.toml:3`: `*` within `be* good`: put ` … ` after it; \
                   mend the line, or move the file out of the rules directory\n";
    assert_eq!(tracker.run(&["check"]), Run { status: 2, stdout: String::new(), stderr: message.to_owned() });
}

#[test]
fn a_sign_off_is_never_offered_as_a_rule() {
    let mail = |sentence: &str, id: &str| {
        let mut mail = mails::acceptance(ANNA, "2026-11-24T11:55:00Z").id(id);
        "Din indsigelse".clone_into(&mut mail.subject);
        mail.body = format!("Hej Anna\n\nTak, fordi du kontaktede os.\n\n{sentence}\n\nTak\nPrivacy Operations\n");
        mail
    };
    let off = "Vi har slået brugen af dine oplysninger til AI fra, sådan som du bad om.";
    let tracker = tracker();
    ingest(&tracker, &mail(off, "off@support.facebook.com"));
    let run = tracker.run(&["held", "apply", "1", "--objection", "1", "--as", "accepted"]);
    assert!(run.stderr.contains(off.trim_end_matches('.')), "{}", run.stderr);
    assert!(!run.stderr.contains("Tak"), "{}", run.stderr);
}
