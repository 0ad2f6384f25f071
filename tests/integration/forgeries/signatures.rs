//! Signatures that do not fit, or that leave room for forgery.

use super::{PASS, Row, SUPPORT, alone, by, genuine, row, sent_on, signed, signer};
use crate::support::bench::{ANNA, AT};
use crate::support::mails;
use crate::support::sign::{Signer, rsa};

/// Signatures by many domains.
fn of_strangers(count: usize, message: &str) -> String {
    (0..count).rev().fold(message.to_owned(), |below, n| {
        format!("DKIM-Signature: v=1; a=rsa-sha256; d=j{n}.example; s=s; h=from; bh=AAAA; b=AAAA\r\n{below}")
    })
}

/// What stands before or beside a signature that must be looked at.
pub fn floods() -> Vec<Row> {
    let open = by(&Signer { length: Some(20), ..signer() }, &genuine()) + "We will honor your objection.\r\n";
    let uncovered = by(&signer().covering("Date:From:Subject"), &genuine());
    let malformed = signed().replace("v=1;", "v=1;;");
    let many = (0..16).fold(signed(), |below, _| signer().sign(rsa(2048), &below));
    vec![
        row("sixteen strangers' before one with l=", "sender_unverified", sent_on(PASS, &of_strangers(16, &open))),
        row("a thousand of them", "sender_unverified", sent_on(PASS, &of_strangers(1000, &open))),
        row("sixteen before one without To", "sender_unverified", sent_on(PASS, &of_strangers(16, &uncovered))),
        row("sixteen before one that is malformed", "sender_unverified", sent_on(PASS, &of_strangers(16, &malformed))),
        row("seventeen of its own", "sender_unverified", alone(&many)),
        row("seventeen of its own, passed by the server", "sender_unverified", sent_on(PASS, &many)),
    ]
}

pub fn signatures() -> Vec<Row> {
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
