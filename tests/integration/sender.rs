//! Who really sent it: signatures verified with keys from DNS, through a real IMAP server and from files.

use std::time::{Duration, Instant};

use crate::support::dns::{Dns, Reply};
use crate::support::dovecot::Dovecot;
use crate::support::sign::{Key, Signer, ed25519, rsa};
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const SUPPORT: &str = "support.facebook.com";
const AT: &str = "2026-11-24T11:55:00Z";

/// An account that believes no server, so that signatures alone can prove a sender.
fn account(dovecot: &Dovecot) -> String {
    let lines = dovecot.account("home", ANNA);
    lines.lines().filter(|line| !line.starts_with("authserv_ids")).map(|line| format!("{line}\n")).collect()
}

fn tracker(config: &str) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(config);
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker
}

/// An acceptance that is signed and that no server says anything of.
fn signed(key: &Key, selector: &str) -> String {
    let mail = mails::acceptance(ANNA, AT);
    mail.received() + &Signer::new(SUPPORT, selector).sign(key, &mail.message())
}

#[test]
fn a_signature_that_we_verify_moves_the_state() {
    let keys = [(rsa(1024), ", weak: RSA of 1024 bits"), (rsa(2048), ""), (ed25519(), "")];
    for (key, note) in keys {
        let (dovecot, dns) = (Dovecot::start(), Dns::start());
        dns.publish("s1", SUPPORT, &key.record());
        let tracker = tracker(&(account(&dovecot) + &dns.config()));
        dovecot.deliver(ANNA, "INBOX", &signed(key, "s1"), AT);
        let change = tracker.json(&["check"]);
        let mail = &change["mails"][0];
        assert_eq!(mail["verdict"], "authentic", "{mail:#}");
        let reason = format!("DKIM signature of {SUPPORT}, selector s1, verified 2026-11-24{note}");
        assert_eq!(mail["verdict_reason"], reason);
        assert_eq!((&mail["method"], &mail["selector"]), (&"dkim".into(), &"s1".into()));
        assert_eq!(mail["verified_at"], "2026-11-24T12:00:00Z");
        assert_eq!(tracker.states(), ["accepted"]);
        assert!(tracker.ok(&["show", "1"]).contains(&reason));
        // The key is gone; what was seen stays true.
        dns.clear();
        assert_eq!(tracker.json(&["explain", "1"])["verdict"]["result"], "authentic");
        assert_eq!(tracker.ok(&["check", "--full"]), "");
    }
}

#[test]
fn held_mail_is_judged_anew_when_its_account_believes_another_server() {
    let dovecot = Dovecot::start();
    let no_dns = "[dkim]\nverify = false\n";
    let tracker = tracker(&(account(&dovecot) + no_dns));
    dovecot.deliver(ANNA, "INBOX", &mails::acceptance(ANNA, AT).raw(), AT);
    assert!(tracker.ok(&["check"]).starts_with("mail 1 held (sender_unverified)"));
    assert_eq!(tracker.ok(&["check"]), "");
    tracker.config(&(dovecot.account("home", ANNA) + no_dns));
    assert_eq!(
        tracker.ok(&["check"]),
        "objection 1 (facebook, anna@example.org): submitted → accepted; next: nothing\n"
    );
    assert_eq!(tracker.ok(&["held"]), "");
}

#[test]
fn without_dns_nothing_is_believed_and_nothing_is_lost() {
    for trouble in [Reply::Silence, Reply::ServFail] {
        let (dovecot, dns) = (Dovecot::start(), Dns::start());
        dns.set_others(trouble);
        // Even where the provider's server proves the mail.
        let mut tracker = tracker(&(dovecot.account("home", ANNA) + &dns.config()));
        let mail = mails::acceptance(ANNA, AT);
        let results = format!("Authentication-Results: {}\r\n", mail.results);
        dovecot.deliver(ANNA, "INBOX", &(results + &signed(rsa(2048), "s1")), AT);
        let other = mails::code(ANNA, "271828", "2026-11-24T11:52:00Z");
        dovecot.deliver(ANNA, "INBOX", &other.raw(), "2026-11-24T11:52:00Z");
        let start = Instant::now();
        let run = tracker.run(&["check"]);
        assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
        assert_eq!((run.status, run.stdout.lines().count()), (3, 1), "the mail without a signature is judged\n{run:?}");
        let start = "tracker: account `home`: DNS can't be reached, so who sent a mail in `INBOX` is not known yet: ";
        assert!(run.stderr.starts_with(start) && run.stderr.lines().count() == 1, "{}", run.stderr);
        assert_eq!(tracker.states(), ["code_received"]);
        assert_eq!(tracker.json(&["held"]), serde_json::json!([]));
        // A day later it is still so.
        tracker.at("2026-11-25T12:00:00Z");
        assert_eq!(tracker.run(&["check"]).status, 3);
        assert_eq!(tracker.states(), ["code_received"]);
        dns.publish("s1", SUPPORT, &rsa(2048).record());
        assert_eq!(
            tracker.ok(&["check"]),
            "objection 1 (facebook, anna@example.org): code_received → accepted; next: nothing\n"
        );
        assert_eq!(tracker.ok(&["check"]), "");
        assert!(!tracker.dump().iter().any(|row| row.starts_with("retry ")));
    }
}

#[test]
fn a_server_that_knows_no_edns_is_asked_without() {
    let (dovecot, dns) = (Dovecot::start(), Dns::start());
    dns.set(&format!("s1._domainkey.{SUPPORT}"), Reply::WithoutEdns(vec![rsa(2048).record()]));
    let tracker = tracker(&(account(&dovecot) + &dns.config()));
    dovecot.deliver(ANNA, "INBOX", &signed(rsa(2048), "s1"), AT);
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn mail_that_comes_before_our_clock_waits_until_the_clock_is_right() {
    let (dovecot, dns) = (Dovecot::start(), Dns::start());
    dns.publish("s1", SUPPORT, &rsa(2048).record());
    let mut tracker = tracker(&(account(&dovecot) + &dns.config()));
    dovecot.deliver(ANNA, "INBOX", &signed(rsa(2048), "s1"), AT);
    // What is dated later than it came has itself to blame, whatever our clock says.
    let later = mails::acceptance(ANNA, "2026-11-24T15:00:00Z").id("later");
    let later = Signer::new(SUPPORT, "s1").sign(rsa(2048), &later.message());
    for now in ["2026-11-24T10:54:00Z", "2026-11-20T12:00:00Z", "2025-12-01T12:00:00Z", "2026-11-24T10:54:00Z"] {
        let run = tracker.at(now).run(&["check"]);
        let lags = "tracker: account `home`: this machine's clock is behind the mail server's, so a mail in `INBOX` can't be judged \
                    yet; set the clock, then run again\n";
        assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (3, "", lags), "{now}");
    }
    tracker.at("2026-11-24T12:00:00Z");
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
    dovecot.deliver(ANNA, "INBOX", &later, AT);
    let told = tracker.ok(&["check"]);
    assert!(told.contains("is dated in the future"), "{told}");
    // Far ahead, the server's time is absurd and decides nothing.
    let second = mails::acceptance(ANNA, "2026-11-24T11:56:00Z").id("absurd");
    let second = Signer::new(SUPPORT, "s1").sign(rsa(2048), &second.message());
    dovecot.deliver(ANNA, "INBOX", &second, "2028-01-01T00:00:00Z");
    let run = tracker.run(&["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn by_a_clock_that_stands_before_the_program_nothing_is_judged() {
    let mut tracker = Tracker::new();
    tracker.config("[dkim]\nverify = false\n");
    tracker.at("1970-01-01T00:03:00Z");
    let why = "tracker: this machine's clock says 1970-01-01T00:03:00Z, which can't be: this program is younger; set the clock, \
               then run again; nothing is judged until then\n";
    for verb in [&["check"][..], &["ingest", "-"]] {
        let run = tracker.run(verb);
        assert_eq!((run.status, run.stderr.as_str()), (3, why));
    }
}

#[test]
fn a_mail_that_waited_three_days_for_dns_is_held() {
    let (dovecot, dns) = (Dovecot::start(), Dns::start());
    dns.set_others(Reply::ServFail);
    let mut tracker = tracker(&(account(&dovecot) + &dns.config()));
    dovecot.deliver(ANNA, "INBOX", &signed(rsa(2048), "s1"), AT);
    for hours in 0..12 {
        tracker.at(&format!("2026-11-24T{:02}:00:00Z", 12 + hours));
        assert_eq!(tracker.run(&["check"]).status, 3);
    }
    tracker.at("2026-11-27T11:59:59Z");
    assert_eq!(tracker.run(&["check"]).status, 3);
    assert_eq!(tracker.json(&["held"]), serde_json::json!([]));
    tracker.at("2026-11-27T12:00:00Z");
    let held = tracker.ok(&["check"]);
    assert!(held.starts_with("mail 1 held (sender_unverified): not proven: `accepted` from "), "{held}");
    assert!(
        held.contains("DNS could not be reached to verify its signature: the server answered Server Failure"),
        "{held}"
    );
    assert_eq!(tracker.states(), ["submitted"]);
    assert_eq!(tracker.ok(&["check"]), "");
    // Asked for again with DNS back, it proves what it could not.
    dns.publish("s1", SUPPORT, &rsa(2048).record());
    tracker.ok(&["check", "--full"]);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn a_key_that_is_gone_is_an_answer_and_a_key_over_tcp_too() {
    let record = vec!["v=spf1 -all".to_owned(), rsa(2048).record()];
    let cases = [
        (Reply::Truncated(record.clone()), "authentic", "verified 2026-11-24"),
        (Reply::Texts(record), "authentic", "verified 2026-11-24"),
        (Reply::NxDomain, "unverified", "its key is not in DNS any more, or never was"),
        (Reply::Empty, "unverified", "no key stands in DNS"),
        (Reply::Texts(vec!["v=DKIM1; p=".to_owned()]), "unverified", "its key was revoked"),
        (Reply::Texts(vec!["what?".to_owned()]), "unverified", "what stands in DNS is no key"),
    ];
    for (reply, verdict, why) in cases {
        let dns = Dns::start();
        dns.set("s1._domainkey.support.facebook.com", reply);
        let tracker = tracker(&dns.config());
        tracker.file("a.eml", signed(rsa(2048), "s1"));
        let explained = tracker.json(&["explain", "a.eml"]);
        assert_eq!(explained["verdict"]["result"], verdict, "{explained:#}");
        assert!(explained["verdict"]["reason"].as_str().expect("text").contains(why), "{explained:#}");
    }
}

#[test]
fn mail_from_files_is_verified_with_its_key_and_waits_for_nobody() {
    let dns = Dns::start();
    dns.set_others(Reply::ServFail);
    let tracker = tracker(&dns.config());
    // As a Maildir keeps it, and as an mbox's export does.
    let raw = signed(rsa(2048), "s1").replace("\r\n", "\n");
    tracker.file("a.eml", format!("From MAILER-DAEMON Tue Nov 24 11:55:00 2026\n{raw}"));
    let run = tracker.run(&["ingest", "a.eml"]);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    assert_eq!(
        run.stderr,
        "tracker: `a.eml` was not taken in: DNS can't be reached to verify its DKIM signature: the server answered \
         Server Failure; run again later, or check the network and `nameserver` in [dkim]\n"
    );
    assert!(!tracker.dump().iter().any(|row| row.starts_with("mail ")));
    dns.publish("s1", SUPPORT, &rsa(2048).record());
    assert_eq!(
        tracker.ok(&["ingest", "a.eml"]),
        "objection 1 (facebook, anna@example.org): submitted → accepted; next: nothing\n"
    );
    // Once more under another Message-ID, with other trace headers and blanks: the same mail.
    let again = raw.replace("Message-ID: <", "Message-ID: <again-").replace("Subject: ", "Subject:  ");
    tracker.file("b.eml", format!("Received: from a by b; Tue, 24 Nov 2026 11:58:00 +0000\n{again}"));
    assert_eq!(tracker.ok(&["ingest", "b.eml"]), "");
}

#[test]
fn a_twin_that_nobody_signed_hides_no_genuine_mail() {
    let dns = Dns::start();
    dns.publish("s1", SUPPORT, &rsa(2048).record());
    let genuine = signed(rsa(2048), "s1");
    let twin = mails::acceptance(ANNA, AT).received() + &mails::acceptance(ANNA, AT).message();
    let other_id = twin.replace("Message-ID: <", "Message-ID: <again-");
    for twin in [twin, other_id] {
        for is_dismissed in [true, false] {
            let tracker = tracker(&dns.config());
            tracker.file("twin.eml", &twin);
            tracker.file("a.eml", &genuine);
            assert!(tracker.ok(&["ingest", "twin.eml"]).starts_with("mail 1 held (sender_unverified)"));
            if is_dismissed {
                tracker.ok(&["held", "dismiss", "1"]);
            }
            tracker.ok(&["ingest", "a.eml"]);
            assert_eq!(tracker.states(), ["accepted"]);
            // Neither counts again.
            assert_eq!(tracker.ok(&["ingest", "a.eml", "twin.eml"]), "");
        }
    }
}

#[test]
fn a_genuine_mail_that_was_dismissed_stays_so_beside_its_twin() {
    let dns = Dns::start();
    dns.publish("s1", SUPPORT, &rsa(2048).record());
    let tracker = tracker(&dns.config());
    let ben = mails::acceptance("ben@example.org", AT);
    tracker.file("twin.eml", ben.received() + &ben.message());
    tracker.file("a.eml", ben.received() + &Signer::new(SUPPORT, "s1").sign(rsa(2048), &ben.message()));
    tracker.ok(&["ingest", "twin.eml"]);
    tracker.ok(&["held", "dismiss", "1"]);
    assert!(tracker.ok(&["ingest", "a.eml"]).starts_with("mail 2 held (wrong_recipient)"));
    tracker.ok(&["held", "dismiss", "2"]);
    assert_eq!(tracker.ok(&["ingest", "a.eml", "twin.eml"]), "");
}

#[test]
fn a_copy_of_a_mail_that_was_applied_by_hand_is_not_applied_by_a_new_rule() {
    let dns = Dns::start();
    dns.publish("s1", SUPPORT, &rsa(2048).record());
    let tracker = tracker(&dns.config());
    tracker.add("facebook", "ben@example.org", "2026-11-24T11:50:00Z");
    let mut mail = mails::acceptance(ANNA, AT);
    mail.body = "The machines will not have it, as you wished.\n".to_owned();
    let raw = mail.received() + &Signer::new(SUPPORT, "s1").sign(rsa(2048), &mail.message());
    tracker.file("a.eml", &raw);
    tracker.file("b.eml", raw.replace("Message-ID: <", "Message-ID: <again-"));
    tracker.ok(&["ingest", "a.eml", "b.eml"]);
    tracker.run(&["held", "apply", "2", "--objection", "1", "--as", "needs_info"]);
    let rule = "language = \"en\"\n[[rule]]\nid = \"own/machines\"\nsignal = \"accepted\"\nstrong = [\n  \
                { text = \"the machines will not have it\", source = \"mine\" },\n]\n";
    tracker.file(".config/tracker/rules/own.toml", rule);
    assert_eq!(tracker.ok(&["recheck"]), "");
    assert_eq!(tracker.states(), ["needs_info", "submitted"]);
}

#[test]
fn in_a_file_only_the_servers_count_that_the_user_names() {
    let gmail = "[accounts.home]\nemail = \"anna@gmail.com\"\npassword_env = \"X\"\n";
    let named = format!("{gmail}authserv_ids = [\"mx.google.com\"]\n");
    for (config, state) in [(gmail, "submitted"), (named.as_str(), "accepted")] {
        let tracker = Tracker::new();
        tracker.config(config);
        tracker.add("facebook", "anna@gmail.com", "2026-11-24T11:50:00Z");
        let mut mail = mails::acceptance("anna@gmail.com", AT);
        mail.results = mail.results.replace("mx.example.org", "mx.google.com");
        tracker.file("a.eml", mail.raw().replace("by mx.example.org", "by mx.google.com"));
        tracker.ok(&["ingest", "a.eml"]);
        assert_eq!(tracker.states(), [state], "{config}");
    }
}

#[test]
fn names_that_nobody_answers_for_keep_no_genuine_key_away() {
    for trouble in [Reply::ServFail, Reply::Silence] {
        let dns = Dns::start();
        dns.set_others(trouble);
        dns.publish("s1", SUPPORT, &rsa(2048).record());
        let tracker = tracker(&dns.config());
        // Signatures of a broken zone below the author's, and of broken selectors of its own.
        let message = mails::acceptance(ANNA, AT).message();
        let broken = (0..12).fold(Signer::new(SUPPORT, "s1").sign(rsa(2048), &message), |below, n| {
            let domain = if n % 2 == 0 { format!("b{n}.{SUPPORT}") } else { SUPPORT.to_owned() };
            Signer::new(&domain, &format!("broken{n}")).sign(rsa(1024), &below)
        });
        tracker.file("a.eml", mails::acceptance(ANNA, AT).received() + &broken);
        let start = Instant::now();
        tracker.ok(&["ingest", "a.eml"]);
        assert_eq!(tracker.states(), ["accepted"]);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}

#[test]
fn each_key_is_asked_for_once() {
    let (dovecot, dns) = (Dovecot::start(), Dns::start());
    for selector in ["s1", "s2"] {
        dns.publish(selector, SUPPORT, &rsa(1024).record());
    }
    let config = account(&dovecot).replace("accounts.home", "accounts.again");
    let tracker = tracker(&(account(&dovecot) + &config + &dns.config()));
    for n in 0..1000 {
        let mut mail = mails::acceptance("ben@example.org", AT);
        mail.body.push_str(&format!("{n}\n"));
        let selector = if n % 2 == 0 { "s1" } else { "s2" };
        let raw = mail.received() + &Signer::new(SUPPORT, selector).sign(rsa(1024), &mail.message());
        dovecot.deliver(ANNA, "INBOX", &raw, AT);
    }
    assert_eq!(tracker.ok(&["check"]).lines().count(), 1000);
    let mut asked = dns.asked();
    asked.sort_unstable();
    assert_eq!(asked, ["s1._domainkey.support.facebook.com", "s2._domainkey.support.facebook.com"]);
}

#[test]
fn a_mail_without_a_signature_and_a_switched_off_check_ask_nobody() {
    let (dovecot, dns) = (Dovecot::start(), Dns::start());
    let tracker = tracker(&(dovecot.account("home", ANNA) + &dns.config() + "verify = false\n"));
    let mail = mails::acceptance(ANNA, AT);
    let raw = format!("Authentication-Results: {}\r\n{}", mail.results, signed(rsa(2048), "s1"));
    dovecot.deliver(ANNA, "INBOX", &raw, AT);
    tracker.ok(&["check"]);
    assert_eq!(tracker.states(), ["accepted"]);
    let explained = tracker.ok(&["explain", "1"]);
    assert!(explained.contains("DKIM signatures are not verified (`verify = false` in [dkim])"), "{explained}");
    let on = crate::sender::tracker(&(dovecot.account("home", ANNA) + &dns.config()));
    on.file("a.eml", mail.raw());
    on.ok(&["ingest", "a.eml"]);
    assert_eq!(on.states(), ["accepted"]);
    assert_eq!(dns.asked(), Vec::<String>::new());
}

#[test]
fn a_bad_nameserver_is_said_with_its_line() {
    let tracker = Tracker::new();
    tracker.config("country = \"DE\"\n[dkim]\nnameserver = \"dns.example.org\"\n");
    let run = tracker.run(&["list"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stderr,
        "tracker: configuration `~/.config/tracker/config.toml` line 2: [dkim]: `nameserver = \"dns.example.org\"` is no \
         address; write it as 192.0.2.53:53 or [2001:db8::53]:53\n"
    );
}
