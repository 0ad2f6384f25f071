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
