//! The clock of the law, as `show`, `list` and `check` tell it.

use crate::support::Tracker;
use crate::support::dovecot::Dovecot;

const ANNA: &str = "anna@example.org";

/// What `show` says under a heading.
fn section(tracker: &Tracker, heading: &str) -> Vec<String> {
    let shown = tracker.ok(&["show", "1"]);
    let lines = shown.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.is_empty());
    lines.map(|line| line.trim().to_owned()).collect()
}

fn fact(tracker: &Tracker, name: &str) -> String {
    let shown = tracker.ok(&["show", "1"]);
    let line = shown.lines().find(|line| line.starts_with(name)).expect("the fact");
    line.trim_start_matches(name).trim().to_owned()
}

#[test]
fn show_tells_the_rule_and_its_steps() {
    let mut tracker = Tracker::new();
    tracker.at("2024-11-25T12:00:00Z").add("facebook", ANNA, "2024-11-25T10:00:00Z");
    assert_eq!(
        section(&tracker, "Deadline"),
        [
            "received on 2024-11-25 (Mon), a day that does not count (Regulation 1182/71 Art. 3(1))",
            "the same date the next month: 2024-12-25 (Wed); 2024-12-25 is Christmas Day, a public holiday in Ireland; \
             2024-12-26 is St Stephen's Day, a public holiday in Ireland; the next working day: 2024-12-27 (Fri) \
             (Regulation 1182/71 Art. 3(2)(c) and (4))",
            "so the answer is due on 2024-12-27 (Fri), by the end of that day",
            "a complaint waits until the reading by which the month begins a day later is over too: 2024-12-28 (Sat)",
        ]
    );
}

#[test]
fn an_extension_is_counted_from_receipt() {
    let mut tracker = Tracker::new();
    tracker.at("2025-11-30T12:00:00Z").add("facebook", ANNA, "2025-11-30T10:00:00Z");
    tracker.at("2025-12-20T12:00:00Z").ok(&["mark", "1", "extended"]);
    assert_eq!(fact(&tracker, "Answer due"), "2026-03-02, extended from 2025-12-30");
    assert_eq!(
        section(&tracker, "Deadline")[3..5],
        [
            "the controller announced two further months, counted from receipt too: the last day of the shorter month, \
             3 months later: 2026-02-28 (Sat); 2026-02-28 is a Saturday; 2026-03-01 is a Sunday; \
             the next working day: 2026-03-02 (Mon) (GDPR Art. 12(3))",
            "so the answer is due on 2026-03-02 (Mon)",
        ]
    );
}

#[test]
fn both_dates_are_shown_while_information_is_asked_for_and_afterwards() {
    let mut tracker = Tracker::new();
    tracker.at("2025-05-14T12:00:00Z").add("facebook", ANNA, "2025-05-14T10:00:00Z");
    tracker.at("2025-05-20T12:00:00Z").ok(&["mark", "1", "needs_info"]);
    tracker.at("2025-05-25T12:00:00Z");
    assert_eq!(fact(&tracker, "Answer due"), "2025-06-16, or 2025-06-19 if the time stood still");
    assert_eq!(
        section(&tracker, "Deadline")[3],
        "information is asked for since 2025-05-20 (Tue); if it were sent today: should the time stand still meanwhile, \
         the answer is due on 2025-06-19 (Thu) (GDPR Art. 12(6), as reported)"
    );
    let o = tracker.json(&["show", "1"]);
    assert_eq!(
        (&o["due_on"], &o["paused_due_on"], &o["paused_since"]),
        (&"2025-06-16".into(), &"2025-06-19".into(), &"2025-05-20".into())
    );
    tracker.at("2025-05-30T12:00:00Z").ok(&["mark", "1", "acknowledged"]);
    let listed = tracker.at("2025-06-18T12:00:00Z").ok(&["list"]);
    assert_eq!(
        listed,
        "1\tfacebook\tanna@example.org\tacknowledged\t2025-06-16 or 2025-06-24\t\
         wait: answers take minutes to a day; overdue after 2025-06-24\n"
    );
    // A mark that was a mistake stops nothing.
    tracker.ok(&["undo", "1"]);
    tracker.ok(&["undo", "1"]);
    assert_eq!(fact(&tracker, "Answer due"), "2025-06-16, overdue");
}

#[test]
fn check_says_once_that_a_mail_is_missing() {
    let dovecot = Dovecot::start();
    let mut tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.at("2026-11-24T12:20:00Z");
    let missing = "objection 1 (facebook, anna@example.org): no mail yet: look in the junk folder, at the address given, \
                   and for a code in the app; entered it, or none was asked for? tracker mark 1 verified\n";
    assert_eq!(tracker.ok(&["check", "--dry-run"]), missing);
    assert_eq!(tracker.ok(&["check"]), missing);
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.ok(&["mark", "1", "verified"]);
    assert_eq!(tracker.at("2026-11-27T12:00:00Z").ok(&["check"]), "");
    assert_eq!(
        tracker.at("2026-11-27T12:20:00Z").ok(&["check"]),
        "objection 1 (facebook, anna@example.org): no answer in 3 days: look in the junk folder and at your \
         other accounts; overdue after 2026-12-24\n"
    );
    assert_eq!(tracker.ok(&["check"]), "");
    assert_eq!(
        tracker.at("2026-12-29T12:00:00Z").json(&["check"])["missing"][0]["next"],
        serde_json::json!("complain")
    );
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn nothing_is_called_missing_while_an_account_can_not_be_read() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let dead =
        "[accounts.dead]\nemail = \"b@example.org\"\nhost = \"127.0.0.1\"\nport = 1\npassword_command = \"echo x\"\n";
    tracker.config(&format!("{}{dead}", dovecot.account("home", ANNA)));
    tracker.add("facebook", ANNA, "2026-11-20T11:50:00Z");
    let run = tracker.run(&["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    assert_eq!(tracker.ok(&["check", "--account", "home"]), "");
    tracker.config(&dovecot.account("home", ANNA));
    assert!(tracker.ok(&["check"]).contains("no mail yet"));
}
