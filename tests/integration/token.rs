//! Logging in with an access token (XOAUTH2, OAUTHBEARER).

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::support::dovecot::Dovecot;
use crate::support::peer::{Answer, Peer};
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const AT: &str = "2026-11-24T11:55:00Z";

fn set_up(mechanisms: &'static str, response: Option<String>) -> (Peer, Tracker) {
    let peer = Peer::start(&[("INBOX", AT, mails::acceptance(ANNA, AT).raw())]);
    peer.script(move |command| match (command, &response) {
        ("CAPABILITY", _) => Some(Answer::text(&format!("* CAPABILITY IMAP4rev1 {mechanisms}\nTAG OK done\n"))),
        ("RESPONSE", Some(text)) => Some(Answer::text(text)),
        _ => None,
    });
    let tracker = Tracker::new();
    let config =
        peer.account("home", ANNA).replace("password_command = \"echo secret\"", "token_command = \"echo ya29.tok\"");
    tracker.config(&config);
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    (peer, tracker)
}

#[test]
fn a_token_is_sent_as_the_server_takes_it() {
    let cases = [
        ("AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER", "XOAUTH2", "user=anna@example.org\u{1}"),
        ("AUTH=PLAIN AUTH=OAUTHBEARER", "OAUTHBEARER", "n,a=anna@example.org,\u{1}host=127.0.0.1\u{1}port=PORT\u{1}"),
    ];
    for (mechanisms, mechanism, head) in cases {
        let (peer, tracker) = set_up(mechanisms, None);
        tracker.ok(&["check"]);
        assert_eq!(tracker.states(), ["accepted"]);
        let message = head.replace("PORT", &peer.port.to_string()) + "auth=Bearer ya29.tok\u{1}\u{1}";
        assert_eq!(peer.commands()[1..3], [format!("AUTHENTICATE {mechanism}"), BASE64_STANDARD.encode(message)]);
    }
}

#[test]
fn a_server_that_takes_no_tokens_is_given_none() {
    let (peer, tracker) = set_up("AUTH=PLAIN", None);
    let run = tracker.run(&["check"]);
    let what =
        format!("tracker: account `home`: `127.0.0.1:{}` takes no access tokens; use a password instead\n", peer.port);
    assert_eq!((run.status, run.stderr), (3, what));
    assert_eq!(peer.commands(), ["CAPABILITY"]);
}

#[test]
fn why_a_token_is_refused_is_told_in_words() {
    let json =
        BASE64_STANDARD.encode("{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}");
    let (_peer, tracker) =
        set_up("AUTH=XOAUTH2", Some(format!("+ {json}\nTAG NO [AUTHENTICATIONFAILED] ya29.tok is bad\n")));
    let run = tracker.run(&["check"]);
    assert_eq!(run.status, 3);
    assert!(!run.stderr.contains("ya29"), "{}", run.stderr);
    let why = "the access token is not valid any more, or was made for something else (status 400); get a fresh \
               token for IMAP with `tracker login`, or see what `token_command` gives\n";
    assert!(run.stderr.ends_with(why), "{}", run.stderr);
}

/// An introspection endpoint (RFC 7662) that knows one token, in plain text on this machine.
fn introspection() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://127.0.0.1:{}/", listener.local_addr().expect("an address").port());
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let (mut request, mut bytes) = (String::new(), [0; 4096]);
            while !request.contains("token=") {
                let Ok(count @ 1..) = socket.read(&mut bytes) else { break };
                request.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
            let text = if request.contains("ya29.tok") {
                format!("{{\"active\": true, \"email\": \"{ANNA}\"}}")
            } else {
                "{\"active\": false}".to_owned()
            };
            let head = format!("Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close", text.len());
            let _ = write!(socket, "HTTP/1.1 200 OK\r\n{head}\r\n\r\n{text}");
        }
    });
    url
}

#[test]
fn dovecot_takes_the_token_that_its_token_server_knows() {
    let url = introspection();
    for mechanism in ["xoauth2", "oauthbearer"] {
        let dovecot = Dovecot::with_tokens(mechanism, &url);
        dovecot.deliver(ANNA, "INBOX", &mails::acceptance(ANNA, AT).raw(), AT);
        let with = |token: &str| {
            let tracker = Tracker::new();
            let command = format!("token_command = \"echo {token}\"");
            tracker
                .config(&dovecot.account("home", ANNA).replace("password_command = \"echo correct-horse\"", &command));
            tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
            tracker
        };
        let good = with("ya29.tok");
        assert_eq!(good.run(&["check"]).stderr, "");
        assert_eq!(good.states(), ["accepted"]);
        let run = with("ya29.old").run(&["check"]);
        assert_eq!(run.status, 3);
        assert!(
            run.stderr.contains("refused the access token") || run.stderr.contains("refused the login"),
            "{}",
            run.stderr
        );
        assert!(!run.stderr.contains("ya29"), "{}", run.stderr);
    }
}
