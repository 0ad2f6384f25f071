//! How long it takes to judge one mail: `cargo bench --bench judge`.
#![allow(clippy::expect_used, missing_docs)]

use divan::{Bencher, black_box};
use jiff::Timestamp;
use objection_tracker::intake::Letter;
use objection_tracker::signal::Rules;
use objection_tracker::trust::{Keys, Trusted, Witnesses};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn main() {
    divan::main();
}

fn mail(paragraphs: usize) -> Vec<u8> {
    let head = "Authentication-Results: mx.example.org; dkim=pass header.d=support.facebook.com\r\n\
                From: Facebook <case++aBcD1234EfGh@support.facebook.com>\r\nTo: anna@example.org\r\n\
                Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n\
                Subject: Object to your information being used for AI at Meta\r\nContent-Type: text/plain\r\n\r\n";
    let body = "We've reviewed your request and will honor your objection. This means your request will be applied \
                going forward.\r\n\r\n";
    let filler = "If you want to learn more about generative AI, and our privacy work in this new space, please \
                  review the information we have in Privacy Center.\r\n\r\n";
    format!("{head}{body}{}", filler.repeat(paragraphs)).into_bytes()
}

#[divan::bench(args = [1, 130, 6500])]
fn one_mail(bencher: Bencher<'_, '_>, paragraphs: usize) {
    let rules = Rules::built_in().expect("rules");
    let keys = Keys::default();
    let trusted = Trusted { authserv_ids: vec!["mx.example.org".to_owned()], ..Trusted::default() };
    let raw = mail(paragraphs);
    bencher.counter(divan::counter::BytesCount::new(raw.len())).bench(|| {
        let letter = Letter::open(black_box(&raw).clone(), Some(NOW), NOW, &rules).expect("a mail");
        let verdict = letter.verdict(&Witnesses { trusted: &trusted, keys: Some(&keys) });
        letter.judge(verdict, &rules, &[])
    });
}

/// A mail of 20 kB as Meta's are: a page of text in nested tables with styles.
#[divan::bench]
fn html_mail(bencher: Bencher<'_, '_>) {
    let rules = Rules::built_in().expect("rules");
    let (keys, trusted) = (Keys::default(), Trusted::default());
    let plain = String::from_utf8(mail(6)).expect("text");
    let (head, body) = plain.split_once("\r\n\r\n").expect("a body");
    let style = "font-family:Helvetica Neue,Helvetica,Lucida Grande,tahoma,verdana,arial,sans-serif;font-size:16px;\
                 line-height:21px;color:#141823;border-collapse:collapse;padding:0 15px;vertical-align:middle";
    let cell = format!("<tr><td style=\"{style}\" width=\"15\">&nbsp;</td></tr>\r\n");
    let rows: String =
        body.split("\r\n\r\n").map(|text| format!("{}<tr><td>{text}</td></tr>", cell.repeat(11))).collect();
    let raw = format!("{}\r\n\r\n<table>{rows}</table>", head.replace("text/plain", "text/html")).into_bytes();
    bencher.counter(divan::counter::BytesCount::new(raw.len())).bench(|| {
        let letter = Letter::open(black_box(&raw).clone(), Some(NOW), NOW, &rules).expect("a mail");
        let verdict = letter.verdict(&Witnesses { trusted: &trusted, keys: Some(&keys) });
        letter.judge(verdict, &rules, &[])
    });
}

#[divan::bench]
fn load_the_rules() -> Rules {
    Rules::built_in().expect("rules")
}

/// A mail of a megabyte, which is as much as is read, made to be slow.
#[divan::bench(args = ["nested", "attributes", "entities", "parts", "words", "comments"])]
fn hostile_mail(bencher: Bencher<'_, '_>, kind: &str) {
    let rules = Rules::built_in().expect("rules");
    let fill = |piece: &str| piece.repeat(1_000_000_usize.div_ceil(piece.len()));
    let (content, body) = match kind {
        "nested" => ("text/html", fill("<div><ul><li>")),
        "attributes" => ("text/html", format!("<p {}", fill("a=\"b "))),
        "entities" => ("text/html", fill("&amp;&#x41;&nosuch;")),
        "parts" => ("multipart/mixed; boundary=b", fill("--b\r\n\r\nx\r\n")),
        "words" => ("text/plain", fill("we will honour your objection and code 123456 ")),
        _ => ("text/html", fill("<!-- <!")),
    };
    let raw = format!(
        "From: Facebook <noreply@support.facebook.com>\r\nTo: anna@example.org\r\nContent-Type: {content}\r\n\r\n{body}"
    )
    .into_bytes();
    bencher.bench(|| {
        let letter = Letter::open(black_box(&raw).clone(), Some(NOW), NOW, &rules).expect("a mail");
        let verdict = letter.verdict(&Witnesses { trusted: &Trusted::default(), keys: None });
        letter.judge(verdict, &rules, &[])
    });
}
