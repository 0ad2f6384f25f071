//! Authentication-Results that nobody said, or that say something else; and what contradicts them.

use super::{PASS, Row, SUPPORT, alone, by, genuine, row, sent_on, signed, signer};
use crate::support::sign::{Signer, rsa};

pub fn results() -> Vec<Row> {
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

/// What a host can say in its greeting, as the server's `Received` tells it.
pub fn greetings() -> Vec<Row> {
    let below = format!("Authentication-Results: {PASS}\r\n{}", genuine().message());
    let greeted = |what, greeting: &str| {
        let received = format!(
            "Received: from {greeting} (unknown [203.0.113.9]) by mx.example.org with ESMTPS; Tue, 24 Nov 2026 11:55:00 +0000"
        );
        row(what, "sender_unverified", format!("{received}\r\n{below}"))
    };
    vec![
        greeted("a greeting that says by whom", "mx.example.org by x"),
        greeted("a greeting that says by the server", "mx.example.org by mx.example.org"),
        greeted("a greeting that opens a comment", "mx.example.org by mx.example.org ("),
        greeted("a greeting that opens a string", "mx.example.org by mx.example.org \""),
        greeted("a greeting with an address", "mx.example.org (mx.example.org [127.0.0.1]) by mx.example.org"),
        greeted("a greeting that ends the header", "mx.example.org (x [127.0.0.1]) by mx.example.org; Tue"),
        greeted("a greeting with a backslash", "mx.example.org by mx.example.org \\"),
    ]
}

/// Results whose words are not all the server's.
pub fn words() -> Vec<Row> {
    let plain = genuine().message();
    let gone = by(&Signer::new(SUPPORT, "gone"), &genuine());
    let pass = |value: &str| format!("mx.example.org; dkim=pass header.d={value}");
    // Once with a signature whose key is gone, once without, so that the server's word alone is left.
    let says = |what, results: &str| row(what, "sender_unverified", sent_on(results, &gone));
    let unsigned = |what, results: &str| row(what, "sender_unverified", sent_on(results, &plain));
    let author = "dmarc=pass header.from=support.facebook.com";
    vec![
        says("a domain that goes on after a comment", &pass("support.facebook.com(.x).evil.example")),
        says("a domain that goes on after a blank", &pass("support.facebook.com .evil.example")),
        says("a domain that goes on after a tab", &pass("support.facebook.com\t.evil.example")),
        says("a domain that goes on after a fold", &pass("support.facebook.com\r\n\t.evil.example")),
        says("a domain that goes on after a comment apart", &pass("support.facebook.com (x) .evil.example")),
        says("a domain and a stray word", &pass("support.facebook.com evil")),
        says("a domain that a comment clings to", &pass("support.facebook.com(evil)")),
        says("a domain behind a comment", &pass("evil.example(x)support.facebook.com")),
        says("a domain with a blank in a string", &pass("\"evil.example support.facebook.com\"")),
        row(
            "the same beside a signature of the organisation",
            "sender_unverified",
            sent_on(
                &pass("\"evil.example support.facebook.com\""),
                &by(&Signer::new("facebook.com", "gone"), &genuine()),
            ),
        ),
        says("an identity that goes on", "mx.example.org; dkim=pass header.i=@support.facebook.com(.x).evil.example"),
        unsigned(
            "an author that goes on",
            "mx.example.org; dmarc=pass header.from=support.facebook.com(.x).evil.example",
        ),
        unsigned(
            "an author that goes on after a blank",
            "mx.example.org; dmarc=pass header.from=support.facebook.com .x",
        ),
        unsigned("a server whose name goes on", &format!("mx.example.org(.x).evil.example; {author}")),
        unsigned("a server whose name goes on after a blank", &format!("mx.example.org .evil.example; {author}")),
        says("nothing and a pass", "mx.example.org; dkim=pass header.d=support.facebook.com; dkim=none"),
        says(
            "nothing of a domain and a pass of it",
            "mx.example.org; dkim=none header.d=support.facebook.com; dkim=pass header.d=support.facebook.com",
        ),
        unsigned("nothing and a pass for the author", &format!("mx.example.org; {author}; dmarc=none")),
        unsigned("a pass for a signature that is not there", &pass("support.facebook.com")),
        row(
            "a pass for a signature that is another's",
            "sender_unverified",
            sent_on(&pass("support.facebook.com"), &Signer::new("evil.example", "s1").sign(rsa(2048), &plain)),
        ),
        unsigned("results in a greeting", &format!("mx.example.org; spf=none smtp.helo=x; {author}")),
        unsigned(
            "results in a greeting that is told",
            &format!("mx.example.org; spf=none smtp.helo=mail.evil.example; {author}"),
        )
        .replaced("from mail.evil.example ([", &format!("from mail.evil.example; {author} ([")),
        says("results in a greeting, with a signature", &format!("mx.example.org; helo=x; {}", &pass(SUPPORT)[16..])),
    ]
}

pub fn contradictions() -> Vec<Row> {
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
