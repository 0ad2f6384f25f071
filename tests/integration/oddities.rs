//! What servers do that is odd and harmless: it spoils no more than itself, and no mail is passed over in silence.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::peer::{Answer, Peer};
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const AT: &str = "2026-11-24T11:55:00Z";

fn peer() -> Peer {
    let code = mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw();
    let inbox = [
        ("INBOX", "2026-11-24T11:52:00Z", code),
        ("INBOX", AT, mails::newsletter(ANNA, AT).raw()),
        ("INBOX", AT, mails::acceptance(ANNA, AT).raw()),
    ];
    Peer::start(&inbox)
}

fn tracker(peer: &Peer) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&peer.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker
}

/// An odd answer to commands that begin so; all mail must be read and nothing be said.
fn is_read(command: &'static str, answer: impl Fn() -> Answer + Send + Sync + 'static) {
    let peer = peer();
    let tracker = tracker(&peer);
    peer.script(move |given| given.starts_with(command).then(&answer));
    let run = tracker.run(&["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{command}");
    assert_eq!(tracker.states(), ["accepted"], "{command}");
}

fn text(text: &'static str) -> impl Fn() -> Answer {
    move || Answer::text(text)
}

#[test]
fn one_odd_line_spoils_one_line() {
    is_read("CAPABILITY", text("* CAPABILITY  IMAP4rev2  AUTH=PLAIN {x\nTAG OK done\n"));
    is_read("LIST", text("* LIST (HasNoChildren) \"/\" My Own (Mail)\n* LIST () NIL INBOX\nTAG OK done\n"));
    is_read("LIST", || {
        Answer::Bytes("* LIST (\\Trash) \"/\" \"Gel\u{f6}scht\"\r\n* LIST (\r\nTAG OK fertig\r\n".as_bytes().to_vec())
    });
    is_read("LIST", || {
        Answer::Bytes(b"* METADATA \"\" (/shared/comment {1}\r\n\xff)\r\nTAG OK [X (] done\r\n".to_vec())
    });
    is_read("LIST", || Answer::Bytes(b"* LIST () \"/\" INBOX\nTAG OK done\n".to_vec()));
    is_read("AUTHENTICATE", || Answer::Bytes(b"+ \n".to_vec()));
    is_read("UID SEARCH", text("* ESEARCH (TAG \"a\") UID ALL 1:3\nTAG OK done\n"));
    is_read(
        "UID SEARCH",
        text("* WEATHER is fine\n* 9 FETCH (INTERNALDATE NIL FLAGS (\\Seen))\n* SEARCH 3 2 1\nTAG OK done\n"),
    );
}

#[test]
fn a_mailbox_whose_server_says_little_of_it_is_read_all_the_same() {
    is_read("EXAMINE \"INBOX\"", text("* 3 EXISTS\nTAG OK done\n"));
    is_read("EXAMINE \"INBOX\"", text("* 3 EXISTS\n* OK [UIDVALIDITY 7] x\nTAG OK done\n"));
    is_read("UID SEARCH SINCE", text("TAG NO no searches here\n"));
    let peer = peer();
    let tracker = tracker(&peer);
    peer.script(|command| match command {
        "EXAMINE \"INBOX\"" => Some(Answer::text("* OK [UIDVALIDITY 7] x\nTAG OK done\n")),
        "EXAMINE \"Spam\"" => Some(Answer::text("* 0 EXISTS\nTAG OK done\n")),
        command if command.starts_with("STATUS \"INBOX\"") => {
            Some(Answer::text("* STATUS INBOX (MESSAGES 3 UIDNEXT 4)\nTAG OK done\n"))
        }
        _ => None,
    });
    let report = tracker.json(&["check"]);
    let mailboxes = report["accounts"][0]["mailboxes"].as_array().expect("mailboxes").clone();
    assert_eq!(mailboxes[0]["uid_validity"], 7);
    assert_eq!(mailboxes[1]["uid_validity"], serde_json::Value::Null);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn a_server_that_lets_no_stranger_in_is_told_who_we_are() {
    let peer = peer();
    let tracker = tracker(&peer);
    let introduced = AtomicUsize::new(0);
    peer.script(move |command| {
        if command.starts_with("ID ") {
            introduced.fetch_add(1, Ordering::SeqCst);
            return Some(Answer::text("* ID NIL\nTAG OK done\n"));
        }
        let is_stranger = command.starts_with("EXAMINE") && introduced.load(Ordering::SeqCst) == 0;
        is_stranger.then(|| Answer::text("TAG NO EXAMINE Unsafe Login\n"))
    });
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
}

/// What a server leaves out of a mail: that is said, asked for again, and at last shown.
fn is_missed(command: &'static str, answer: &'static str, why: &str) {
    let peer = Peer::start(&[("INBOX", AT, mails::acceptance(ANNA, AT).raw())]);
    let tracker = tracker(&peer);
    peer.script(move |given| {
        (given.starts_with("UID FETCH ") && given.contains(command)).then(|| Answer::text(answer))
    });
    let run = tracker.run(&["check"]);
    assert_eq!(run.status, 3, "{run:?}");
    let said = format!("mail 1 of `INBOX` could not be read, it is asked for again: {why}");
    assert!(run.stderr.contains(&said), "{run:?}");
    let held = (0..12).filter(|_| tracker.run(&["check"]).stdout.contains("unreadable")).count();
    assert_eq!(held, 1);
    assert_eq!(tracker.run(&["check"]).status, 0);
    // A server that comes to its senses loses nothing.
    peer.script(|_| None);
    tracker.ok(&["check", "--full"]);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn a_mail_that_the_server_leaves_out_is_not_passed_over() {
    let nothing = "the server finds it, but gives nothing of it";
    is_missed("HEADER.FIELDS", "TAG OK done\n", nothing);
    // A reply without a UID is nobody's.
    is_missed("HEADER.FIELDS", "* 1 FETCH (RFC822.SIZE 9 BODY[HEADER.FIELDS (FROM)]<0> \"\")\nTAG OK done\n", nothing);
}

#[test]
fn a_mail_without_a_body_or_a_header_is_not_passed_over() {
    let body = "BODY.PEEK[]";
    is_missed(body, "* 1 FETCH (UID 1 BODY[]<0> \"\")\nTAG OK done\n", "the server gives its header, but no body");
    is_missed(
        body,
        "* 1 FETCH (UID 1 BODY[]<0> {15}\n\n\nno header)\nTAG OK done\n",
        "what the server gives of it does not begin with a header",
    );
}

#[test]
fn a_mail_whose_author_the_server_hides_is_asked_itself() {
    is_read(
        "UID FETCH 1:3 (UID INTERNALDATE",
        text(
            "* 1 FETCH (UID 1 INTERNALDATE NIL RFC822.SIZE 9 BODY[HEADER.FIELDS (FROM)]<0.16384> NIL)\n\
             * 2 FETCH (UID 2 INTERNALDATE \"01-Jan-1970 00:00:00 +0000\" BODY[HEADER.FIELDS (FROM)] \"\")\n\
             * 3 FETCH (UID 3 INTERNALDATE \"01-Jan-1899 00:00:00 +0000\" BODY[HEADER.FIELDS (FROM)] {2}\n\n)\nTAG OK done\n",
        ),
    );
}

#[test]
fn a_banner_before_a_mail_is_passed_over() {
    let peer = peer();
    let tracker = tracker(&peer);
    let raw = mails::acceptance(ANNA, AT).raw().replace("\r\n", "\n").replace('\n', "\r\n");
    peer.script(move |command| {
        let body = format!("\r\nScanned by Proxy 1.0\r\n{raw}");
        let reply = format!("* 3 FETCH (UID 3 BODY[]<0> {{{}}}\r\n{body})\r\nTAG OK done\r\n", body.len());
        command.starts_with("UID FETCH 3 (UID BODY.PEEK[]").then(|| Answer::Bytes(reply.into_bytes()))
    });
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn a_mail_that_is_given_whole_and_too_large_is_held() {
    let peer = peer();
    let tracker = tracker(&peer);
    let mut raw = mails::acceptance(ANNA, AT).raw().replace("\r\n", "\n").replace('\n', "\r\n");
    raw.push_str(&"x".repeat(9_000_000));
    peer.script(move |command| {
        let reply = format!("* 3 FETCH (UID 3 BODY[] {{{}}}\r\n{raw})\r\nTAG OK done\r\n", raw.len());
        command.starts_with("UID FETCH 3 (UID BODY.PEEK[]").then(|| Answer::Bytes(reply.into_bytes()))
    });
    assert!(tracker.ok(&["check"]).contains("too_large"));
}

#[test]
fn the_mail_that_breaks_the_connection_is_found_among_many() {
    let newsletter = mails::newsletter(ANNA, AT).raw();
    let mut inbox: Vec<(&str, &str, String)> = (1..=40).map(|_| ("INBOX", AT, newsletter.clone())).collect();
    inbox.push(("INBOX", AT, mails::acceptance(ANNA, AT).raw()));
    let peer = Peer::start(&inbox);
    let tracker = tracker(&peer);
    peer.script(|command| {
        let set = command.strip_prefix("UID FETCH ")?.split(' ').next()?;
        let (first, last) = set.split_once(':').unwrap_or((set, set));
        let is_asked = (first.parse().ok()?..=last.parse().ok()?).contains(&17_u32);
        is_asked.then(|| Answer::Last(b"* 17 FETCH (UID 17 BODY[]".to_vec()))
    });
    let run = tracker.run(&["check"]);
    assert_eq!(run.status, 3, "{run:?}");
    assert!(run.stderr.contains("mail 17 of `INBOX` could not be read"), "{run:?}");
    assert_eq!(tracker.states(), ["accepted"]);
}
