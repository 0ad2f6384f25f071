//! The law of the United Kingdom beside that of the Union: each date before and after the law changed, questions about
//! identity and others, and where a complaint goes.

use serde_json::{Value, json};

use crate::support::Tracker;

const ANNA: &str = "anna@example.org";

/// Country, day of submission, question; the due date, and the later one.
type Moved = (&'static str, &'static str, &'static [&'static str], &'static str, Option<&'static str>);

/// An objection that was submitted on a day.
fn objection(country: &str, submitted: &str) -> Tracker {
    let mut tracker = Tracker::new();
    let at = format!("{submitted}T12:00:00Z");
    let add = ["add", "--platform", "facebook", "--email", ANNA, "--country", country, "--submitted", &at];
    tracker.at(&at).ok(&add);
    tracker
}

/// One that the controller asked for information on the one day and got it on the other.
fn asked(country: &str, submitted: &str, question: &[&str], (from, to): (&str, &str)) -> Tracker {
    let mut tracker = objection(country, submitted);
    tracker.at(&format!("{to}T13:00:00Z"));
    tracker.ok(&[&["mark", "1", "needs_info", "--on", &format!("{from}T12:00:00Z")], question].concat());
    tracker.ok(&["mark", "1", "sent", "--on", &format!("{to}T12:00:00Z")]);
    tracker
}

fn dates(tracker: &Tracker) -> (Value, Value) {
    let o = tracker.json(&["show", "1"]);
    (o["due_on"].clone(), o["paused_due_on"].clone())
}

fn deadline(tracker: &Tracker) -> String {
    let o = tracker.json(&["show", "1"]);
    o["deadline"].as_array().expect("steps").iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
}

fn next(tracker: &Tracker) -> String {
    let o = tracker.json(&["show", "1"]);
    let word = |name: &str| o[name].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", word("turn"), word("next"), word("next_on"))
}

#[test]
fn a_month_ends_as_the_law_of_its_day_and_place_has_it() {
    let table = [
        // The Union, and the Kingdom on both sides of each change.
        ("DE", "2026-02-04", "2026-03-04"),
        ("GB", "2026-02-04", "2026-03-04"),
        ("GB", "2026-02-05", "2026-03-05"),
        ("GB", "2026-06-18", "2026-07-20"),
        ("GB", "2026-06-19", "2026-07-20"),
        // 29 February.
        ("DE", "2028-01-29", "2028-02-29"),
        ("GB", "2028-01-31", "2028-02-29"),
        ("GB", "2028-02-29", "2028-03-29"),
        ("GB", "2027-01-29", "2027-03-01"),
        // The last Monday of August is a holiday in England, the last one of October in Ireland.
        ("GB", "2026-07-31", "2026-09-01"),
        ("DE", "2026-07-31", "2026-08-31"),
        ("GB", "2026-09-26", "2026-10-26"),
        ("DE", "2026-09-26", "2026-10-27"),
    ];
    for (country, submitted, due) in table {
        assert_eq!(dates(&objection(country, submitted)), (due.into(), Value::Null), "{country} {submitted}");
    }
}

#[test]
fn a_question_moves_the_month_as_the_law_of_its_day_and_place_has_it() {
    let days = ("2026-02-10", "2026-02-20");
    let table: [Moved; 8] = [
        // In the Union the time stands still, whatever is asked.
        ("DE", "2026-02-05", &["--identity"], "2026-03-05", Some("2026-03-16")),
        ("DE", "2026-02-05", &[], "2026-03-05", Some("2026-03-16")),
        // So it did in the Kingdom until 4 February 2026.
        ("GB", "2026-02-04", &["--identity"], "2026-03-04", Some("2026-03-16")),
        ("GB", "2026-02-04", &[], "2026-03-04", Some("2026-03-16")),
        // Since then it begins anew with proof of identity, and any other question stops nothing.
        ("GB", "2026-02-05", &["--identity"], "2026-03-05", Some("2026-03-20")),
        ("GB", "2026-02-05", &[], "2026-03-05", Some("2026-03-20")),
        ("GB", "2026-02-05", &["--clarification"], "2026-03-05", None),
        ("UK", "2026-02-05", &["--identity"], "2026-03-05", Some("2026-03-20")),
    ];
    for (country, submitted, question, due, later) in table {
        let tracker = asked(country, submitted, question, days);
        assert_eq!(dates(&tracker), (due.into(), json!(later)), "{country} {submitted} {question:?}");
    }
    // Into 29 February.
    let leap = asked("GB", "2028-01-20", &["--identity"], ("2028-01-24", "2028-01-31"));
    assert_eq!(dates(&leap), ("2028-02-21".into(), "2028-02-29".into()));
}

#[test]
fn nothing_is_offered_before_the_later_reading() {
    let mut tracker = asked("GB", "2026-07-01", &[], ("2026-07-20", "2026-07-28"));
    assert_eq!(dates(&tracker), ("2026-08-03".into(), "2026-08-28".into()));
    tracker.at("2026-08-20T12:00:00Z");
    assert_eq!(tracker.json(&["show", "1"])["overdue"], false);
    for kind in ["reminder", "complaint"] {
        assert_eq!(tracker.run(&["draft", kind, "1"]).status, 1, "{kind}");
    }
    tracker.at("2026-08-29T12:00:00Z");
    assert_eq!(next(&tracker), "you remind 2026-08-29");
    assert_eq!(tracker.run(&["draft", "reminder", "1"]).status, 0);
    // The rival reading ends on a Saturday, so on Tuesday after the bank holiday.
    assert_eq!(tracker.run(&["draft", "complaint", "1"]).status, 1);
    assert_eq!(tracker.at("2026-09-02T12:00:00Z").run(&["draft", "complaint", "1"]).status, 0);
    // While the answer is outstanding, the month has not even begun.
    let mut asked = objection("GB", "2026-07-01");
    asked.at("2026-07-20T12:00:00Z").ok(&["mark", "1", "needs_info", "--identity"]);
    let early = asked.at("2026-12-01T12:00:00Z").run(&["draft", "complaint", "1"]);
    assert!(early.stderr.contains("information was asked for on 2026-07-20"), "{}", early.stderr);
}

#[test]
fn show_says_which_law_it_is() {
    let days = ("2026-02-10", "2026-02-20");
    let old = deadline(&asked("GB", "2026-02-04", &["--identity"], days));
    assert!(old.contains("submitted before 2026-02-05, when UK GDPR Art. 12A came into force"), "{old}");
    assert!(old.contains("should the time stand still meanwhile, the answer is due on 2026-03-16 (Mon)"), "{old}");
    let known = deadline(&asked("GB", "2026-02-05", &["--identity"], days));
    let restart = "it is about who you are, so the month begins when it arrived, the answer is due on 2026-03-20 (Fri)";
    assert!(known.contains(restart) && known.contains("UK GDPR Art. 12A, as reported"), "{known}");
    let unknown = deadline(&asked("GB", "2026-02-05", &[], days));
    assert!(unknown.contains("should it be about who you are, the month begins when it arrived"), "{unknown}");
    let other = deadline(&asked("GB", "2026-02-05", &["--clarification"], days));
    assert!(other.contains("what was asked for is not about who you are, so the time runs on"), "{other}");
    let mut tracker = objection("GB", "2026-06-18");
    assert!(!deadline(&tracker).contains("s. 164A"));
    let now = deadline(tracker.at("2026-06-19T12:00:00Z"));
    assert!(now.contains("goes to the controller first (DPA 2018 s. 164A, since 2026-06-19"), "{now}");
    let law = tracker.json(&["show", "1"])["law"].clone();
    let articles: Vec<&str> = law.as_array().expect("rules").iter().filter_map(|r| r["article"].as_str()).collect();
    let expected =
        ["UK GDPR Art. 12(3) and 12A", "UK GDPR Art. 12A", "the ICO's rule", "DPA 2018 s. 164A", "DPA 2018 s. 165"];
    assert_eq!(articles, expected);
    assert_eq!((&law[1]["certainty"], &law[4]["certainty"]), (&"reported".into(), &"read".into()));
}

#[test]
fn a_complaint_goes_where_the_law_of_the_day_has_it() {
    let mut tracker = objection("GB", "2026-05-15");
    tracker.at("2026-06-18T12:00:00Z");
    assert_eq!(next(&tracker), "you complain 2026-06-17");
    let old = tracker.run(&["draft", "complaint", "1"]).stdout;
    assert!(old.contains("Complaint under Article 77 UK GDPR") && !old.contains("165"), "{old}");
    // From the next day on the controller comes first, and has thirty days to confirm.
    tracker.at("2026-06-19T12:00:00Z");
    assert_eq!(next(&tracker), "you remind 2026-06-16");
    let reminder = tracker.run(&["draft", "reminder", "1"]).stdout;
    assert!(reminder.contains("a complaint under section 164A of the Data Protection Act 2018"), "{reminder}");
    let early = tracker.run(&["draft", "complaint", "1"]);
    assert!(early.stderr.contains("the regulator expects a complaint to Meta first (DPA 2018 s. 164A)"));
    assert!(early.stdout.contains("section 165") && !early.stdout.contains("Article 77"), "{}", early.stdout);
    let told = tracker.ok(&["mark", "1", "complained"]);
    assert_eq!(
        told,
        "objection 1: submitted; next: wait: Meta must confirm by 2026-07-20 that it has your complaint\n"
    );
    assert_eq!(next(tracker.at("2026-07-20T12:00:00Z")), "controller wait 2026-07-20");
    assert_eq!(next(tracker.at("2026-07-21T12:00:00Z")), "you complain 2026-07-21");
    let then = tracker.run(&["draft", "complaint", "1"]).stdout;
    assert!(then.contains("On 19 June 2026 I sent the controller a complaint about this matter"), "{then}");
    tracker.ok(&["mark", "1", "complained"]);
    assert_eq!(next(&tracker), "controller wait -");
    // A complaint before that day went to the authority.
    let mut before = objection("GB", "2026-05-15");
    before.at("2026-06-18T12:00:00Z").ok(&["mark", "1", "complained"]);
    assert_eq!(next(before.at("2026-08-01T12:00:00Z")), "controller wait -");
}

#[test]
fn in_the_union_a_complaint_goes_to_the_authority() {
    let mut tracker = objection("DE", "2026-05-15");
    tracker.at("2026-06-20T12:00:00Z");
    assert_eq!(next(&tracker), "you complain 2026-06-17");
    let told = tracker.ok(&["mark", "1", "complained", "--on", "2026-06-18T12:00:00Z"]);
    let wait = "wait: the authority must tell you of progress by 2026-09-18 (GDPR Art. 78(2))";
    assert_eq!(told, format!("objection 1: submitted; next: {wait}\n"));
    tracker.ok(&["undo", "1"]);
    assert_eq!(next(&tracker), "you complain 2026-06-17");
}

#[test]
fn an_answer_needs_a_question() {
    let mut tracker = objection("GB", "2026-05-15");
    let refused = |tracker: &Tracker, args: &[&str], status: i32, why: &str| {
        let run = tracker.run(&[&["mark", "1"], args].concat());
        assert_eq!((run.status, run.stdout.as_str()), (status, ""));
        assert!(run.stderr.contains(why), "{}", run.stderr);
    };
    refused(&tracker, &["sent"], 1, "nothing was asked for; if it was: tracker mark 1 needs_info");
    refused(&tracker, &["verified", "--identity"], 2, "use them with `needs_info`");
    refused(&tracker, &["needs_info", "--identity", "--clarification"], 2, "cannot be used with");
    tracker.at("2026-05-20T12:00:00Z").ok(&["mark", "1", "needs_info", "--identity"]);
    refused(&tracker, &["sent", "--on", "2026-05-19T12:00:00Z"], 1, "`--on` is before the question");
    assert_eq!(tracker.json(&["show", "1"])["events"][1]["question"], "identity");
}
