//! Mails that the program once got wrong, each of which stands for a class; what must come of them.
//!
//! The keys are those of `zone.json`. The objection is submitted at 08:00 on 4 May 2026, and it is 09:30.

use std::path::Path;

use crate::support::bench::Bench;

const SUBMITTED: &str = "2026-05-04T08:00:00Z";
const ARRIVED: &str = "2026-05-04T08:12:00Z";
const NOW: &str = "2026-05-04T09:30:00Z";
const NORA: &str = "nora@example.org";

/// Mails of providers that do to them what others do not: of whose address, and what comes of them.
const STORED: &[(&str, &str, &str, &str)] = &[
    ("store-rewrites-body/outlook.eml", "nora@outlook.com", "applied", "authentic"),
    ("store-rewrites-body/proton.eml", "nora@proton.me", "applied", "authentic"),
    ("store-rewrites-body/outlook.eml", "nora@gmx.de", "sender_failed", "failed"),
    ("store-rewrites-body/subjecttag.eml", "nora@example.org", "sender_unverified", "unverified"),
];

/// Mails that only their reader can read: by whom, where it is not the controller's own signature alone.
const ENCRYPTED: [(&str, &str, &str); 2] = [
    ("encrypted-mail-ignored/code.eml", "unreadable", "verified"),
    ("encrypted-mail-ignored/inbound.eml", "sender_unverified", "the mail is encrypted"),
];

#[test]
fn encrypted_mail_that_is_waited_for_is_held() {
    for (name, outcome, why) in ENCRYPTED {
        let raw = read(name).replace("\r\n", "\n").replace('\n', "\r\n");
        // With the server's word and without; and as OpenPGP in the text, S/MIME, and S/MIME by its old name.
        let silent = raw.replace("dkim=pass header.d=support.facebook.com", "spf=none");
        for raw in [raw.clone(), silent] {
            let mut bench = Bench::at(NORA, SUBMITTED, NOW);
            publish(&mut bench);
            let judged = bench.take_at(raw.as_bytes(), ARRIVED);
            assert_eq!(judged.outcome(), outcome, "{name}: {}", judged.reason());
            assert!(judged.reason().contains(why), "{name}: {}", judged.reason());
            // Nobody waits for it.
            let mut bench = Bench::at("ben@example.org", SUBMITTED, NOW);
            publish(&mut bench);
            assert_eq!(bench.take_at(raw.as_bytes(), ARRIVED).outcome(), "ignored");
        }
    }
}

#[test]
fn every_way_to_encrypt_is_known() {
    let armour = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n-----END PGP MESSAGE-----";
    for (kind, body) in [
        ("text/plain; charset=utf-8", armour),
        ("application/pkcs7-mime; smime-type=enveloped-data", "MIAGCSqG"),
        ("application/x-pkcs7-mime", "MIAGCSqG"),
        ("multipart/encrypted; boundary=b", "--b\r\n\r\nVersion: 1\r\n--b--"),
    ] {
        let mail = format!(
            "From: Facebook <noreply@support.facebook.com>\r\nTo: {NORA}\r\nSubject: Your request\r\n\
             Date: Mon, 04 May 2026 08:12:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
        );
        let judged = Bench::at(NORA, SUBMITTED, NOW).take_at(mail.as_bytes(), ARRIVED);
        assert_eq!(judged.outcome(), "sender_unverified", "{kind}: {}", judged.reason());
        assert!(judged.reason().ends_with("; the mail is encrypted"), "{kind}: {}", judged.reason());
    }
}

/// A mail in `cases/`, whom it is for, and its outcome and verdict.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("idn-recipient/dots.eml", "nora.test@gmail.com", "applied", "authentic"),
    ("idn-recipient/googlemail.eml", "nora.test@gmail.com", "applied", "authentic"),
    ("idn-recipient/idn.eml", "nora@müller.example", "applied", "authentic"),
    ("idn-recipient/idn.eml", "nora@xn--mller-kva.example", "applied", "authentic"),
    ("idn-recipient/idn_unknown_words.eml", "nora@müller.example", "unrecognised", "authentic"),
    ("sender/many-sixteen-before-l.eml", NORA, "sender_unverified", "unverified"),
    ("sender/quoted-printable-refusal.eml", NORA, "applied", "authentic"),
    ("sender/cte-removed.eml", NORA, "sender_unverified", "unverified"),
    ("sender/recipients-no-to-oversigned.eml", NORA, "wrong_recipient", "authentic"),
    ("sender/white-space-blank-line-of-a-space.eml", NORA, "applied", "authentic"),
    ("sender/unsigned-mime-boundary-in-attached-mail.eml", NORA, "sender_unverified", "unverified"),
];

/// Mail that an alias relay sent on, and whose objection it is for.
const RELAYED: [(&str, &str, &str); 4] = [
    ("alias-relay-ignored/duck.eml", "nora.x1@alias.example", "DuckDuckGo sent it on"),
    ("alias-relay-ignored/hidemyemail.eml", "nora.x1@alias.example", "Hide My Email sent it on"),
    ("alias-relay-ignored/mozmail.eml", NORA, "Firefox Relay sent it on"),
    ("alias-relay-ignored/simplelogin.eml", "nora.x1@alias.example", "SimpleLogin sent it on"),
];

#[test]
fn what_an_alias_relay_sent_on_is_held_and_the_relay_named() {
    for (name, email, why) in RELAYED {
        let raw = read(name).replace("\r\n", "\n").replace('\n', "\r\n");
        let take = |raw: &str, email: &str| {
            let mut bench = Bench::at(email, SUBMITTED, NOW);
            publish(&mut bench);
            bench.take_at(raw.as_bytes(), ARRIVED)
        };
        let judged = take(&raw, email);
        assert_eq!(judged.outcome(), "sender_unverified", "{name}: {}", judged.reason());
        assert!(judged.reason().starts_with(why), "{name}: {}", judged.reason());
        // To somebody else, or by somebody else, it is none of our business.
        assert_eq!(take(&raw, "ben@example.org").outcome(), "ignored", "{name}");
        let other =
            raw.replace("support.facebook.com", "shop.example.com").replace("support_facebook_com", "shop_example_com");
        assert_eq!(take(&other, email).outcome(), "ignored", "{name}");
    }
    // Firefox Relay may name the alias, which the form was given, as the sender only.
    let raw = read("alias-relay-ignored/mozmail.eml").replace('\n', "\r\n");
    let mut bench = Bench::at("nora.x1@mozmail.com", SUBMITTED, NOW);
    assert_eq!(bench.take_at(raw.as_bytes(), ARRIVED).outcome(), "sender_unverified");
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/cases");
    std::fs::read_to_string(folder.join(name)).expect("a case")
}

fn publish(bench: &mut Bench) {
    let zone: serde_json::Value = serde_json::from_str(&read("zone.json")).expect("JSON");
    for (name, record) in zone.as_object().expect("names") {
        bench.publish(name, record.as_str().expect("a record"));
    }
}

#[test]
fn every_stored_case_comes_out_right() {
    for (name, account, outcome, verdict) in STORED {
        let lines = match *account {
            NORA => "host = \"imap.example.org\"\nauthserv_ids = [\"mx.example.org\"]\nrewrites = true",
            _ => "",
        };
        let mut bench = Bench::at(NORA, SUBMITTED, NOW);
        bench.trusted = Bench::of_account(account, lines).trusted;
        publish(&mut bench);
        let raw = read(name).replace("\r\n", "\n").replace('\n', "\r\n");
        let judged = bench.take_at(raw.as_bytes(), ARRIVED);
        assert_eq!((judged.outcome(), judged.verdict()), (*outcome, *verdict), "{name}: {}", judged.reason());
    }
}

#[test]
fn every_case_comes_out_right() {
    let mut wrong = Vec::new();
    for (name, email, outcome, verdict) in CASES {
        let raw = read(name).replace("\r\n", "\n").replace('\n', "\r\n");
        for raw in [raw.clone(), raw.replace("\r\n", "\n")] {
            let mut bench = Bench::at(email, SUBMITTED, NOW);
            publish(&mut bench);
            let judged = bench.take_at(raw.as_bytes(), ARRIVED);
            if (judged.outcome(), judged.verdict()) != (*outcome, *verdict) {
                wrong.push(format!("{name}: {} {} ({})", judged.outcome(), judged.verdict(), judged.reason()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
