//! Who wrote it: From headers that a reader could take for the controller's.

use super::{PASS, Row, alone, from, row, sent_on, signed};
use crate::support::bench::ANNA;

/// From headers that are not one plain address.
pub fn authors() -> Vec<Row> {
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
            pass(from("From: <x@evil.example>\r\nFr om: <a@support.facebook.com>")),
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
    ]
}

/// Domains that are not the controller's, and mails that are not the sender's.
pub fn domains() -> Vec<Row> {
    let pass = |message: String| sent_on(PASS, &message);
    let genuine_from = "From: Facebook <case++aBcD1234EfGh@support.facebook.com>";
    vec![
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
