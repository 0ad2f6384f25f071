//! What a server must not be able to do: crash us, keep us, fill the memory, or make us lose or double a mail.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::support::peer::{Answer, Peer};
use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";

fn inbox() -> Vec<(&'static str, &'static str, String)> {
    let forged = mails::acceptance(ANNA, "2026-11-24T11:53:00Z").forged();
    let refused = mails::refusal(ANNA, "2026-11-24T11:56:00Z").id("refusal@support.facebook.com");
    vec![
        ("INBOX", "2026-11-24T11:52:00Z", mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw()),
        ("INBOX", "2026-11-24T11:53:00Z", forged.raw()),
        ("INBOX", "2026-11-24T11:54:00Z", mails::newsletter(ANNA, "2026-11-24T11:54:00Z").raw()),
        ("INBOX", "2026-11-24T11:55:00Z", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw()),
        ("Spam", "2026-11-24T11:56:00Z", refused.raw()),
    ]
}

fn tracker(peer: &Peer) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&peer.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker
}

/// What the inbox comes to when nothing disturbs.
fn undisturbed(peer: &Peer) -> Vec<String> {
    let tracker = tracker(peer);
    let changes = tracker.ok(&["check"]);
    let starts: Vec<&str> = changes.lines().map(|line| line.split([':', ')']).next().expect("a start")).collect();
    assert_eq!(
        starts,
        [
            "objection 1 (facebook, anna@example.org",
            "mail 2 held (sender_failed",
            "objection 1 (facebook, anna@example.org",
            "mail 4 held (contradicts_state"
        ]
    );
    assert_eq!(tracker.states(), ["accepted"]);
    tracker.dump()
}

#[test]
fn a_connection_that_is_cut_anywhere_loses_and_doubles_nothing() {
    let peer = Peer::start(&inbox());
    let expected = undisturbed(&peer);
    let mut cuts = 0;
    loop {
        let tracker = tracker(&peer);
        peer.cut_after(cuts);
        let run = tracker.run(&["check"]);
        peer.cut_after(usize::MAX);
        tracker.ok(&["check"]);
        assert_eq!(tracker.dump(), expected, "after {cuts} replies: {run:?}");
        if run.status == 0 {
            break;
        }
        let place = format!("`127.0.0.1:{}`", peer.port);
        assert_eq!(run.stderr, format!("tracker: account `home`: {place} closed the connection; run again later\n"));
        cuts += 1;
    }
    // Greeting, CAPABILITY, two of AUTHENTICATE, LIST; in each mailbox EXAMINE, SEARCH, headers and bodies.
    assert_eq!(cuts, 5 + (3 + 3) + (3 + 1));
}

/// Lets the peer misbehave once, checks what is said of it, and that a clean run makes everything good.
fn hostile(command: &'static str, answer: fn() -> Answer) -> Run {
    let peer = Peer::start(&inbox());
    let expected = undisturbed(&peer);
    let tracker = tracker(&peer);
    peer.script(move |given| (given == command || (!command.is_empty() && given.starts_with(command))).then(answer));
    let mut run = tracker.run(&["check"]);
    peer.script(|_| None);
    tracker.run(&["check"]);
    assert_eq!(tracker.ok(&["check"]), "");
    assert_eq!(tracker.states(), ["accepted"], "{run:?}");
    let kept = |dump: Vec<String>| -> Vec<String> {
        let is_kept = |row: &String| ["mail ", "retry ", "code ", "cursor "].iter().any(|table| row.starts_with(table));
        let mut rows: Vec<String> = dump.into_iter().filter(is_kept).collect();
        rows.sort_unstable();
        rows
    };
    assert_eq!(kept(tracker.dump()), kept(expected), "{run:?}");
    run.stderr = run.stderr.replace(&peer.port.to_string(), "PORT");
    run
}

/// What is said when a whole account fails before any mail was seen.
fn fails(command: &'static str, answer: fn() -> Answer, message: &str) {
    let run = hostile(command, answer);
    let stderr = format!("tracker: account `home`: {message}\n");
    assert_eq!(run, Run { status: 3, stdout: String::new(), stderr }, "{command}");
}

const UNREADABLE: &str = "tell its operator, or run again";

fn unreadable(what: &str, why: &str) -> String {
    format!("the reply of `127.0.0.1:PORT` to {what} can't be read: {why}; {UNREADABLE}")
}

#[test]
fn greetings_that_are_none() {
    fails(
        "",
        || Answer::text("* BYE too many connections\n"),
        "`127.0.0.1:PORT` closed the connection: \"too many connections\"; close other mail programs that read this \
         account, or run again later",
    );
    let greeting = |text: &str| {
        format!("`127.0.0.1:PORT` does not greet as an IMAP server does: \"{text}\"; check `host` and `port`")
    };
    fails("", || Answer::text("* PREAUTH welcome\n"), &greeting("* PREAUTH welcome"));
    fails("", || Answer::text("SSH-2.0-OpenSSH\n"), &greeting("SSH-2.0-OpenSSH"));
    fails("", || Answer::Silence, "no reply from `127.0.0.1:PORT` within 0.5 s; run again later, or raise `timeout`");
    fails("", || Answer::Drip, "no reply from `127.0.0.1:PORT` within 2 s; run again later, or raise `timeout`");
    fails("", || Answer::Flood(vec![b'x'; 65536]), &unreadable("the connection", "a line of more than 1048576 bytes"));
}

#[test]
fn logins_that_break_off() {
    let odd = unreadable("the login", "it does not keep to IMAP (RFC 3501)");
    fails("AUTHENTICATE", || Answer::text("+ !!!\n"), &odd);
    fails(
        "RESPONSE",
        || Answer::text("TAG NO wrong password secret AGFubmFAZXhhbXBsZS5vcmcAc2VjcmV0\n"),
        "`127.0.0.1:PORT` refused the login: \"wrong password … …\"; check user and password",
    );
    fails(
        "RESPONSE",
        || Answer::Bytes("TAG NO Ung\u{fc}ltiges Passwort\r\n".as_bytes().to_vec()),
        "`127.0.0.1:PORT` refused the login: \"Ung\u{fc}ltiges Passwort\"; check user and password",
    );
    fails(
        "RESPONSE",
        || Answer::text("TAG BAD what?\n"),
        "`127.0.0.1:PORT` refused the login: \"what?\"; check user and password",
    );
    fails("RESPONSE", || Answer::text("x99 OK for somebody else\n"), &odd);
    fails(
        "CAPABILITY",
        || Answer::text("* CAPABILITY IMAP4rev1 LOGINDISABLED\nTAG OK done\n"),
        "`127.0.0.1:PORT` takes no password here; try another `security` or `port`",
    );
}

#[test]
fn replies_that_can_t_be_parsed_or_never_end() {
    fails(
        "LIST",
        || Answer::Bytes(b"* LIST () \"/\" \"IN\0BOX\"\r\nTAG OK done\r\n".to_vec()),
        &unreadable("LIST", "a NUL in a line"),
    );
    fails(
        "LIST",
        || Answer::Bytes(b"* LIST () \"/\" {4294967295}\r\nx".to_vec()),
        &unreadable("LIST", "a literal of 4294967295 bytes, or one of too many"),
    );
    fails(
        "LIST",
        || Answer::Bytes(b"* LIST () \"/\" {99999999999999999999999}\r\nx".to_vec()),
        &unreadable("LIST", "a literal of 18446744073709551615 bytes, or one of too many"),
    );
    fails(
        "LIST",
        || Answer::Flood(b"* OK still there\r\n".to_vec()),
        &unreadable("LIST", "a reply of more than 50000 lines"),
    );
    fails(
        "LIST",
        || {
            Answer::Flood(
                b"* LIST () \"/\" {1000000}\r\n".iter().copied().chain(vec![b'x'; 1_000_000]).chain(*b"\r\n").collect(),
            )
        },
        &unreadable("LIST", "a reply of more than 8388608 bytes"),
    );
    fails(
        "LIST",
        || Answer::Bytes([b"* 1 FETCH (BODYSTRUCTURE ".to_vec(), vec![b'('; 5000], b"\r\n".to_vec()].concat()),
        &unreadable("LIST", "a response with more than 60 parentheses"),
    );
    // A literal that a status text only seems to announce must not carry the same past the guard.
    fails(
        "LIST",
        || {
            Answer::Bytes(
                [b"* OK hello {5027}\r\n* 1 FETCH (BODYSTRUCTURE ".to_vec(), vec![b'('; 5000], b"\r\n".to_vec()]
                    .concat(),
            )
        },
        &unreadable("LIST", "a response with more than 60 parentheses"),
    );
    fails(
        "LIST",
        || {
            Answer::Bytes(
                [b"* 1 FETCH (X-A ".to_vec(), b"{1}\r\nx ".repeat(40), b")\r\nTAG OK done\r\n".to_vec()].concat(),
            )
        },
        &unreadable("LIST", "a literal of 1 bytes, or one of too many"),
    );
    fails(
        "LIST",
        || Answer::Silence,
        "no reply from `127.0.0.1:PORT` within 0.5 s; run again later, or raise `timeout`",
    );
    fails("LIST", || Answer::Drip, "no reply from `127.0.0.1:PORT` within 2 s; run again later, or raise `timeout`");
}

#[test]
fn a_mailbox_that_is_refused_does_not_keep_the_other_from_being_read() {
    let run = hostile("EXAMINE \"Spam\"", || Answer::text("TAG NO [NOPERM] not for you; rm -rf\n"));
    let what = "mailbox `Spam`: `127.0.0.1:PORT` refused EXAMINE: \"[NOPERM] not for you; rm -rf\"";
    assert_eq!(run.stderr, format!("tracker: account `home`: {what}; look at the account's settings\n"));
    assert_eq!(run.stdout.lines().count(), 3);
}

#[test]
fn what_a_server_may_say_at_any_time_is_passed_over() {
    // RFC 3501 §7.1.2: an untagged NO is a warning. The crate panics on it in EXAMINE, and fails on it elsewhere.
    let peer = Peer::start(&inbox());
    let expected = undisturbed(&peer);
    let tracker = tracker(&peer);
    peer.script(|command| {
        let noise = "* NO the disk is nearly full\n* OK na\u{ef}ve text {12}\n* 3 EXPUNGE\n* 1 FETCH (FLAGS (\\Seen))\n* BAD so what\n";
        let reply = match command {
            "EXAMINE \"INBOX\"" => "* 4 EXISTS\n* OK [UIDVALIDITY 7] x\n* OK [UIDNEXT 5] x\nTAG OK [READ-ONLY] done\n",
            "LIST \"\" \"*\"" => "* LIST () \"/\" INBOX\n* LIST (\\Junk) \"/\" {4}\nSpam\nTAG OK done\n",
            _ => return None,
        };
        Some(Answer::text(&format!("{noise}{reply}")))
    });
    tracker.ok(&["check"]);
    assert_eq!(tracker.dump(), expected);
}

#[test]
fn a_mail_that_breaks_the_connection_each_time_does_not_block_the_others() {
    let peer = Peer::start(&inbox()[..4]);
    let tracker = tracker(&peer);
    // Whoever asks for mail 1 of the INBOX, alone or among others, loses the connection.
    peer.script(|command| {
        let is_first = command.starts_with("UID FETCH 1:") || command.starts_with("UID FETCH 1 ");
        is_first.then(|| Answer::Last(b"* 1 FETCH (UID 1 BODY[] {99}\r\nab".to_vec()))
    });
    let run = tracker.run(&["check"]);
    assert_eq!(run.status, 3);
    assert_eq!(
        run.stderr.replace(&peer.port.to_string(), "PORT"),
        format!(
            "tracker: account `home`: mail 1 of `INBOX` could not be read, it is asked for again: {}\n",
            "`127.0.0.1:PORT` closed the connection; run again later"
        )
    );
    assert_eq!(tracker.states(), ["accepted"]);
    // It is shown to the user in the end, and is not asked for again.
    let said: Vec<String> = (0..12).map(|_| tracker.run(&["check"]).stdout).collect();
    let held: Vec<&str> = said.iter().map(String::as_str).filter(|text| text.contains("unreadable")).collect();
    assert_eq!(held.len(), 1, "{said:?}");
    peer.commands();
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn a_search_that_the_server_cuts_short_is_made_in_smaller_parts() {
    let peer = Peer::start(&inbox());
    let expected = undisturbed(&peer);
    let tracker = tracker(&peer);
    // Yahoo's MESSAGELIMIT (RFC 9738): a mailbox of 2500 mails of which 1000 are searched at a time.
    let is_first = AtomicBool::new(true);
    peer.script(move |command| match command {
        "EXAMINE \"INBOX\"" => {
            Some(Answer::text("* 2500 EXISTS\n* OK [UIDVALIDITY 7] x\n* OK [UIDNEXT 5] x\nTAG OK done\n"))
        }
        "UID SEARCH SINCE 23-Nov-2026" if is_first.swap(false, Ordering::SeqCst) => {
            Some(Answer::text("* SEARCH 4\nTAG OK [MESSAGELIMIT 1000 1501] cut\n"))
        }
        "UID SEARCH 1:1250 SINCE 23-Nov-2026" => Some(Answer::text("* SEARCH\nTAG OK [MESSAGELIMIT 1000 250] cut\n")),
        "UID SEARCH 1:625 SINCE 23-Nov-2026" => Some(Answer::text("* SEARCH 2 1\nTAG OK done\n")),
        "UID SEARCH 626:1250 SINCE 23-Nov-2026" => Some(Answer::text("* SEARCH\nTAG OK done\n")),
        "UID SEARCH 1251:1875 SINCE 23-Nov-2026" => Some(Answer::text("* SEARCH\nTAG OK done\n")),
        "UID SEARCH 1876:* SINCE 23-Nov-2026" => Some(Answer::text("* SEARCH 3 4\nTAG OK done\n")),
        _ => None,
    });
    tracker.ok(&["check"]);
    assert_eq!(tracker.dump(), expected);
}

#[test]
fn a_first_check_of_a_large_mailbox_needs_little_memory() {
    // 100,000 mails, of which the 5000 newest are looked at, and each 200th of those is Meta's and of 200 kB.
    let mut large = mails::acceptance("ben@example.org", "2026-11-24T11:52:00Z");
    large.body.push_str(&"All work and no play makes Jack a dull boy.\n".repeat(4500));
    let small = mails::newsletter(ANNA, "2026-11-24T11:52:00Z").raw();
    let inbox: Vec<(&str, &str, String)> = (1..=5000)
        .map(
            |n| if n % 200 == 0 { large.clone().id(&format!("{n}@support.facebook.com")).raw() } else { small.clone() },
        )
        .map(|raw| ("INBOX", "2026-11-24T11:52:00Z", raw))
        .collect();
    let peer = Peer::start(&inbox);
    peer.script(|command| match command {
        "EXAMINE \"INBOX\"" => {
            Some(Answer::text("* 100000 EXISTS\n* OK [UIDVALIDITY 7] x\n* OK [UIDNEXT 100001] x\nTAG OK done\n"))
        }
        "UID SEARCH 1:50000 SINCE 23-Nov-2026" => Some(Answer::text("* SEARCH\nTAG OK done\n")),
        _ => None,
    });
    let tracker = tracker(&peer);
    let mut child = tracker.command(&["check", "--quiet"]).stdout(Stdio::null()).spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let result = loop {
        if let Some(result) = child.try_wait().expect("a child") {
            break result;
        }
        // The high-water mark only rises, so the last look before the end tells the peak.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let mark =
            text.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|rest| rest.split_whitespace().next());
        peak = mark.and_then(|kib| kib.parse().ok()).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(result.success());
    assert_eq!(tracker.json(&["held"]).as_array().map(Vec::len), Some(25));
    assert!((1_000..60_000).contains(&peak), "{peak} KiB");
}
