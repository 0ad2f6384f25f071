//! No change to what is signed leaves a mail authentic: any byte of a covered header's value or of the body.

use proptest::prelude::*;

use crate::support::bench::{ANNA, AT, Bench};
use crate::support::mails;
use crate::support::sign::{Key, Signer, ed25519, rsa};

const SUPPORT: &str = "support.facebook.com";

fn kinds() -> [(&'static str, &'static Key); 3] {
    [("s1", rsa(2048)), ("s1024", rsa(1024)), ("ed", ed25519())]
}

fn signed(kind: usize, is_relaxed: bool) -> Vec<u8> {
    let (selector, key) = kinds()[kind];
    let signer = Signer { is_relaxed, ..Signer::new(SUPPORT, selector) };
    signer.sign(key, &mails::acceptance(ANNA, AT).message()).into_bytes()
}

/// The places that count: the values of the covered headers and all of the body, without line ends.
fn places(raw: &[u8]) -> Vec<usize> {
    let text = std::str::from_utf8(raw).expect("ASCII");
    let body = text.find("\r\n\r\n").expect("a body") + 4;
    let mut places = Vec::new();
    for name in ["Date", "To", "Subject", "From", "MIME-Version", "Content-Type"] {
        let start = text.find(&format!("\r\n{name}: ")).expect("a header") + name.len() + 4;
        let end = start + text[start..].find("\r\n").expect("an end");
        places.extend(start..end);
    }
    places.extend((body..raw.len()).filter(|at| !b"\r\n".contains(&raw[*at])));
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_byte_can_be_changed(kind in 0..3_usize, is_relaxed: bool, place: prop::sample::Index, byte: u8) {
        let mut raw = signed(kind, is_relaxed);
        let at = *place.get(&places(&raw));
        // A blank for a blank is no change (RFC 6376 §3.4.2).
        let is_blank = |b: u8| b == b' ' || b == b'\t';
        prop_assume!(raw[at] != byte && !(is_blank(raw[at]) && is_blank(byte)));
        raw[at] = byte;
        let judged = Bench::new(ANNA).take_at(&raw, AT);
        prop_assert_ne!(judged.verdict(), "authentic", "{} for {}", judged.reason(), at);
        prop_assert_eq!(judged.state.as_str(), "submitted");
    }

    #[test]
    fn nothing_can_be_put_in(kind in 0..3_usize, is_relaxed: bool, place: prop::sample::Index, text in "[!-~]{1,12}") {
        let mut raw = signed(kind, is_relaxed);
        let at = *place.get(&places(&raw));
        raw.splice(at..at, text.bytes());
        let judged = Bench::new(ANNA).take_at(&raw, AT);
        prop_assert_ne!(judged.verdict(), "authentic", "{}", judged.reason());
    }

    #[test]
    fn nothing_can_be_left_out(kind in 0..3_usize, is_relaxed: bool, place: prop::sample::Index) {
        let mut raw = signed(kind, is_relaxed);
        let at = *place.get(&places(&raw));
        prop_assume!(!raw[at].is_ascii_whitespace());
        raw.remove(at);
        let judged = Bench::new(ANNA).take_at(&raw, AT);
        prop_assert_ne!(judged.verdict(), "authentic", "{}", judged.reason());
    }
}

#[test]
fn what_is_changed_is_authentic_before() {
    for kind in 0..3 {
        for is_relaxed in [true, false] {
            let judged = Bench::new(ANNA).take_at(&signed(kind, is_relaxed), AT);
            assert_eq!(judged.verdict(), "authentic", "{}", judged.reason());
        }
    }
}

/// A refusal in the header sets that genuine mails have (facts, headers/): what is signed, and what is not.
fn genuine_shapes() -> [String; 3] {
    let meta = "X-Facebook: from 2401:db00::1 ([MTI3LjAuMC4x]) by www.facebook.com with HTTPS (ZuckMail);\r\n\
                Date: Tue, 24 Nov 2026 11:55:00 +0000\r\nTo: anna@example.org\r\nSubject: Your request #100200300400500\r\n\
                X-Priority: 3\r\nX-Mailer: ZuckMail [version 1.00]\r\nReturn-Path: noreply@support.facebook.com\r\n\
                From: \"Facebook\" <noreply@support.facebook.com>\r\nReply-To: noreply <noreply@facebookmail.com>\r\n\
                Errors-To: noreply@support.facebook.com\r\nX-Auto-Response-Suppress: All\r\n\
                Message-ID: <0123456789abcdef@www.facebook.com>\r\nMIME-Version: 1.0\r\n";
    let words = "Hi,\r\n\r\nWe reviewed your request and we will n=\r\not honor your objection. You can=E2=80=99t object to it.\r\n";
    let html = format!("<html><body><p>{}</p></body></html>\r\n", words.replace("Hi,\r\n\r\n", ""));
    let single = format!(
        "{meta}Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=\"UTF-8\"\r\n\r\n{html}"
    );
    let part = |kind: &str, body: &str| {
        format!(
            "--b1_01\r\nContent-Type: text/{kind}; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body}\r\n"
        )
    };
    let several = format!(
        "{meta}Content-Type: multipart/alternative;\r\n\tboundary=\"b1_01\"\r\n\r\n{}{}--b1_01--\r\n",
        part("plain", words),
        part("html", &html)
    );
    let plain = format!(
        "{meta}Content-Type: text/plain; charset=\"UTF-8\"\r\n\r\n{}",
        words.replace("=\r\n", "").replace("can=E2=80=99t", "cannot")
    );
    [single, several, plain].map(|message| Signer::new(SUPPORT, "s1").sign(rsa(2048), &message))
}

/// What comes of a mail: its verdict, and the state that it brings about.
fn outcome(mail: &str) -> (&'static str, String) {
    let judged = Bench::new(ANNA).take(mail);
    (judged.verdict(), judged.state.as_str().to_owned())
}

#[test]
fn no_header_taken_away_doubled_or_changed_makes_another_state() {
    for mail in genuine_shapes() {
        assert_eq!(outcome(&mail), ("authentic", "refused".to_owned()), "{mail}");
        let (head, body) = mail.split_once("\r\n\r\n").expect("a body");
        let unfolded = head.replace("\r\n\t", "\u{1}").replace("\r\n ", "\u{2}");
        let fields: Vec<&str> = unfolded.split("\r\n").collect();
        for at in 0..fields.len() {
            let name = fields[at].split(':').next().expect("a name");
            let others =
                ["8bit", "base64", "text/plain; charset=utf-7", "multipart/mixed; boundary=b1_0", "accepted", ""];
            let mut mutants = vec![Vec::new(), vec![fields[at].to_owned(), fields[at].to_owned()]];
            mutants.extend(others.iter().map(|value| vec![format!("{name}: {value}")]));
            mutants.extend(others.iter().map(|value| vec![format!("{name}: {value}"), fields[at].to_owned()]));
            for mutant in mutants {
                let mut changed: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
                changed.splice(at..=at, mutant);
                let head = changed.join("\r\n").replace('\u{1}', "\r\n\t").replace('\u{2}', "\r\n ");
                let mail = format!("{head}\r\n\r\n{body}");
                let (verdict, state) = outcome(&mail);
                assert!(
                    state == "submitted" || state == "refused" && verdict == "authentic",
                    "{verdict} {state}\n{mail}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_byte_of_a_header_makes_another_state(which in 0..3_usize, place: prop::sample::Index, byte in 9..127_u8) {
        let mail = genuine_shapes()[which].clone();
        let end = mail.find("\r\n\r\n").expect("a body");
        let mut raw = mail.into_bytes();
        let at = place.index(end);
        raw[at] = byte;
        let judged = Bench::new(ANNA).take_at(&raw, AT);
        let state = judged.state.as_str();
        let is_same = state == "submitted" || state == "refused" && judged.verdict() == "authentic";
        prop_assert!(is_same, "{} {state}", judged.verdict());
    }
}

/// Whether a changed mail brings about no state that the original does not, nor this one without a proof.
fn is_harmless(raw: &[u8]) -> bool {
    let judged = Bench::new(ANNA).take_at(raw, AT);
    let state = judged.state.as_str();
    state == "submitted" || state == "refused" && judged.verdict() == "authentic"
}

#[test]
#[ignore = "takes half an hour: every byte of every genuine shape; tests/run --run-ignored=only mutations"]
fn no_byte_of_a_genuine_mail_makes_another_state() {
    for mail in genuine_shapes() {
        for at in 0..mail.len() {
            for byte in [b' ', b'=', b'\n', b';', b'"', mail.as_bytes()[at] ^ 1] {
                let mut changed = mail.clone().into_bytes();
                changed[at] = byte;
                assert!(is_harmless(&changed), "{byte} at {at}\n{mail}");
            }
            let mut shorter = mail.clone().into_bytes();
            shorter.remove(at);
            assert!(is_harmless(&shorter), "without {at}\n{mail}");
        }
    }
}
