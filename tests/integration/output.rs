//! Data that can't be written is a failure, whatever the command. A pipe that nobody reads any more is none.

use std::fs::File;
use std::process::Stdio;

use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";

/// A command line for each verb that has something to print, the ones that change something last.
const LINES: &[&str] = &[
    "--help",
    "--version",
    "held show --help",
    "list",
    "list --json",
    "list --csv",
    "show 1",
    "code",
    "held",
    "held show 2",
    "explain 2",
    "explain 2 --redact",
    "guide",
    "guide facebook",
    "draft reason",
    "draft reminder 2",
    "draft complaint 2 --land BE",
    "report",
    "report -o a.html",
    "export",
    "export --format csv",
    "export --format ics",
    "dossier 1 -o a.zip",
    "backup a.db",
    "doctor",
    "schedule --print --with cron",
    "completions bash",
    "man",
    "man --directory .",
    "demo",
    "check --dry-run --json",
    "recheck --json",
    "ingest 1.eml --json",
    "add --platform threads --email anna@example.org",
    "mark 1 verified",
    "undo 1",
    "held dismiss 3",
    "forget 3 --yes",
    "setup --email anna@example.net --maildir Maildir",
];

/// One objection with a code, one that is overdue, and mails that are held.
fn tracker() -> Tracker {
    let tracker = Tracker::new();
    tracker.config(
        "[accounts.home]\nemail = \"anna@example.org\"\nmaildir = \"../../Maildir\"\nauthserv_ids = [\"mx.example.org\"]\n[dkim]\nverify = false\n",
    );
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z").add("instagram", ANNA, "2026-10-01");
    let code = mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw();
    tracker.file("1.eml", &code);
    tracker.file("Maildir/new/1", &code);
    tracker.file("Maildir/cur/nothing", "");
    for minute in 53..56 {
        let at = format!("2026-11-24T11:{minute}:00Z");
        tracker.file(&format!("Maildir/new/{minute}"), mails::acceptance(ANNA, &at).forged().raw());
    }
    let run = tracker.run(&["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    tracker
}

#[test]
fn data_that_can_t_be_written_is_a_failure() {
    let tracker = tracker();
    for line in LINES {
        let full = File::options().write(true).open("/dev/full").expect("a device");
        let output = tracker
            .command(&line.split(' ').collect::<Vec<_>>())
            .stdout(full)
            .stdin(Stdio::null())
            .output()
            .expect("it ends");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(stderr.contains("standard output: No space left on device"), "{line}: {stderr}");
        assert_eq!(output.status.code(), Some(3), "{line}: {stderr}");
    }
}

#[test]
fn a_pipe_that_nobody_reads_any_more_is_no_failure() {
    let tracker = tracker();
    for line in LINES {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = tracker
            .command(&line.split(' ').collect::<Vec<_>>())
            .stdout(writer)
            .stdin(Stdio::null())
            .output()
            .expect("it ends");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(!stderr.contains("standard output"), "{line}: {stderr}");
        assert_eq!(output.status.code(), Some(0), "{line}: {stderr}");
    }
}

#[test]
fn news_that_nobody_read_is_told_by_the_next_check() {
    let tracker = tracker();
    tracker.file("Maildir/new/9", mails::acceptance(ANNA, "2026-11-24T11:59:00Z").raw());
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = tracker.command(&["check"]).stdout(writer).output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    assert_eq!(tracker.ok(&["check"]).lines().count(), 1);
    assert_eq!(tracker.ok(&["check"]), "");
}
