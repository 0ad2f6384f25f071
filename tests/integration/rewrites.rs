//! Stores that re-encode mail after their servers judged it: their word counts where only the body differs.

use crate::support::bench::{ANNA, AT, Bench};
use crate::support::mails;
use crate::support::sign::{Signer, rsa};

const SUPPORT: &str = "support.facebook.com";
const LINES: &str = "host = \"imap.example.org\"\nauthserv_ids = [\"mx.example.org\"]";
const DKIM: &str = "mx.example.org; dkim=pass header.d=support.facebook.com";
const DMARC: &str = "mx.example.org; dmarc=pass header.from=support.facebook.com";

fn stored(results: &str, message: &str) -> String {
    format!(
        "Authentication-Results: {results}\r\nReceived: from mx.facebook.com ([66.220.155.144]) by mx.example.org; \
         Tue, 24 Nov 2026 11:55:00 +0000\r\n{message}"
    )
}

fn signer() -> Signer {
    Signer::new(SUPPORT, "s1")
}

fn sign(signer: &Signer) -> String {
    signer.sign(rsa(2048), &mails::acceptance(ANNA, AT).message())
}

/// What a store makes of a mail: 8bit into quoted-printable.
fn rewritten(message: &str) -> String {
    let said = "charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable";
    message.replace("charset=utf-8", said).replace("We've", "We=27ve")
}

fn judged(lines: &str, mail: &str) -> (String, String) {
    let judged = Bench::of_account(ANNA, &format!("{LINES}\n{lines}")).take(mail);
    (format!("{} {}", judged.outcome(), judged.verdict()), judged.reason().to_owned())
}

#[test]
fn what_the_store_rewrote_counts_on_its_servers_word() {
    for results in [DKIM, DMARC] {
        let mail = stored(results, &rewritten(&sign(&signer())));
        let (outcome, why) = judged("rewrites = true", &mail);
        assert_eq!(outcome, "applied authentic", "{why}\n{mail}");
        assert!(why.ends_with("says mx.example.org"), "{why}");
        // Of a store that is not known for it, it is not.
        let (outcome, why) = judged("", &mail);
        assert_eq!(outcome, "sender_unverified unverified");
        assert!(why.contains("it was changed after delivery: ") && !why.contains("forged"), "{why}");
    }
}

#[test]
fn nothing_else_counts_on_its_word() {
    let plain = rewritten(&sign(&signer()));
    let open = rewritten(&sign(&Signer { length: Some(20), ..signer() }));
    let rows = [
        ("another subject", stored(DKIM, &plain.replace("Subject: ", "Subject: [EXTERN] ")), "unverified"),
        ("an open body", stored(DKIM, &open), "unverified"),
        ("no To", stored(DKIM, &rewritten(&sign(&signer().covering("Date:From:Subject:Content-Type")))), "unverified"),
        ("no Content-Type", stored(DKIM, &rewritten(&sign(&signer().covering("Date:From:To:Subject")))), "unverified"),
        ("a key that is gone", stored(DKIM, &rewritten(&sign(&Signer::new(SUPPORT, "gone")))), "unverified"),
        ("a key that is another", stored(DKIM, &plain.replace("s=s1;", "s=s1024;")), "unverified"),
        ("the server's no", stored("mx.example.org; dkim=fail header.d=support.facebook.com", &plain), "failed"),
        (
            "the server's silence",
            stored("mx.example.org; spf=pass smtp.mailfrom=support.facebook.com", &plain),
            "failed",
        ),
        ("nobody's word", plain.clone(), "failed"),
        ("another server's word", stored(&DKIM.replace("mx.", "mx2."), &plain), "failed"),
        (
            "an encoding that was taken away before",
            stored(DKIM, &plain.replace("will honor", "can=3DE2=3D80=3D99t honor")),
            "unverified",
        ),
    ];
    for (what, mail, verdict) in rows {
        let (outcome, why) = judged("rewrites = true", &mail);
        assert_eq!(outcome, format!("sender_{verdict} {verdict}"), "{what}: {why}\n{mail}");
    }
}
