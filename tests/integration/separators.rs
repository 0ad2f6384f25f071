//! Mboxes of any program: every mail in them is found.

use crate::support::{Tracker, mails};

#[test]
fn a_mail_behind_another_program_s_separator_is_found() {
    let anna = "anna@example.org";
    let at = "2026-11-24T11:55:00Z";
    let (first, second) = (mails::newsletter(anna, at).raw(), mails::acceptance(anna, at).raw());
    for (separator, between) in [
        ("From a@b.example", "\n"),
        ("From a@b.example 2026-11-24", "\n"),
        ("From a@b.example Tue Nov 24 8:12:00 2026", "\n"),
        ("From a@b.example Tue Nov 24 08:12:00 2026", ""),
    ] {
        let tracker = Tracker::new();
        tracker.add("facebook", anna, "2026-11-24T11:50:00Z");
        tracker.file("inbox.mbox", format!("{separator}\n{first}{between}{separator}\n{second}"));
        let text = tracker.ok(&["ingest", "inbox.mbox"]);
        assert_eq!(text.lines().count(), 1, "{separator}: {text}");
    }
}
