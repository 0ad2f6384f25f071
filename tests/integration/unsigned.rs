//! Headers that a signature leaves out, as many genuine ones do: the genuine mail counts, and no other value of them
//! makes another mail of it.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use objection_tracker::mail::Mail;

use crate::support::bench::{ANNA, AT, Bench};
use crate::support::mails;
use crate::support::sign::{Signer, rsa};

const SUPPORT: &str = "support.facebook.com";

/// An acceptance in each language, as its reader sees it.
fn acceptances() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let folders = std::fs::read_dir(root).expect("a folder").map(|entry| entry.expect("an entry").path());
    let read = |folder: std::path::PathBuf| {
        let raw = std::fs::read(folder.join("accepted-1.eml")).ok()?;
        let text = Mail::parse(&raw).expect("a mail").views.swap_remove(0);
        Some((folder.file_name()?.to_string_lossy().into_owned(), text.replace('\n', "\r\n")))
    };
    folders.filter_map(read).collect()
}

/// A mail with this body under these MIME headers, of which `covered` are signed too.
fn signed(mime: &str, body: &str, covered: &str) -> String {
    let message = mails::acceptance(ANNA, AT).message();
    let (head, _) = message.split_once("MIME-Version").expect("MIME headers");
    let headers = format!("Date:To:Subject:From{covered}");
    let message = format!("{head}MIME-Version: 1.0\r\n{mime}\r\n{body}");
    Signer::new(SUPPORT, "s1").covering(&headers).sign(rsa(2048), &message)
}

fn verdict(mail: &str) -> (&'static str, String) {
    let judged = Bench::new(ANNA).take(mail);
    (judged.verdict(), format!("{} {}", judged.outcome(), judged.reason()))
}

#[test]
fn a_body_says_itself_how_it_is_encoded() {
    let acceptances = acceptances();
    assert!(acceptances.len() > 20, "{}", acceptances.len());
    for (language, text) in acceptances {
        let escaped = quoted_printable::encode_to_str(&text);
        let packed: Vec<u8> = BASE64_STANDARD.encode(&text).into_bytes();
        let packed: Vec<&str> = packed.chunks(76).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
        let bodies =
            [("quoted-printable", escaped), ("base64", packed.join("\r\n") + "\r\n"), ("8bit", text.replace('=', "-"))];
        for (encoding, body) in &bodies {
            let with = |said: &str| {
                let mail =
                    format!("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n");
                let header = format!("Content-Transfer-Encoding: {encoding}\r\n");
                signed(&mail, body, ":MIME-Version:Content-Type").replace(&header, said)
            };
            let genuine = with(&format!("Content-Transfer-Encoding: {encoding}\r\n"));
            let (result, why) = verdict(&genuine);
            assert_eq!(result, "authentic", "{language} {encoding}: {why}\n{genuine}");
            if language != "de" && *encoding != "quoted-printable" {
                continue;
            }
            // Where there is nothing to decode, nothing changes either.
            let is_same = *encoding == "8bit";
            for other in ["", "8bit", "base64", "quoted-printable", "x-unknown", "8bit (quoted-printable)"] {
                let header = format!("Content-Transfer-Encoding: {other}\r\n");
                let changed = with(if other.is_empty() { "" } else { &header });
                let is_harmless = other == *encoding || is_same && ["", "quoted-printable"].contains(&other);
                if !is_harmless {
                    let (result, why) = verdict(&changed);
                    assert_ne!(result, "authentic", "{language} {encoding} as {other}: {why}\n{changed}");
                }
            }
        }
    }
}

#[test]
fn a_link_is_no_escape() {
    let words =
        "We've reviewed your request and will honor your objection.\r\nhttps://www.facebook.com/help?id=12345\r\n";
    for said in ["", "Content-Transfer-Encoding: 8bit\r\n"] {
        let mail = signed(&format!("Content-Type: text/plain\r\n{said}"), words, ":MIME-Version:Content-Type");
        assert_eq!(verdict(&mail).0, "authentic", "{mail}");
    }
    let changed = "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n";
    assert_ne!(verdict(&signed(changed, words, ":MIME-Version:Content-Type")).0, "authentic");
}

#[test]
fn an_unsigned_content_type_counts_where_every_reading_agrees() {
    let words = "We've reviewed your request and will honor your objection.";
    let html = format!("<!DOCTYPE html>\r\n<html><body>\r\n<p>{words}</p>\r\n--\r\n</body></html>\r\n");
    let parts = format!(
        "--b1\r\nContent-Type: text/plain\r\n\r\n{words}\r\n--b1\r\nContent-Type: text/html\r\n\r\n<p>{words}</p>\r\n--b1--\r\n"
    );
    let genuine = [
        ("text/plain; charset=utf-8", format!("Hi,\r\n\r\n{words}\r\n")),
        ("text/plain; charset=utf-8", format!("Hi,\r\n\r\n{}\r\n-- \r\nPrivacy\r\n", words.replace('\'', "\u{2019}"))),
        ("text/plain; charset=iso-8859-1", format!("{words}\r\nhttps://www.facebook.com/help <help@facebook.com>\r\n")),
        ("text/html; charset=utf-8", html.clone()),
        ("multipart/alternative; boundary=b1", parts.clone()),
        ("multipart/mixed; boundary=\"b1\"", parts.clone()),
    ];
    for (kind, body) in genuine {
        let mail = signed(&format!("Content-Type: {kind}\r\n"), &body, "");
        let (result, why) = verdict(&mail);
        assert_eq!(result, "authentic", "{why}\n{mail}");
    }
    let changed = [
        ("text/plain; charset=utf-7", format!("{words}\r\n")),
        ("text/plain; charset=iso-2022-jp", format!("{words}\r\n")),
        ("text/plain; charset=iso-8859-1", format!("{}\r\n", words.replace('\'', "\u{2019}"))),
        ("text/html; charset=utf-8", format!("{words}\r\n<!-- not -->\r\n")),
        ("text/plain; charset=utf-8", html),
        ("text/plain; charset=utf-8", parts.clone()),
        ("multipart/alternative; boundary=b", parts.clone()),
        ("multipart/alternative; boundary=b; boundary=b1", parts.clone()),
        ("multipart/related; boundary=b1", parts.replace("</p>", " If you ask again.</p>")),
        ("multipart/mixed; boundary=b1", format!("That is not so:\r\n{parts}")),
        ("multipart/mixed; boundary=b1", format!("{parts}\r\nThat is not so.\r\n")),
        ("message/rfc822", format!("Subject: x\r\n\r\n{words}\r\n")),
        ("application/octet-stream", format!("{words}\r\n")),
    ];
    for (kind, body) in changed {
        let mail = signed(&format!("Content-Type: {kind}\r\n"), &body, "");
        let (result, why) = verdict(&mail);
        assert_ne!(result, "authentic", "{kind}: {why}\n{mail}");
    }
}
