//! `code --wait` and `watch`: what arrives is told the moment it is there.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::support::dovecot::Dovecot;
use crate::support::peer::{Answer, Peer};
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const AT: &str = "2026-11-24T11:55:00Z";

/// A command that goes on running.
struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
}

impl Running {
    fn start(tracker: &Tracker, args: &[&str]) -> Self {
        let mut child =
            tracker.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        Self { child, stdout, stderr }
    }

    /// Reads what it says about its doings until something was said.
    fn until(&mut self, said: &str) {
        let mut line = String::new();
        while !line.contains(said) {
            line.clear();
            assert!(self.stderr.read_line(&mut line).expect("UTF-8") > 0, "it ended before it said `{said}`");
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("UTF-8");
        line
    }

    fn terminate(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
        self.child.wait().expect("it ends").code()
    }
}

fn connected(dovecot: &Dovecot) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&(dovecot.account("home", ANNA) + "[dkim]\nverify = false\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker
}

#[test]
fn a_code_that_is_waited_for_is_printed_when_it_comes() {
    let dovecot = Dovecot::start();
    let tracker = connected(&dovecot);
    let mut waiting = Running::start(&tracker, &["-vv", "code", "1", "--wait=60"]);
    waiting.until("read to the end");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", AT).raw(), AT);
    let mut rest = String::new();
    waiting.stdout.read_to_string(&mut rest).expect("UTF-8");
    assert_eq!(rest, "271828\n");
    waiting.until("submitted → code_received");
    assert_eq!(waiting.child.wait().expect("it ends").code(), Some(0));
    assert_eq!(tracker.ok(&["code", "1", "--wait"]), "271828\n", "one that is there is not waited for");
}

#[test]
fn a_code_that_does_not_come_is_told_with_where_to_look() {
    let dovecot = Dovecot::start();
    let tracker = connected(&dovecot);
    dovecot.deliver(ANNA, "INBOX", &mails::newsletter(ANNA, AT).raw(), AT);
    let run = tracker.run(&["code", "--wait=1"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert_eq!(
        run.stderr,
        "tracker: no code came within 1 s; look at `tracker held`, and for a mail in other folders than those that `tracker doctor` \
         names, or ask for a new one in the form\n"
    );
    assert_eq!(
        tracker.run(&["code", "7", "--wait=1"]).stderr,
        "tracker: no objection 7; `tracker list` shows those there are\n"
    );
    assert_eq!(
        tracker.run(&["code", "--wait", "60"]).stderr,
        "tracker: no objection 60; for 60 seconds write --wait=60\n"
    );
    assert_eq!(tracker.run(&["code", "--wait=0"]).status, 2);
}

#[test]
fn a_proven_code_that_is_held_ends_the_waiting_and_a_forged_one_does_not() {
    let dovecot = Dovecot::start();
    let tracker = connected(&dovecot);
    let mut waiting = Running::start(&tracker, &["-vv", "code", "--wait=60"]);
    waiting.until("read to the end");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", AT).forged().raw(), AT);
    waiting.until("a code came and is held (sender_failed), for it is not certain that it is Meta's and yours; look at it: tracker held show 1");
    // To another address: it is Meta's, but not known to be yours.
    dovecot.deliver(ANNA, "INBOX", &mails::code("ben@example.org", "314159", AT).id("ben").raw(), AT);
    waiting.until("a code came and is held (wrong_recipient)");
    assert_eq!(waiting.child.wait().expect("it ends").code(), Some(1));
    assert_eq!(waiting.line(), "");
    let run = tracker.run(&["code"]);
    assert!(run.stderr.contains("no usable code: one came and is held: tracker held"), "{}", run.stderr);
}

#[test]
fn a_code_that_was_held_before_ends_no_waiting() {
    let dovecot = Dovecot::start();
    let tracker = connected(&dovecot);
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "999999", AT).forged().id("forged").raw(), AT);
    assert!(tracker.ok(&["check"]).starts_with("mail 1 held (sender_failed)"));
    let mut waiting = Running::start(&tracker, &["-vv", "code", "--wait=60"]);
    waiting.until("a code came and is held (sender_failed)");
    waiting.until("read to the end");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", AT).raw(), AT);
    assert_eq!(waiting.line(), "271828\n");
    assert_eq!(waiting.child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn nobody_waits_where_no_account_lets_us_in() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA).replace("echo correct-horse", "echo wrong-horse"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let run = tracker.run(&["code", "--wait=86400"]);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    let why = "check user and password. It is not tried any more; mend it, and start again\n";
    assert!(run.stderr.contains(why) && !run.stderr.contains("no code came"), "{}", run.stderr);
}

#[test]
fn a_held_code_does_not_hide_one_that_is_proven() {
    let dovecot = Dovecot::start();
    let tracker = connected(&dovecot);
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "999999", AT).forged().id("forged").raw(), AT);
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", AT).raw(), AT);
    let run = tracker.run(&["code", "--wait=60"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "271828\n"), "{}", run.stderr);
    assert!(run.stderr.contains("mail 1 held (sender_failed)"), "{}", run.stderr);
}

#[test]
fn watch_tells_each_change_as_it_comes_and_stops_when_it_is_told_to() {
    let dovecot = Dovecot::start();
    let tracker = connected(&dovecot);
    let mut watching = Running::start(&tracker, &["-vv", "watch"]);
    watching.until("read to the end");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", AT).raw(), AT);
    let line = watching.line();
    assert!(line.starts_with("objection 1 (facebook, anna@example.org): submitted → code_received; "), "{line}");
    dovecot.deliver(ANNA, "INBOX", &mails::acceptance(ANNA, AT).raw(), AT);
    let line = watching.line();
    assert!(line.starts_with("objection 1 (facebook, anna@example.org): code_received → accepted"), "{line}");
    assert_eq!(tracker.ok(&["check"]), "", "beside it, check finds nothing new");
    assert_eq!(watching.terminate(), Some(0));
}

#[test]
fn a_lost_connection_is_made_again_and_a_server_without_idle_is_asked() {
    let peer = Peer::start(&[("INBOX", AT, mails::code(ANNA, "271828", AT).raw())]);
    let (asked, noop) = mpsc::sync_channel(1);
    peer.script(move |command| {
        (command == "NOOP").then(|| {
            let _ = asked.try_send(());
            Answer::text("* 1 EXISTS\nTAG OK done\n")
        })
    });
    let tracker = Tracker::new();
    tracker.config(&(peer.account("home", ANNA) + "[dkim]\nverify = false\n"));
    // The greeting and no more.
    peer.cut_after(1);
    let mut watching = Running::start(&tracker, &["watch"]);
    watching.until("account `home`: `127.0.0.1:");
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    peer.cut_after(usize::MAX);
    let line = watching.line();
    assert!(line.starts_with("objection 1 (facebook, anna@example.org): submitted → code_received; "), "{line}");
    noop.recv_timeout(Duration::from_mins(1)).expect("it is asked");
    assert_eq!(watching.terminate(), Some(0));
}

#[test]
fn what_can_t_be_watched_is_said() {
    let tracker = Tracker::new();
    for args in [&["watch"][..], &["code", "--wait"]] {
        let run = tracker.run(args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert_eq!(run.stderr, "tracker: no account is configured; add one with `tracker setup`\n");
    }
}
