//! Forgeries, one row each: what is done, and what must come of it. None may be authentic, none may move a state.
//!
//! Most start from a mail that the controller really signed, and that the provider's server would call genuine: what
//! moves the state untouched must not move it with the trick.

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

fn authors() -> Vec<Row> {
    let pass = |message: String| sent_on(PASS, &message);
    let genuine_from = "From: Facebook <case++aBcD1234EfGh@support.facebook.com>";
    vec![
        row(
            "two From headers, the false one first",
            "sender_failed",
            pass(from(&format!("From: <x@evil.example>\r\n{genuine_from}"))),
        ),
        row(
            "two From headers, the false one last",
            "sender_failed",
            pass(from(&format!("{genuine_from}\r\nFrom: <x@evil.example>"))),
        ),
        row(
            "a From header put above a signed mail",
            "sender_failed",
            alone(&format!("From: <case++x@support.facebook.com>\r\n{}", signed())),
        ),
        row(
            "a From header put below a signed mail's",
            "sender_failed",
            alone(&signed().replace("To: anna", "From: <a@meta.com>\r\nTo: anna")),
        ),
        row("two authors in one From", "sender_failed", pass(from("From: <a@support.facebook.com>, <b@evil.example>"))),
        row(
            "the same author twice",
            "sender_failed",
            pass(from("From: <a@support.facebook.com>, <a@support.facebook.com>")),
        ),
        row("a group", "sender_failed", pass(from("From: Facebook:a@support.facebook.com,b@support.facebook.com;"))),
        row("a group of one", "sender_failed", pass(from("From: Meta: <a@support.facebook.com>;"))),
        row(
            "a display name that is an address",
            "ignored",
            pass(from("From: \"case++x@support.facebook.com\" <x@evil.example>")),
        ),
        row(
            "a display name that is an address, unquoted",
            "sender_failed",
            pass(from("From: case++x@support.facebook.com <x@evil.example>")),
        ),
        row("two angle addresses", "sender_failed", pass(from("From: <x@evil.example> <a@support.facebook.com>"))),
        row(
            "an address in an encoded word",
            "sender_failed",
            pass(from("From: =?utf-8?q?a=40support=2Efacebook=2Ecom?= <a@support.facebook.com> <x@evil.example>")),
        ),
        row(
            "an encoded word with a NUL after the address",
            "ignored",
            pass(from("From: =?utf-8?b?YUBzdXBwb3J0LmZhY2Vib29rLmNvbQA=?= <x@evil.example>")),
        ),
        row(
            "an encoded word as the address",
            "sender_failed",
            pass(from("From: <=?utf-8?q?a?=@support.facebook.com>, <x@evil.example>")),
        ),
        row(
            "`Fr om:` beside From",
            "sender_failed",
            pass(from(&format!("From: <x@evil.example>\r\nFr om: <a@support.facebook.com>"))),
        ),
        row("`From :` beside From", "sender_failed", pass(from(&format!("{genuine_from}\r\nFrom : <x@evil.example>")))),
        row(
            "a zero-width space in the name of From",
            "sender_failed",
            pass(from(&format!("{genuine_from}\r\nFrom\u{200b}: <x@evil.example>"))),
        ),
        row("a NUL in From", "sender_failed", pass(from("From: Facebook <a@support.facebook.com\0.evil.example>"))),
        row(
            "a bare CR in From",
            "sender_failed",
            pass(from("From: Facebook <x@evil.example>\r <a@support.facebook.com>")),
        ),
        row(
            "a bare CR that hides a second header",
            "sender_failed",
            pass(from(&format!("X-A: b\rFrom: <x@evil.example>\r\n{genuine_from}"))),
        ),
        row("a control character in From", "sender_failed", pass(from("From: Facebook\u{7} <a@support.facebook.com>"))),
        row(
            "a quoted local part with an @",
            "sender_failed",
            pass(from("From: \"a@support.facebook.com\"@evil.example")),
        ),
        row("a route in the address", "sender_failed", pass(from("From: <@support.facebook.com:x@evil.example>"))),
        row(
            "a comment that hides the domain",
            "sender_failed",
            pass(from("From: <x@evil.example(a@support.facebook.com>)>, <a@meta.com>")),
        ),
        row("no From, but a Sender", "ignored", pass(from("Sender: Facebook <a@support.facebook.com>"))),
        row("a sub-domain of somebody else", "ignored", pass(from("From: <a@support.facebook.com.evil.example>"))),
        row("a domain that ends alike", "ignored", pass(from("From: <a@notfacebook.com>"))),
        row("a top-level domain that looks alike", "ignored", pass(from("From: <a@facebookmail.corn>"))),
        row("a Cyrillic letter in the domain", "ignored", pass(from("From: <a@support.f\u{430}cebook.com>"))),
        row("the same in Punycode", "ignored", pass(from("From: <a@xn--fcebookmail-9fb.com>"))),
        row("a full-width letter in the domain", "ignored", pass(from("From: <a@support.\u{ff46}acebook.com>"))),
        row(
            "a genuine mail forwarded as an attachment",
            "ignored",
            alone(&format!(
                "From: <x@evil.example>\r\nTo: {ANNA}\r\nSubject: Fwd\r\nDate: Tue, 24 Nov 2026 11:55:00 +0000\r\nContent-Type: message/rfc822\r\n\r\n{}",
                signed()
            )),
        ),
        row(
            "a line in the header that is no header",
            "sender_failed",
            pass(from(&format!("nonsense\r\n{genuine_from}"))),
        ),
    ]
}

fn signatures() -> Vec<Row> {
    let wrong = |what, change: fn(String) -> String| {
        let failed = change(signed());
        row(what, "sender_failed", alone(&failed))
    };
    let weak = |what, signer: Signer| row(what, "sender_unverified", alone(&by(&signer, &genuine())));
    let open = Signer { length: Some(20), ..signer() };
    let with = |tags: &str| signer().tagged(tags);
    let with_key = |what, selector| {
        let signer = Signer::new(SUPPORT, selector);
        row(what, "sender_unverified", alone(&by(&signer, &genuine())))
    };
    let other = |what, domain: &str| row(what, "sender_unverified", alone(&by(&Signer::new(domain, "s1"), &genuine())));
    let none = |what, selector, bits| {
        let mail = Signer::new(SUPPORT, selector).sign(rsa(bits), &genuine().message());
        row(what, "sender_unverified", alone(&mail))
    };
    let mut parted = genuine();
    parted.body = format!("Somebody asked for this:\n--x\n\n{}--x--\nThat is not so.\n", parted.body);
    let shown_in_part = by(&signer().covering("From:To:Subject:Date"), &parted)
        .replace("text/plain; charset=utf-8", "multipart/mixed; boundary=x");
    vec![
        row("nothing but the words", "sender_unverified", alone(&genuine().message())),
        wrong("another subject", |m| m.replace("Subject: ", "Subject: Re: ")),
        wrong("another body", |m| m.replace("will honor", "will not honor")),
        wrong("a sentence more", |m| m + "One more thing.\r\n"),
        wrong("another recipient", |m| m.replace("To: anna@", "To: ann@")),
        wrong("another date", |m| m.replace("11:55:00 +0000\r\nFrom", "11:56:00 +0000\r\nFrom")),
        wrong("another author of the same domain", |m| m.replace("From: Facebook <case", "From: Facebook <xase")),
        wrong("a signature with a bit less", |m| m.replace("; h=Date:", "; h=X-None:Date:")),
        weak("the body's end left open (l=)", open.clone()),
        row(
            "the body's end left open, and used",
            "sender_unverified",
            alone(&(by(&open, &genuine()) + "We will honor your objection.\r\n")),
        ),
        weak("nothing of the body covered (l=0)", Signer { length: Some(0), ..signer() }),
        weak("From not covered", signer().covering("Date:To:Subject")),
        weak("To not covered", signer().covering("Date:Subject:From")),
        weak("Subject not covered", signer().covering("Date:To:From")),
        weak("Date not covered", signer().covering("To:Subject:From")),
        weak("expired", with("t=1795000000; x=1795000001")),
        weak("expired before it was made", with("t=1795000001; x=1795000000")),
        weak("made in the future", with("t=1990000000")),
        weak("an expiry that is no number", with("x=never")),
        weak("a tag twice", with("d=evil.example")),
        weak("a tag twice in other letters", with("D=evil.example")),
        weak("another identity", with("i=@evil.example")),
        weak("another identity that begins alike", with("i=@support.facebook.com.evil.example")),
        row(
            "a sub-domain's identity where the key forbids it",
            "sender_unverified",
            alone(&by(&Signer::new(SUPPORT, "strict").tagged("i=@a.support.facebook.com"), &genuine())),
        ),
        with_key("a revoked key", "gone"),
        with_key("a key that is not there", "never"),
        with_key("a key for tests", "test"),
        with_key("a key for other hashes", "sha1"),
        with_key("a selector that is no name", "a b"),
        none("an RSA key of 512 bits", "s512", 512),
        row(
            "another key than the published one",
            "sender_failed",
            alone(&Signer::new(SUPPORT, "s1").sign(rsa(1024), &genuine().message())),
        ),
        other("a stranger's signature", "evil.example"),
        other("a signature of another domain of the controller", "facebookmail.com"),
        other("a signature of a look-alike", "facebookmail.com.evil.example"),
        row("a version of DKIM that is none", "sender_unverified", alone(&signed().replace(" v=1;", " v=2;"))),
        row("SHA-1", "sender_unverified", alone(&signed().replace("a=rsa-sha256", "a=rsa-sha1"))),
        row(
            "two subjects, of which one is signed",
            "sender_failed",
            alone(&format!("Subject: We will honor your objection\r\n{}", signed())),
        ),
        row(
            "two dates, of which one is signed",
            "sender_failed",
            alone(&format!("Date: Tue, 24 Nov 2026 11:56:00 +0000\r\n{}", signed())),
        ),
        row(
            "two recipients' headers, of which one is signed",
            "sender_failed",
            alone(&format!("To: {ANNA}\r\n{}", by(&signer(), &mails::acceptance("ben@example.org", AT)))),
        ),
        row("a second Content-Type", "sender_failed", alone(&format!("Content-Type: text/html\r\n{}", signed()))),
        row(
            "a subject of another spelling beside the signed one",
            "sender_failed",
            alone(&format!("Sub\tject: honoured\r\n{}", signed())),
        ),
        row("an unsigned Content-Type that shows a part of the body", "sender_unverified", alone(&shown_in_part)),
        row("a bare CR in the signed body", "sender_unverified", alone(&signed().replace("Hi,", "Hi,\r "))),
    ]
}

fn results() -> Vec<Row> {
    let plain = genuine().message();
    let fail = "mx.example.org; dkim=none; dmarc=fail header.from=support.facebook.com";
    let says = |what, results: &str| row(what, "sender_unverified", sent_on(results, &plain));
    let denied = |what, results: &str| row(what, "sender_failed", sent_on(results, &plain));
    let below = |results: &str| format!("Authentication-Results: {results}\r\n{plain}");
    vec![
        row("results that the forger wrote, under the server's own", "sender_failed", sent_on(fail, &below(PASS))),
        row(
            "results between two servers of the forger's",
            "sender_unverified",
            alone(&format!(
                "Received: from a.evil.example by b.evil.example; Tue, 24 Nov 2026 11:54:00 +0000\r\nAuthentication-Results: {PASS}\r\n{plain}"
            )),
        ),
        row(
            "a Received header that claims to be the server's",
            "sender_unverified",
            alone(&format!(
                "Received: from mx.facebook.com by mx.example.org; Tue, 24 Nov 2026 11:54:00 +0000\r\nAuthentication-Results: {PASS}\r\n{plain}"
            )),
        ),
        row(
            "a host that greets with the server's name",
            "sender_unverified",
            format!(
                "Received: from mx.example.org (unknown [203.0.113.9]) by mx.example.org; Tue, 24 Nov 2026 11:55:00 +0000\r\n\
             Received: from x by mx.example.org; Tue, 24 Nov 2026 11:54:00 +0000\r\nAuthentication-Results: {PASS}\r\n{plain}"
            ),
        ),
        row(
            "results among the sender's own headers",
            "sender_unverified",
            alone(&plain.replace("MIME-Version", &format!("Authentication-Results: {PASS}\r\nMIME-Version"))),
        ),
        says("another server's results", &PASS.replace("mx.example.org", "mx.evil.example")),
        says("a server whose name begins alike", &PASS.replace("mx.example.org", "mx.example.org.evil.example")),
        says("a server whose name is the beginning of ours", &PASS.replace("mx.example.org", "mx.example")),
        says("a server whose name ends alike", &PASS.replace("mx.example.org", "notmx.example.org")),
        says("a server below ours", &PASS.replace("mx.example.org", "a.mx.example.org")),
        says("our server's name in a comment", &PASS.replace("mx.example.org", "evil.example (mx.example.org)")),
        says("our server's name behind another", &PASS.replace("mx.example.org", "evil.example; mx.example.org")),
        says("our server's name in a string", &PASS.replace("mx.example.org", "\"evil.example; mx.example.org\"")),
        says("our server's name with a homograph", &PASS.replace("mx.example.org", "mx.ex\u{430}mple.org")),
        says("the pass in a comment", "mx.example.org; dkim=none (dkim=pass header.d=support.facebook.com)"),
        says(
            "the pass in a nested comment",
            "mx.example.org; dkim=none (x (y) ; dkim=pass header.d=support.facebook.com)",
        ),
        says(
            "the pass in a string",
            "mx.example.org; spf=pass smtp.mailfrom=\"; dkim=pass header.d=support.facebook.com\"",
        ),
        says(
            "the pass in a reason",
            "mx.example.org; dkim=none reason=\"; dmarc=pass header.from=support.facebook.com\"",
        ),
        says("a comment that does not end", "mx.example.org; dkim=none (; dkim=pass header.d=support.facebook.com"),
        says(
            "a string that does not end",
            "mx.example.org; dkim=none reason=\"; dkim=pass header.d=support.facebook.com",
        ),
        says("the word pass as the end of a word", "mx.example.org; dkim=bypass header.d=support.facebook.com"),
        says("a method that ends alike", "mx.example.org; x-dkim=pass header.d=support.facebook.com"),
        says("a pass for nobody", "mx.example.org; dkim=pass"),
        says("a pass for the forger", "mx.example.org; dkim=pass header.d=evil.example"),
        says("a pass for a look-alike", "mx.example.org; dkim=pass header.d=support.facebook.com.evil.example"),
        says("a pass for two domains", "mx.example.org; dkim=pass header.d=evil.example header.d=support.facebook.com"),
        says(
            "a pass for one domain in the name of another",
            "mx.example.org; dkim=pass header.d=evil.example header.i=@support.facebook.com",
        ),
        says("a pass for a whole top-level domain", "mx.example.org; dkim=pass header.d=com"),
        says("SPF alone", "mx.example.org; spf=pass smtp.mailfrom=support.facebook.com"),
        says("SPF of a forwarder, ARC", "mx.example.org; spf=pass smtp.mailfrom=evil.example; arc=pass"),
        says("DMARC for the forger", "mx.example.org; dmarc=pass header.from=evil.example"),
        says("DMARC for nobody", "mx.example.org; dmarc=pass"),
        denied(
            "DMARC failed beside a pass",
            "mx.example.org; dkim=pass header.d=support.facebook.com; dmarc=fail header.from=support.facebook.com",
        ),
        denied("DKIM failed", "mx.example.org; dkim=fail header.d=support.facebook.com"),
        says(
            "results folded inside a comment",
            "mx.example.org; dkim=none\r\n\t(\r\n\tdkim=pass header.d=support.facebook.com)",
        ),
        says(
            "results without a name",
            "dkim=pass header.d=support.facebook.com; dmarc=pass header.from=support.facebook.com",
        ),
        row(
            "the results of ARC",
            "sender_unverified",
            alone(&format!("ARC-Authentication-Results: i=1; {PASS}\r\n{plain}")),
        ),
        row(
            "results in another header",
            "sender_unverified",
            alone(&format!("X-Authentication-Results: {PASS}\r\n{plain}")),
        ),
    ]
}

fn contradictions() -> Vec<Row> {
    let sign = |signer: Signer| by(&signer, &genuine());
    let fail = "mx.example.org; dmarc=fail header.from=support.facebook.com";
    vec![
        row("the server denies what the signature proves", "sender_unverified", sent_on(fail, &signed())),
        row(
            "the server passes what was changed since",
            "sender_unverified",
            sent_on(PASS, &signed().replace("will honor", "won't honor")),
        ),
        row(
            "the server passes an open body",
            "sender_unverified",
            sent_on(PASS, &(sign(Signer { length: Some(20), ..signer() }) + "x\r\n")),
        ),
        row(
            "the server passes an uncovered To",
            "sender_unverified",
            sent_on(PASS, &sign(signer().covering("Date:From:Subject"))),
        ),
        row(
            "the server passes what has expired",
            "sender_unverified",
            sent_on(PASS, &sign(signer().tagged("x=1795000000"))),
        ),
    ]
}

fn replays() -> Vec<Row> {
    let of = |email: &str, at: &str| by(&signer(), &mails::acceptance(email, at));
    let stranger = of("ben@example.org", AT);
    let mut invitation = mails::acceptance(ANNA, AT);
    "Facebook <notification@facebookmail.com>".clone_into(&mut invitation.from);
    let invitation = Signer::new("facebookmail.com", "s1").sign(rsa(2048), &invitation.message());
    let mut code = mails::code(ANNA, "271828", AT);
    "Page <noreply@business.facebook.com>".clone_into(&mut code.from);
    let code = Signer::new("facebook.com", "s1").sign(rsa(2048), &code.message());
    let mut advertisement = mails::acceptance(ANNA, AT);
    "Ads <advertise-noreply@support.facebook.com>".clone_into(&mut advertisement.from);
    let mut hidden = mails::acceptance(ANNA, AT);
    "undisclosed-recipients:;".clone_into(&mut hidden.to);
    vec![
        row("a genuine mail to somebody else, sent on", "wrong_recipient", alone(&stranger)),
        row("the same with a Cc", "wrong_recipient", alone(&format!("Cc: {ANNA}\r\n{stranger}"))),
        row("the same with a Delivered-To", "wrong_recipient", alone(&format!("Delivered-To: {ANNA}\r\n{stranger}"))),
        row("the same with a Resent-To", "wrong_recipient", alone(&format!("Resent-To: {ANNA}\r\n{stranger}"))),
        row(
            "a genuine mail to nobody, sent on",
            "wrong_recipient",
            format!("Delivered-To: {ANNA}\r\n{}", alone(&by(&signer(), &hidden))),
        ),
        row("a genuine mail of last year, sent on", "before_submission", alone(&of(ANNA, "2025-11-24T11:55:00Z"))),
        row("a genuine mail of two hours before", "before_submission", alone(&of(ANNA, "2026-11-24T10:49:00Z"))),
        row(
            "a mail dated in the future",
            "sender_unverified",
            sent_on(PASS, &mails::acceptance(ANNA, "2026-11-24T13:01:00Z").message()),
        ),
        row("a signed mail dated in the future", "sender_unverified", alone(&of(ANNA, "2026-11-25T11:55:00Z"))),
        row("a notification that carries a stranger's words", "unrecognised", alone(&invitation)),
        row("a business invitation with a code", "unrecognised", alone(&code)),
        row("an advertiser's words from a support domain", "unrecognised", alone(&by(&signer(), &advertisement))),
    ]
}

fn table() -> Vec<Row> {
    [authors(), signatures(), results(), contradictions(), replays()].into_iter().flatten().collect()
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
