//! Genuine mail where it does not belong, and genuine mail that carries a stranger's words.

use super::{PASS, Row, alone, by, row, sent_on, signer};
use crate::support::bench::{ANNA, AT};
use crate::support::mails;
use crate::support::sign::{Signer, rsa};

pub fn replays() -> Vec<Row> {
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
    let message = mails::acceptance(ANNA, AT).message().replace(&format!("To: {ANNA}\r\n"), "");
    let without_to = signer().sign(rsa(2048), &message);
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
        row(
            "a genuine mail without To, whose absence is signed",
            "wrong_recipient",
            format!("Delivered-To: {ANNA}\r\n{}", alone(&without_to)),
        ),
        row(
            "the same, with the server's word",
            "wrong_recipient",
            format!("X-Original-To: {ANNA}\r\nDelivered-To: {ANNA}\r\n{}", sent_on(PASS, &without_to)),
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
