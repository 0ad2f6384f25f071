//! Mail on disk: Maildir and mbox accounts, and folders handed over.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use crate::support::dns::{Dns, Reply};
use crate::support::sign::{Signer, rsa};
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const BEN: &str = "ben@example.org";
const AT: &str = "2026-11-24T11:55:00Z";
const ENVELOPE: &str = "From - Tue Nov 24 11:55:00 2026\n";
const ACCEPTED: &str = "objection 1 (facebook, anna@example.org): submitted → accepted; next: nothing\n";

/// A home with an objection of Anna's and of Ben's, and an account on disk.
fn tracker(account: &str) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&format!("[accounts.home]\nemail = \"{ANNA}\"\nauthserv_ids = [\"mx.example.org\"]\n{account}\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z").add("facebook", BEN, "2026-11-24T11:50:00Z");
    tracker
}

fn in_mbox(mail: &mails::Mail) -> String {
    format!("{ENVELOPE}{}\n", mail.raw())
}

#[test]
fn a_maildir_is_read_like_an_inbox() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    let forged = mails::refusal(BEN, AT).forged();
    tracker.file("Maildir/cur/1:2,S", mails::newsletter(ANNA, AT).raw());
    tracker.file("Maildir/tmp/2", mails::acceptance(BEN, AT).raw());
    tracker.file("Maildir/.Junk/new/3", mails::acceptance(ANNA, AT).raw());
    tracker.file("Maildir/.Junk/new/4", forged.raw());
    let run = tracker.run(&["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.stdout);
    assert_eq!(format!("{}\n", lines[0]), ACCEPTED);
    assert!(lines[1].starts_with("mail 2 held (sender_failed)"), "{}", lines[1]);
    assert_eq!(tracker.states(), ["accepted", "submitted"]);
    assert_eq!(tracker.ok(&["check"]), "", "what is known is known");
}

#[test]
fn a_growing_mbox_gives_its_new_mail() {
    let tracker = tracker("mbox = \"~/mail/inbox\"");
    let text = in_mbox(&mails::newsletter(ANNA, AT)) + &in_mbox(&mails::acceptance(ANNA, AT));
    tracker.file("mail/inbox", &text);
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
    assert_eq!(tracker.ok(&["check"]), "");
    let another = in_mbox(&mails::refusal(BEN, AT)).replace("100200300400500", "600700800900000");
    tracker.file("mail/inbox", text + &another.replace("aBcD1234EfGh", "aBcD1234EfGi"));
    assert_eq!(
        tracker.ok(&["check"]),
        "objection 2 (facebook, ben@example.org): submitted → refused; next: if you do not agree, complain to your supervisory \
         authority: tracker draft complaint 2\n"
    );
}

#[test]
fn an_mbox_is_read_from_its_last_mail_on_while_it_only_grows() {
    let tracker = tracker("mbox = \"~/mail/inbox\"");
    let news = in_mbox(&mails::newsletter(ANNA, AT));
    let head: String = (0..100).map(|_| news.clone()).collect();
    let answer = in_mbox(&mails::acceptance(ANNA, AT));
    tracker.file("mail/inbox", head.clone() + &news);
    assert_eq!(tracker.ok(&["check"]), "");
    // Behind the part by which the file is known again: only who reads the whole finds it.
    let hidden = news.clone() + &answer + &head[news.len() + answer.len()..];
    assert_eq!(hidden.len(), head.len());
    tracker.file("mail/inbox", hidden.clone() + &news);
    assert_eq!(tracker.ok(&["check"]), "", "it is not read again");
    tracker.file("mail/inbox", hidden.clone() + &news + &news);
    assert_eq!(tracker.ok(&["check"]), "", "nor when it has grown");
    assert_eq!(tracker.ok(&["check", "--full"]), ACCEPTED);
}

#[test]
fn an_mbox_that_is_another_or_that_a_new_objection_may_be_about_is_read_whole() {
    let tracker = tracker("mbox = \"~/mail/inbox\"");
    let news = in_mbox(&mails::newsletter(ANNA, AT));
    tracker.file("mail/inbox", news.repeat(3));
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.file("mail/inbox", in_mbox(&mails::acceptance(ANNA, AT)) + &news.repeat(3));
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
    let third = in_mbox(&mails::refusal("carl@example.org", AT)).replace("100200300400500", "600700800900000");
    tracker.file("mail/inbox", third.replace("aBcD1234EfGh", "aBcD1234EfGi") + &news);
    let told = tracker.ok(&["check"]);
    assert!(told.contains(" held ("), "{told}");
    tracker.file("mail/inbox", news.repeat(30));
    assert_eq!(tracker.ok(&["check"]), "");
    let last = tracker.file("mail/inbox", news.repeat(30) + "From x 10:00:00\nSubject: half a ma");
    assert_eq!(tracker.ok(&["check"]), "");
    let whole = in_mbox(&mails::acceptance(BEN, AT)).replace("aBcD1234EfGh", "aBcD1234EfGj");
    std::fs::write(last, news.repeat(30) + &whole.replace("100200300400500", "111222333444555")).expect("written");
    assert_eq!(tracker.states(), ["accepted", "submitted"]);
    assert!(tracker.ok(&["check"]).starts_with("objection 2 "), "what was half written is read again");
}

#[test]
fn a_mail_in_a_maildir_is_read_once_wherever_it_is_moved() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    fs::create_dir_all(tracker.home().join("Maildir/cur")).expect("a folder");
    let answer = mails::acceptance(ANNA, AT).raw();
    // A newsletter of the same size: only who reads it finds out that it is none any more.
    let mut news = mails::newsletter(ANNA, AT).raw();
    news.push_str(&"x".repeat(answer.len() - news.len()));
    let new = tracker.file("Maildir/new/1.host", news);
    let written_at = fs::metadata(&new).and_then(|meta| meta.modified()).expect("a time");
    assert_eq!(tracker.ok(&["check"]), "");
    fs::remove_file(new).expect("gone");
    let read = tracker.file("Maildir/cur/1.host:2,S", &answer);
    fs::File::options().write(true).open(&read).and_then(|file| file.set_modified(written_at)).expect("written");
    assert_eq!(tracker.ok(&["check"]), "", "it is not read again");
    let before = tracker.dump();
    assert_eq!(tracker.ok(&["check"]), "");
    assert_eq!(tracker.dump(), before);
    fs::remove_file(read).expect("gone");
    assert_eq!(tracker.ok(&["check"]), "");
    assert!(tracker.dump().len() < before.len(), "nothing is known of what is gone");
    tracker.file("Maildir/new/1.host", answer);
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
}

#[test]
fn a_mail_in_a_maildir_that_was_not_whole_is_read_again() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    fs::create_dir_all(tracker.home().join("Maildir/cur")).expect("a folder");
    let answer = mails::acceptance(ANNA, AT).raw();
    tracker.file("Maildir/new/1.host", "");
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.file("Maildir/new/1.host", &answer);
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
}

#[test]
fn mails_in_a_maildir_are_told_apart_by_their_whole_names() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    fs::create_dir_all(tracker.home().join("Maildir/new")).expect("a folder");
    tracker.file("Maildir/cur/2026-11-24T13:05:00.eml:2,S", mails::newsletter(ANNA, AT).raw());
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.file("Maildir/cur/2026-11-24T13:45:00.eml:2,S", mails::acceptance(ANNA, AT).raw());
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
}

#[test]
fn mail_that_came_with_an_answer_is_read_again_when_the_objection_is_reopened() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    fs::create_dir_all(tracker.home().join("Maildir/cur")).expect("a folder");
    tracker.file("Maildir/new/1.host", mails::acceptance(ANNA, AT).raw());
    let later = mails::newsletter("x@example.net", AT).raw();
    tracker.file("Maildir/new/2.host", later);
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
    let kinds = |kind: &str| tracker.dump().iter().filter(|row| row.starts_with(kind)).count();
    assert_eq!(kinds("mark "), 0, "they were read while the objection's state changed");
    assert_eq!(tracker.ok(&["check"]), "");
    assert_eq!(kinds("mark "), 2);
    tracker.ok(&["mark", "1", "needs_info"]);
    let reading = |tracker: &Tracker| tracker.dump().into_iter().find(|row| row.starts_with("reading "));
    let before = reading(&tracker);
    assert_eq!(tracker.ok(&["check"]), "");
    assert_ne!(reading(&tracker), before, "it was read anew");
}

#[test]
fn what_was_forgotten_does_not_come_back() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    fs::create_dir_all(tracker.home().join("Maildir/cur")).expect("a folder");
    tracker.file("Maildir/new/1.host", mails::acceptance(ANNA, AT).raw());
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.ok(&["forget", "1", "--yes"]);
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn a_link_is_followed_to_a_mail_or_a_part_of_a_maildir_only() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    fs::create_dir_all(tracker.home().join("Maildir/new")).expect("a folder");
    tracker.file("elsewhere/1.host", mails::acceptance(ANNA, AT).raw());
    tracker.file("far/cur/2.host", mails::acceptance(BEN, AT).raw());
    symlink(tracker.home().join("far"), tracker.home().join("Maildir/.Far")).expect("a link");
    assert_eq!(tracker.ok(&["check"]), "");
    symlink(tracker.home().join("elsewhere"), tracker.home().join("Maildir/cur")).expect("a link");
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
}

#[test]
fn an_mbox_that_is_rewritten_is_known_by_what_was_read() {
    let tracker = tracker("mbox = \"~/mail/inbox\"");
    let news = in_mbox(&mails::newsletter(ANNA, AT));
    tracker.file("mail/inbox", news.repeat(20));
    assert_eq!(tracker.ok(&["check"]), "");
    // Packed meanwhile: of the same size, with a mail where it was read already.
    let answer = in_mbox(&mails::acceptance(ANNA, AT));
    let packed = answer.clone() + &news.repeat(20)[answer.len()..];
    tracker.file("mail/inbox", packed.replace("Subject: ", "Subject:  "));
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
}

#[test]
fn an_mbox_is_known_by_its_last_mail_and_not_by_empty_lines() {
    let tracker = tracker("mbox = \"~/mail/inbox\"");
    let spam = |at: &str| in_mbox(&mails::newsletter(ANNA, AT)).replace("11:55:00 2026", at) + &"\n".repeat(20_000);
    tracker.file("mail/inbox", spam("11:56:00 2026") + &spam("11:57:00 2026"));
    assert_eq!(tracker.ok(&["check"]), "");
    // They are deleted, the answer comes, and another one: where the last one began is an empty line among many.
    tracker.file("mail/inbox", in_mbox(&mails::acceptance(ANNA, AT)) + &spam("11:58:00 2026") + &spam("11:59:00 2026"));
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
}

#[test]
fn a_pipe_is_read_like_standard_input() {
    let tracker = tracker("mbox = \"~/pipe\"");
    let pipe = tracker.home().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let raw = mails::acceptance(ANNA, AT).raw();
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, raw)
    });
    assert_eq!(tracker.ok(&["ingest", "pipe"]), ACCEPTED);
    writer.join().expect("it ends").expect("written");
    let why =
        "tracker: account `home`: `~/pipe`: it is neither a file nor a folder; check the path and its permissions\n";
    assert_eq!((tracker.run(&["check"]).status, tracker.run(&["check"]).stderr.as_str()), (3, why));
}

#[test]
fn a_maildir_is_read_whole_when_asked_or_when_its_mail_may_be_judged_otherwise() {
    for (ids, args, expected) in [
        ("authserv_ids = [\"mx.example.org\"]", ["check"].as_slice(), ACCEPTED),
        ("", &["check", "--full"], "mail 1 held (sender_unverified)"),
    ] {
        let tracker = Tracker::new();
        let account = format!("[accounts.home]\nemail = \"{ANNA}\"\nmaildir = \"~/Maildir\"\n");
        tracker.config(&account);
        tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
        fs::create_dir_all(tracker.home().join("Maildir/cur")).expect("a folder");
        let mail = tracker.file("Maildir/new/1.host", mails::newsletter(ANNA, AT).raw());
        assert_eq!(tracker.ok(&["check"]), "");
        fs::write(mail, mails::acceptance(ANNA, AT).raw()).expect("written");
        tracker.config(&(account + ids));
        let told = tracker.ok(args);
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn ingest_goes_on_where_it_stopped() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    let news = in_mbox(&mails::newsletter(ANNA, AT));
    tracker.file("inbox", news.repeat(3));
    assert_eq!(tracker.ok(&["ingest", "inbox"]), "");
    let answer = in_mbox(&mails::acceptance(ANNA, AT));
    tracker.file("inbox", news.repeat(3) + &answer);
    let run = tracker.run(&["ingest", "inbox"]);
    let told = "tracker: `inbox`: 1.25 kB of it were read before; --full reads them again\n";
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, ACCEPTED, told));
    assert_eq!(tracker.ok(&["ingest", "inbox"]), "");
    assert_ne!(tracker.run(&["ingest", "inbox"]).stderr, "");
    assert_eq!(tracker.ok(&["ingest", "--full", "inbox"]), "");
}

#[test]
fn an_mbox_from_which_all_mail_was_moved_is_no_fault() {
    let tracker = tracker("mbox = \"~/mail/inbox\"");
    tracker.file("mail/inbox", "");
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.file("mail/inbox", "\u{89}PNG");
    let run = tracker.run(&["check"]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("`~/mail/inbox` is not a mail"), "{}", run.stderr);
}

#[test]
fn a_missing_maildir_is_an_outside_thing_that_failed() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    let run = tracker.run(&["check"]);
    let error = "tracker: account `home`: `~/Maildir`: No such file or directory (os error 2); check the path and its \
                 permissions\n";
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (3, "", error));
}

#[test]
fn a_profile_folder_is_searched_for_mail() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    tracker.file("profile/prefs.js", "From here on\n");
    tracker.file("profile/Mail/Local Folders/Inbox", in_mbox(&mails::newsletter(ANNA, AT)));
    tracker.file("profile/Mail/Local Folders/Inbox.msf", mails::refusal(ANNA, AT).raw());
    tracker.file("profile/Mail/Local Folders/Archive.sbd/2026", in_mbox(&mails::acceptance(ANNA, AT)));
    tracker.file("profile/Takeout/All mail.mbox", in_mbox(&mails::newsletter(ANNA, AT)));
    symlink(tracker.home().join("profile"), tracker.home().join("profile/loop")).expect("a link");
    assert_eq!(tracker.ok(&["ingest", "profile"]), ACCEPTED);
    assert_eq!(tracker.ok(&["ingest", "profile"]), "", "a decision is reason enough to read it again");
    let before = tracker.dump();
    assert_eq!(tracker.ok(&["ingest", "profile"]), "");
    assert_eq!(tracker.dump(), before);
}

#[test]
fn what_can_t_be_read_stops_nothing_else() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    let raw = mails::acceptance(ANNA, AT).raw();
    // The header of a mail that is not from the controller may hold anything.
    tracker.file("mails/1.eml", [0, 159, 146, 150]);
    tracker.file("mails/2.eml", &raw);
    fs::create_dir(tracker.home().join("mails/3.eml")).expect("a folder");
    let run = tracker.run(&["ingest", "mails"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ACCEPTED));
    assert_eq!(run.stderr, "tracker: 1 file is no mail: `mails/1.eml`\n");
}

#[test]
fn a_mail_in_a_maildir_waits_for_dns_three_days() {
    let dns = Dns::start();
    dns.set_others(Reply::ServFail);
    let mut tracker = tracker(&format!("maildir = \"~/Maildir\"\n{}", dns.config()));
    let mail = mails::acceptance(ANNA, AT);
    let raw = mail.received() + &Signer::new("support.facebook.com", "s1").sign(rsa(1024), &mail.message());
    fs::create_dir_all(tracker.home().join("Maildir/cur")).expect("a folder");
    let path = tracker.file("Maildir/new/1", raw);
    let written = |at: &str| {
        let at: jiff::Timestamp = at.parse().expect("a time");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.as_second()).expect("a time"));
        fs::File::options().write(true).open(&path).and_then(|f| f.set_modified(time)).expect("written");
    };
    written(AT);
    let run = tracker.run(&["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("DNS can't be reached"), "{}", run.stderr);
    let run = tracker.at("2026-11-27T11:56:00Z").run(&["check"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("mail 1 held (sender_unverified)"), "{}", run.stdout);
    // What was judged without DNS is read again when it answers.
    assert_eq!(tracker.ok(&["check"]), "");
    dns.publish("s1", "support.facebook.com", &rsa(1024).record());
    assert_eq!(tracker.ok(&["check"]), ACCEPTED);
}

#[test]
fn nothing_more_is_read_once_the_record_can_t_be_written() {
    let tracker = tracker("maildir = \"~/Maildir\"");
    let refuse = "CREATE TRIGGER full BEFORE INSERT ON mail BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    Connection::open(tracker.database()).unwrap().execute_batch(refuse).unwrap();
    let mut command = tracker.command(&["ingest", "-"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mail = in_mbox(&mails::refusal(BEN, AT).forged()) + &"x".repeat(500_000) + "\n\n";
    // It would take all of them, if the first batch (8 MiB) did not end it.
    let written = (0..200).take_while(|_| stdin.write_all(mail.as_bytes()).is_ok()).count();
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    assert!((17..100).contains(&written), "{written}");
    assert_eq!(done.status.code(), Some(3));
    assert_eq!(String::from_utf8_lossy(&done.stderr), "tracker: database: disk full\n");
}
