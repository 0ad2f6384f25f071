//! Forgeries, one row each: what is done, and what must come of it. None may be authentic, none may move a state.
//!
//! Most start from a mail that the controller really signed, and that the provider's server would call genuine: what
//! moves the state untouched must not move it with the trick.

mod authors;
mod replays;
mod results;
mod signatures;

use crate::support::Tracker;
use crate::support::bench::{ANNA, AT, Bench, SUBMITTED};
use crate::support::dns::Dns;
use crate::support::dovecot::Dovecot;
use crate::support::mails::{self, Mail};
use crate::support::sign::{Signer, rsa};

const SUPPORT: &str = "support.facebook.com";
const PASS: &str =
    "mx.example.org; dkim=pass header.d=support.facebook.com; dmarc=pass header.from=support.facebook.com";

struct Row {
    /// What the forger does.
    what: &'static str,
    mail: String,
    /// What comes of it: `ignored`, or the reason it is held for.
    outcome: &'static str,
}

impl Row {
    fn replaced(mut self, from: &str, to: &str) -> Self {
        self.mail = self.mail.replace(from, to);
        self
    }
}

fn row(what: &'static str, outcome: &'static str, mail: impl Into<String>) -> Row {
    Row { what, mail: mail.into(), outcome }
}

fn genuine() -> Mail {
    mails::acceptance(ANNA, AT)
}

fn signer() -> Signer {
    Signer::new(SUPPORT, "s1")
}

fn by(signer: &Signer, mail: &Mail) -> String {
    signer.sign(rsa(2048), &mail.message())
}

/// The genuine mail with its genuine signature, as it came from the controller.
fn signed() -> String {
    by(&signer(), &genuine())
}

/// As a stranger's server hands it to the provider's, which says what it saw.
fn sent_on(results: &str, message: &str) -> String {
    let date = "Tue, 24 Nov 2026 11:55:00 +0000";
    let results = if results.is_empty() { String::new() } else { format!("Authentication-Results: {results}\r\n") };
    format!(
        "{results}Received: from mail.evil.example ([203.0.113.9]) by mx.example.org with ESMTPS; {date}\r\n{message}"
    )
}

/// With no word of the provider's.
fn alone(message: &str) -> String {
    sent_on("", message)
}

/// The unsigned mail, with a From of the forger's choice.
fn from(value: &str) -> String {
    genuine().message().replace("From: Facebook <case++aBcD1234EfGh@support.facebook.com>", value)
}

fn table() -> Vec<Row> {
    let parts = [
        authors::authors(),
        authors::domains(),
        signatures::signatures(),
        signatures::floods(),
        results::results(),
        results::words(),
        results::greetings(),
        results::contradictions(),
        replays::replays(),
    ];
    parts.into_iter().flatten().collect()
}

#[test]
fn no_forgery_is_authentic_or_moves_a_state() {
    let rows = table();
    assert!(rows.len() > 100, "{}", rows.len());
    let mut wrong = Vec::new();
    for Row { what, mail, outcome } in &rows {
        for mail in [mail.clone(), mail.replace("\r\n", "\n")] {
            let judged = Bench::new(ANNA).take(&mail);
            let is_moved = judged.state.as_str() != "submitted";
            let is_believed = judged.verdict() == "authentic" && outcome.starts_with("sender_");
            if is_moved || is_believed || judged.outcome() != *outcome {
                wrong.push(format!("{what}: {} instead of {outcome} ({})", judged.outcome(), judged.reason()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_forgery_moves_a_state_on_a_real_server() {
    let (dovecot, dns) = (Dovecot::start(), Dns::start());
    for domain in [SUPPORT, "facebookmail.com", "facebook.com", "evil.example", "facebookmail.corn"] {
        dns.publish("s1", domain, &rsa(2048).record());
    }
    let tracker = Tracker::new();
    tracker.config(&(dovecot.account("home", ANNA) + &dns.config()));
    tracker.add("facebook", ANNA, SUBMITTED);
    let rows = table();
    for Row { mail, .. } in &rows {
        dovecot.deliver(ANNA, "INBOX", mail, AT);
    }
    let held = tracker.ok(&["check"]).lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(held.iter().all(|line| line.starts_with("mail ") && line.contains(" held (")), "{held:#?}");
    assert!(held.iter().any(|line| line.contains("(sender_failed): forged: `accepted` from ")), "{held:#?}");
    assert_eq!(tracker.states(), ["submitted"]);
    // The genuine mail, which comes last, still counts.
    dovecot.deliver(ANNA, "INBOX", &alone(&signed()), AT);
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn what_the_forgeries_start_from_is_authentic() {
    let sub_identity = by(&signer().tagged("i=@a.support.facebook.com"), &genuine());
    let simple = Signer { is_relaxed: false, ..signer() };
    let oversigned = signer().covering("From:From:To:To:Subject:Subject:Date:Date:Message-ID:Content-Type");
    let mails = [
        alone(&signed()),
        sent_on(PASS, &signed()),
        sent_on(PASS, &genuine().message()),
        alone(&by(&simple, &genuine())),
        alone(&by(&oversigned, &genuine())),
        alone(&sub_identity),
        alone(&by(&Signer::new("facebook.com", "s1").tagged("t=1795000000; x=1990000000; q=dns/txt"), &genuine())),
        alone(&by(&signer().covering("from : to : subject : date"), &genuine())),
        // A stranger's signature, and one that was broken on the way, do no harm beside a good one.
        alone(&Signer::new("evil.example", "s1").sign(rsa(2048), &signed())),
        alone(&format!(
            "{}{}",
            signed().split("Date: ").next().expect("a signature").replace("b=", "b=AAAA"),
            signed()
        )),
    ];
    for mail in mails {
        let judged = Bench::new(ANNA).take(&mail);
        assert_eq!((judged.outcome(), judged.verdict()), ("applied", "authentic"), "{}\n{mail}", judged.reason());
    }
}

#[test]
fn a_signed_mail_counts_once() {
    let mut bench = Bench::new(ANNA);
    let signer = Signer::new("facebookmail.com", "s1");
    let code = mails::code(ANNA, "271828", AT);
    assert_eq!(bench.take(&alone(&signer.sign(rsa(2048), &code.message()))).outcome(), "applied");
    // Neither another Message-ID, nor trace headers, nor blanks, nor another signature make another mail of it.
    let again = signer.sign(rsa(2048), &code.message()).replace("Message-ID: <", "Message-ID: <again-");
    let signed_anew = Signer::new("facebookmail.com", "s1024").sign(rsa(1024), &code.message());
    for message in [
        again.clone(),
        again.replace("Subject: ", "Subject:\t  "),
        again.replace("to verify", "to  verify"),
        signed_anew,
    ] {
        assert_eq!(bench.take(&alone(&message)).outcome(), "ignored", "{message}");
    }
}
