//! Logins: by every mechanism that a server may want, and never more often than it bears.

use crate::support::dovecot::Dovecot;
use crate::support::peer::{Answer, Peer};
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";

fn tracker(config: &str) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&(config.to_owned() + "[dkim]\nverify = false\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker
}

#[test]
fn a_password_is_proven_by_the_mechanism_that_the_server_takes() {
    for mechanism in ["login", "cram-md5", "scram-sha-256"] {
        let dovecot = Dovecot::with_mechanisms(mechanism);
        let config = dovecot.account("home", ANNA);
        assert_eq!(tracker(&config).ok(&["check"]), "", "{mechanism}");
        let run = tracker(&config.replace("echo correct-horse", "echo wrong-horse")).run(&["check"]);
        let refused = "refused the login: \"[AUTHENTICATIONFAILED] Authentication failed.\"; check user and password\n";
        assert!(run.stderr.ends_with(refused), "{mechanism}: {run:?}");
    }
}

#[test]
fn another_mechanism_is_tried_only_where_the_server_does_not_take_the_first() {
    let commands = |refusal: &'static str| {
        let peer =
            Peer::start(&[("INBOX", "2026-11-24T11:55:00Z", mails::newsletter(ANNA, "2026-11-24T11:55:00Z").raw())]);
        let tracker = tracker(&peer.account("home", ANNA));
        peer.script(move |command| match command {
            "CAPABILITY" => Some(Answer::text("* CAPABILITY IMAP4rev1 AUTH=LOGIN AUTH=PLAIN\nTAG OK done\n")),
            "RESPONSE" => Some(Answer::text(refusal)),
            _ => None,
        });
        let status = tracker.run(&["check"]).status;
        let is_login = |command: &String| command.starts_with("AUTHENTICATE") || command.starts_with("LOGIN");
        (status, peer.commands().into_iter().filter(is_login).count())
    };
    assert_eq!(commands("TAG NO [AUTHENTICATIONFAILED] unsupported password\n"), (3, 1));
    assert_eq!(commands("TAG NO no\n"), (3, 1));
    assert_eq!(commands("TAG NO temporary authentication failure\n"), (3, 1));
    assert_eq!(commands("TAG NO Unsupported authentication mechanism\n"), (3, 3));
    assert_eq!(commands("TAG BAD what?\n"), (3, 3));
}

#[test]
fn an_account_that_is_left_alone_is_tried_again_after_a_day() {
    let peer = Peer::start(&[]);
    let mut tracker = tracker(&peer.account("home", ANNA));
    peer.script(|command| (command == "RESPONSE").then(|| Answer::text("TAG NO no\n")));
    for _ in 0..4 {
        tracker.run(&["check"]);
    }
    peer.script(|_| None);
    assert!(tracker.run(&["check"]).stderr.contains("tried once a day only"));
    tracker.at("2026-11-25T12:00:00Z");
    tracker.ok(&["check"]);
}

#[test]
fn a_mailbox_that_the_configuration_names_and_that_is_not_there_is_told() {
    let peer = Peer::start(&[]);
    for name in ["Elsewhere", "\\\\Archive"] {
        let tracker = tracker(&(peer.account("home", ANNA) + &format!("mailboxes = [\"INBOX\", \"{name}\"]\n")));
        let run = tracker.run(&["check"]);
        assert!(run.stderr.ends_with("there are: INBOX, Spam\n"), "{run:?}");
        assert_eq!(run.status, 3);
    }
}

#[test]
fn every_junk_mailbox_is_read_and_doctor_says_when_there_is_none() {
    let junk = mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw();
    let peer = Peer::start(&[("Old.Spam", "2026-11-24T11:55:00Z", junk)]);
    let tracker = tracker(&peer.account("home", ANNA));
    peer.script(|command| {
        let list = "* LIST () \".\" INBOX\n* LIST () \".\" Junk\n* LIST () \".\" Old.Spam\nTAG OK done\n";
        command.starts_with("LIST").then(|| Answer::text(list))
    });
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
    peer.script(|command| command.starts_with("LIST").then(|| Answer::text("* LIST () \".\" INBOX\nTAG OK done\n")));
    assert!(tracker.run(&["doctor"]).stdout.contains("no junk mailbox is found"));
}
