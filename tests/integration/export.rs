//! What is recorded, for other programs.

use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";

fn recorded() -> Tracker {
    let tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"127.0.0.1\"\npassword_command = \"x\"\nauthserv_ids = [\"mx.example.org\"]\n");
    let add =
        ["add", "--platform", "facebook", "--email", ANNA, "--country", "DE", "--submitted", "2026-11-24T11:50:00Z"];
    tracker.ok(&[&add[..], &["--label", "=HYPERLINK(\"http://x\")", "--reason=-1+1"]].concat());
    tracker.add("instagram", "+ben@example.org", "2026-11-01T10:00:00Z");
    tracker.file("code.eml", mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw());
    tracker.file("forged.eml", mails::acceptance(ANNA, "2026-11-24T11:53:00Z").forged().raw());
    tracker.ok(&["ingest", "code.eml", "forged.eml"]);
    tracker.ok(&["mark", "2", "accepted"]);
    tracker
}

#[test]
fn json_holds_everything_with_the_mails_as_they_came() {
    let tracker = recorded();
    let all = tracker.json(&["export"]);
    assert_eq!(all["exported_at"], "2026-11-24T12:00:00Z");
    let (objections, others) = (all["objections"].as_array().expect("an array"), &all["other_mails"]);
    assert_eq!((objections.len(), &objections[0]["id"], &objections[1]["id"]), (2, &1.into(), &2.into()));
    assert_eq!(objections[0]["events"].as_array().map(Vec::len), Some(2));
    assert_eq!(others[0]["held_reason"], "sender_failed");
    let raw = mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw();
    tracker.file("raw.b64", objections[0]["mails"][0]["raw_base64"].as_str().expect("Base64"));
    let decoded =
        std::process::Command::new("base64").arg("-d").arg(tracker.home().join("raw.b64")).output().expect("runs");
    assert_eq!(String::from_utf8(decoded.stdout).expect("UTF-8"), raw);
    // The digits are in the mail that brought them, and nowhere else.
    assert!(!objections[0]["code"].to_string().contains("271828"));
    assert_eq!(tracker.ok(&["export"]), tracker.ok(&["export", "--format", "json"]));
}

#[test]
fn csv_is_safe_to_open_in_a_spreadsheet() {
    let tracker = recorded();
    let csv = tracker.ok(&["export", "--format", "csv"]);
    let expected = "id,platform,email,country,label,state,submitted_at,due_on,overdue,case_number,turn,next,next_on,\
                    extended_due_on,paused_due_on,form_url,reason,updated_at\n\
                    1,facebook,anna@example.org,DE,\"'=HYPERLINK(\"\"http://x\"\")\",code_received,2026-11-24T11:50:00Z,\
                    2026-12-24,false,,you,enter_code,2026-11-25,,,,'-1+1,2026-11-24T12:00:00Z\n\
                    2,instagram,'+ben@example.org,DE,,accepted,2026-11-01T10:00:00Z,2026-12-01,false,,nobody,none,,,,,,\
                    2026-11-24T12:00:00Z\n";
    assert_eq!(csv, expected);
    assert_eq!(tracker.run(&["list", "--csv"]).stdout, csv);
}

#[test]
fn ics_has_a_due_date_and_an_alarm_for_each_pending_objection() {
    let tracker = recorded();
    let calendar = tracker.ok(&["export", "--format", "ics"]);
    assert!(calendar.lines().all(|line| line.len() <= 75), "RFC 5545 §3.1");
    assert_eq!(calendar.matches("\r\n").count(), calendar.matches('\n').count());
    let unfolded = calendar.replace("\r\n ", "").replace("\r\n", "\n");
    let uid = unfolded.lines().find_map(|line| line.strip_prefix("UID:")).expect("a UID").to_owned();
    let expected = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tracker//{}//EN\nCALSCALE:GREGORIAN\nBEGIN:VEVENT\n\
         DESCRIPTION:State: code_received. Next: enter the code: tracker code 1 (good until 2026-11-25 11:52\\, assumed)\n\
         DTSTAMP:20261124T120000Z\nDTSTART;VALUE=DATE:20261224\n\
         SUMMARY:Answer due: objection 1 (facebook\\, anna@example.org)\nTRANSP:TRANSPARENT\nUID:{uid}\n\
         BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Answer due: objection 1 (facebook\\, anna@example.org)\n\
         DTSTAMP:20261124T120000Z\nTRIGGER;RELATED=START:PT32400S\nUID:alarm-{uid}\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(unfolded, expected);
    assert_eq!(tracker.ok(&["export", "--format", "ics"]), calendar, "the same again, so that a calendar knows it");
}

#[test]
fn one_document_has_one_format() {
    let run = recorded().run(&["export", "--format", "ics", "--json"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
}

#[test]
fn the_report_shows_all_objections_and_replaces_an_older_one() {
    let tracker = recorded();
    let page = tracker.ok(&["report"]);
    assert!(page.contains("anna@example.org") && page.contains("&#39;") || page.contains("+ben@example.org"));
    assert!(page.contains("=HYPERLINK(&#34;http://x&#34;)"), "{page}");
    for _ in 0..2 {
        assert_eq!(tracker.ok(&["report", "-o", "all.html"]), "all.html\n");
    }
    let file = tracker.home().join("all.html");
    assert_eq!((std::fs::read_to_string(&file).expect("a page"), Tracker::mode(&file)), (page, 0o600));
}
