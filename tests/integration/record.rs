//! `add`, `list`, `show`, `mark`, `undo`, `code`: what the user records, and is told.

use serde_json::json;

use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";

fn refused(status: i32, stderr: &str) -> Run {
    Run { status, stdout: String::new(), stderr: format!("tracker: {stderr}\n") }
}

#[test]
fn an_empty_list_says_how_to_begin() {
    let begin = "nothing recorded yet; after you sent an objection form: tracker add --platform facebook --email you@example.org";
    assert_eq!(Tracker::new().run(&["list"]), refused(0, begin));
    assert_eq!(Tracker::new().json(&["list"]), json!([]));
}

#[test]
fn an_objection_is_recorded_as_it_was_said() {
    let tracker = Tracker::new();
    let added = tracker.json(&[
        "add",
        "--platform",
        "instagram",
        "--email",
        ANNA,
        "--country",
        "fr",
        "--submitted",
        "2026-11-20",
        "--label",
        "mine",
        "--reason",
        "because",
    ]);
    let expected = json!({
        "id": 1, "platform": "instagram", "email": ANNA, "country": "FR", "label": "mine", "state": "submitted",
        "pending": true, "submitted_at": "2026-11-20T00:00:00Z", "due_on": "2026-12-21", "extended_due_on": null,
        "overdue": false, "case_number": null, "turn": "you", "next": "look_for_mail", "next_on": "2026-11-20",
        "code": null, "updated_at": "2026-11-24T12:00:00Z", "paused_due_on": null, "paused_since": null,
    });
    assert_eq!(added, expected);
    assert_eq!(tracker.json(&["list"]), json!([expected]));
    let mut shown = tracker.json(&["show", "1"]);
    let events = shown["events"].take();
    assert_eq!(
        events,
        json!([{
            "id": 1, "at": "2026-11-20T00:00:00Z", "kind": "submitted", "state": "submitted", "cause": "user",
            "mail": null, "note": null, "undoes": null, "question": null,
        }])
    );
    assert_eq!(shown["mails"], json!([]));
}

#[test]
fn what_can_t_be_recorded_is_said_with_its_remedy() {
    let tracker = Tracker::new();
    let add = |args: &[&str]| tracker.run(&[&["add", "--platform", "facebook", "--email"], args].concat());
    assert_eq!(add(&["anna"]), refused(2, "`anna` is not a mail address; write it as name@domain"));
    assert_eq!(
        add(&[ANNA, "--country", "Germany"]),
        refused(2, "`Germany` is not a country code; use two letters, such as DE")
    );
    let times = "write a date such as 2026-11-24 or 24.11.2026, a time such as 2026-11-24 14:30, or `2 days ago`";
    for (submitted, wrong) in [
        ("soon", "is neither a time nor a date"),
        ("", "is empty"),
        ("3/4/2026", "may be two days, for countries differ in what comes first"),
        ("2026-11-25", "is in the future"),
    ] {
        let what = format!("`submitted`: `{submitted}` {wrong}; {times}");
        assert_eq!(add(&[ANNA, "--submitted", submitted]), refused(2, &what));
    }
    assert_eq!(tracker.json(&["list"]), json!([]));
    assert_eq!(tracker.run(&["show", "7"]), refused(1, "no objection 7; `tracker list` shows those there are"));
}

#[test]
fn a_time_is_written_as_people_of_the_country_write_it() {
    let tracker = Tracker::new();
    for (country, when, at) in [
        ("DE", "3/4/2026", "2026-04-03T00:00:00Z"),
        ("DE", "20.11.2026 14:30", "2026-11-20T14:30:00Z"),
        ("US", "3/4/2026", "2026-03-04T00:00:00Z"),
        ("FR", "yesterday", "2026-11-23T00:00:00Z"),
    ] {
        let added = tracker.json(&[
            "-q",
            "add",
            "--platform",
            "facebook",
            "--email",
            ANNA,
            "--country",
            country,
            "--submitted",
            when,
        ]);
        assert_eq!(added["submitted_at"], at, "{when}");
    }
    tracker.ok(&["mark", "1", "acknowledged", "--on", "4/4/2026"]);
    tracker.ok(&["mark", "1", "refused", "--on", "5/4/2026"]);
    assert_eq!(tracker.json(&["show", "1"])["events"][2]["at"], "2026-04-05T00:00:00Z");
    assert_eq!(tracker.run(&["mark", "1", "refused", "--on", ""]).status, 2);
}

#[test]
fn many_are_recorded_from_a_file_all_or_none() {
    let tracker = Tracker::new();
    let rows =
        "platform,email,country,submitted\nfacebook,anna@example.org,DE,2026-11-20\n\"meta\",ben@example.org,,\n";
    tracker.file("members.csv", rows);
    assert_eq!(tracker.ok(&["add", "--from", "members.csv"]), "1\n2\n");
    tracker.file("bad.csv", format!("{rows}facebook,nobody,,\nfacebook,c@example.org,DE\nmyspace,c@example.org,,\n"));
    let run = tracker.run(&["add", "--from", "bad.csv"]);
    let faults = "`bad.csv`: line 4: `nobody` is not a mail address; write it as name@domain\n  \
                  line 5: it has 3 fields, the header has 4\n  \
                  line 6: unknown platform `myspace`: use facebook, instagram, threads, whatsapp or meta; \
                  nothing was recorded, mend it and run again";
    assert_eq!(run, refused(2, faults));
    assert_eq!(tracker.states().len(), 2);
}

#[test]
fn what_may_not_have_been_meant_is_said_on_no_terminal_too() {
    let tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"localhost\"\npassword_env = \"X\"\n");
    let add = |email: &str| tracker.run(&["add", "--platform", "facebook", "--email", email]);
    assert_eq!(add(ANNA), Run { status: 0, stdout: "1\n".to_owned(), stderr: String::new() });
    let twice = "tracker: objection 1 is pending for facebook and anna@example.org too, and an answer that fits both is held; \
                 if it is the same one: tracker forget 2\n";
    assert_eq!(add(ANNA), Run { status: 0, stdout: "2\n".to_owned(), stderr: twice.to_owned() });
    let unread = "tracker: no account is that of ben@example.org: its mail is found only if it is delivered to one that is \
                  configured; add it with tracker setup --email ben@example.org\n";
    assert_eq!(add("ben@example.org"), Run { status: 0, stdout: "3\n".to_owned(), stderr: unread.to_owned() });
    let quiet = ["add", "--quiet", "--platform", "threads", "--email", "ben@example.org"];
    assert_eq!(tracker.ok(&quiet), "4\n");
}

#[test]
fn marks_move_a_state_and_undo_takes_them_back() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert_eq!(
        tracker.ok(&["mark", "1", "verified"]),
        "objection 1: verified; next: wait: answers take minutes to a day; overdue after 2026-12-24\n"
    );
    let told = "objection 1: refused; next: if you do not agree, complain to your supervisory authority: tracker draft complaint \
                1\n";
    assert_eq!(tracker.ok(&["mark", "1", "refused", "--note", "by post"]), told);
    assert_eq!(
        tracker.run(&["mark", "1", "verified"]),
        refused(1, "objection 1 is `refused`, which is final; `tracker undo 1` takes back a mark")
    );
    assert_eq!(tracker.ok(&["undo", "1"]), "objection 1: took back `refused`; verified\n");
    assert_eq!(tracker.ok(&["undo", "1"]), "objection 1: took back `verified`; submitted\n");
    assert_eq!(tracker.run(&["undo", "1"]), refused(1, "objection 1: you decided nothing that could be taken back"));
    let shown = tracker.ok(&["show", "1"]);
    let timeline: Vec<&str> = shown.lines().skip_while(|line| *line != "Timeline").skip(1).collect();
    assert_eq!(
        timeline,
        [
            "  2026-11-24 11:50  submitted          → submitted     (you)",
            "  2026-11-24 12:00  verified           → verified      (you)",
            "  2026-11-24 12:00  refused            → refused       (you): by post",
            "  2026-11-24 12:00  took back `refused` of 2026-11-24 12:00 → verified      (you)",
            "  2026-11-24 12:00  took back `verified` of 2026-11-24 12:00 → submitted     (you)",
        ]
    );
    assert_eq!(tracker.run(&["mark", "1", "happy"]).status, 2);
}

#[test]
fn an_extension_moves_the_due_date_to_three_months() {
    let mut tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    // The reading by which the month begins a day later ends on Christmas Day, so on Monday the 28th.
    tracker.at("2026-12-29T12:00:00Z");
    let listed = |tracker: &Tracker| tracker.json(&["list", "--overdue"]);
    assert_eq!(listed(&tracker)[0]["next"], "complain");
    tracker.ok(&["mark", "1", "extended"]);
    assert_eq!(listed(&tracker), json!([]));
    let all = tracker.json(&["list"]);
    assert_eq!((&all[0]["due_on"], &all[0]["extended_due_on"]), (&json!("2026-12-24"), &json!("2027-02-24")));
}

#[test]
fn the_list_can_be_narrowed() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z").add("instagram", ANNA, "2026-11-24T11:50:00Z").add(
        "facebook",
        "ben@example.org",
        "2026-10-01",
    );
    tracker.ok(&["mark", "2", "accepted"]);
    let ids = |args: &[&str]| -> Vec<i64> {
        let list = tracker.json(&[&["list"], args].concat());
        list.as_array().expect("an array").iter().map(|o| o["id"].as_i64().expect("a number")).collect()
    };
    assert_eq!(ids(&[]), [3, 1, 2], "what needs the user comes first");
    assert_eq!(ids(&["--pending"]), [3, 1]);
    assert_eq!(ids(&["--overdue"]), [3]);
    assert_eq!(ids(&["--state", "accepted", "--state", "refused"]), [2]);
    assert_eq!(ids(&["--platform", "facebook", "--email", "ANNA@example.org"]), [1]);
    assert_eq!(
        tracker.run(&["list", "--platform", "threads"]),
        refused(0, "no objection matches; `tracker list` shows all")
    );
    let csv = tracker.ok(&["list", "--csv", "--state", "accepted"]);
    assert_eq!(csv.lines().count(), 2, "{csv}");
}

#[test]
fn a_code_is_the_newest_that_can_be_used() {
    let mut tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"localhost\"\npassword_env = \"X\"\nauthserv_ids = [\"mx.example.org\"]\n");
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let none = "no usable code: none came; run tracker check, or ask for a new one in the form";
    assert_eq!(tracker.run(&["code"]), refused(1, none));
    for (digits, at) in [("271828", "2026-11-24T11:52:00Z"), ("314159", "2026-11-24T11:55:00Z")] {
        tracker.run_with(&["ingest", "-"], mails::code(ANNA, digits, at).raw().as_bytes());
    }
    assert_eq!(tracker.ok(&["code"]), "314159\n");
    let expected = json!({
        "objection": 1, "code": "314159", "received_at": "2026-11-24T11:55:00Z",
        "expires_at": "2026-11-25T11:55:00Z", "mail": 2,
    });
    assert_eq!(tracker.json(&["code", "1"]), expected);
    tracker.at("2026-11-25T11:55:00Z");
    let expired = "no usable code for objection 1: it expired at 2026-11-25 11:55; run tracker check, or ask for a new one in the form";
    assert_eq!(tracker.run(&["code", "1"]), refused(1, expired));
    tracker.at("2026-11-24T12:00:00Z").ok(&["mark", "1", "verified"]);
    let used = "no usable code for objection 1: it was used; run tracker check, or ask for a new one in the form";
    assert_eq!(tracker.run(&["code", "1"]), refused(1, used));
    let dump = tracker.dump();
    assert!(!dump.iter().any(|row| row.starts_with("code ") && row.contains("314159")), "{dump:?}");
    tracker.ok(&["undo", "1"]);
    assert_eq!(tracker.ok(&["code"]), "314159\n", "the mark was a mistake");
}
