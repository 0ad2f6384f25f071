//! Many objections: labels, several people's addresses, filters, sorting, and a CSV file that is taken as a whole.

use crate::support::Tracker;

fn several() -> Tracker {
    let mut tracker = Tracker::new();
    tracker.file(
        "members.csv",
        "platform,email,country,submitted,label\n\
         facebook,zoe@example.org,DE,2026-11-20T10:00:00Z,choir\n\
         instagram,anna@example.org,DE,2026-10-01T10:00:00Z,choir\n\
         whatsapp,Anna@Example.org,FR,2026-11-01T10:00:00Z,\n\
         facebook,ben@example.org,GB,2026-11-24T10:00:00Z,band\n",
    );
    tracker.ok(&["add", "--from", "members.csv"]);
    tracker.ok(&["mark", "3", "accepted"]);
    tracker.at("2026-11-24T12:00:00Z");
    tracker
}

fn ids(tracker: &Tracker, args: &[&str]) -> Vec<i64> {
    let listed = tracker.json(&[&["list"], args].concat());
    listed.as_array().expect("an array").iter().map(|o| o["id"].as_i64().expect("a number")).collect()
}

#[test]
fn a_list_is_filtered() {
    let tracker = several();
    assert_eq!(ids(&tracker, &[]), [2, 1, 4, 3]);
    assert_eq!(ids(&tracker, &["--pending"]), [2, 1, 4]);
    assert_eq!(ids(&tracker, &["--overdue"]), [2]);
    assert_eq!(ids(&tracker, &["--state", "accepted", "--state", "submitted", "--platform", "facebook"]), [1, 4]);
    assert_eq!(ids(&tracker, &["--email", "anna@example.org"]), [2, 3]);
    assert_eq!(ids(&tracker, &["--label", "choir"]), [2, 1]);
    assert_eq!(ids(&tracker, &["--label", "Choir"]), [] as [i64; 0]);
}

#[test]
fn a_list_is_sorted() {
    let tracker = several();
    for (key, expected) in [
        ("next", [2, 1, 4, 3]),
        ("id", [1, 2, 3, 4]),
        ("due", [2, 3, 1, 4]),
        ("submitted", [2, 3, 1, 4]),
        ("platform", [1, 4, 2, 3]),
        ("email", [2, 3, 4, 1]),
        ("state", [1, 2, 4, 3]),
        ("label", [4, 1, 2, 3]),
    ] {
        assert_eq!(ids(&tracker, &["--sort", key]), expected, "{key}");
    }
}

#[test]
fn a_faulty_line_is_named_and_then_nothing_is_recorded() {
    let tracker = Tracker::new();
    tracker.file(
        "members.csv",
        "platform,email,submitted\nfacebook,anna@example.org,2026-11-20\nmyspace,b@example.org,\n\
         facebook,nobody,\ninstagram,c@example.org,2027-01-01\n",
    );
    let run = tracker.run(&["add", "--from", "members.csv"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    let faults: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(faults.len(), 3, "{}", run.stderr);
    for (fault, line) in
        faults.iter().zip(["line 3: unknown platform `myspace`", "line 4: `nobody`", "line 5: `submitted`"])
    {
        assert!(fault.contains(line), "{}", run.stderr);
    }
    assert_eq!(tracker.json(&["list"]), serde_json::json!([]));
}
