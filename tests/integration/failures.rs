//! What goes wrong with an account is said in one line: account, host and remedy. The others are read all the same.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::dovecot::Dovecot;
use crate::support::peer::{Answer, Peer};
use crate::support::pki::Authority;
use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";

fn check(config: &str) -> Run {
    let tracker = Tracker::new();
    tracker.config(config);
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker.run(&["check"])
}

fn failed(stderr: String) -> Run {
    Run { status: 3, stdout: String::new(), stderr }
}

#[test]
fn a_wrong_password() {
    let dovecot = Dovecot::start();
    let config = dovecot.account("home", ANNA).replace("echo correct-horse", "echo wrong-horse");
    let what = format!(
        "`localhost:{}` refused the login: \"[AUTHENTICATIONFAILED] Authentication failed.\"",
        dovecot.tls_port
    );
    assert_eq!(check(&config), failed(format!("tracker: account `home`: {what}; check user and password\n")));
}

#[test]
fn an_account_is_left_alone_after_three_refusals_until_doctor_gets_in() {
    let peer = Peer::start(&[]);
    let tracker = Tracker::new();
    tracker.config(&(peer.account("home", ANNA) + "[dkim]\nverify = false\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    peer.script(|command| (command == "RESPONSE").then(|| Answer::text("TAG NO [AUTHENTICATIONFAILED] no\n")));
    for _ in 0..3 {
        assert!(tracker.run(&["check"]).stderr.contains("refused the login"));
    }
    peer.commands();
    let left_alone = "tracker: account `home`: its login was refused 3 times, so it is tried once a day only; mend it, then run \
                      tracker doctor\n";
    assert_eq!(tracker.run(&["check"]), failed(left_alone.to_owned()));
    assert_eq!(peer.commands(), Vec::<String>::new(), "the server is left alone");
    assert!(tracker.run(&["doctor"]).stdout.contains("refused the login"));
    peer.script(|_| None);
    assert_eq!(tracker.run(&["check"]), failed(left_alone.to_owned()));
    assert!(tracker.run(&["doctor"]).stdout.contains("ok  account home   reads INBOX, Spam\n"));
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn a_refusal_that_passes_by_itself_is_none_of_the_password_s() {
    let peer = Peer::start(&[]);
    let tracker = Tracker::new();
    tracker.config(&(peer.account("home", ANNA) + "[dkim]\nverify = false\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    peer.script(|command| (command == "RESPONSE").then(|| Answer::text("TAG NO [UNAVAILABLE] back soon\n")));
    for _ in 0..4 {
        let run = tracker.run(&["check"]);
        assert!(run.stderr.ends_with("\"[UNAVAILABLE] back soon\"; run again later\n"), "{}", run.stderr);
    }
    peer.script(|_| None);
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn why_a_login_is_refused_is_told_with_what_the_provider_s_users_can_do() {
    let peer = Peer::start(&[]);
    for (email, said, told) in [
        (
            "anna@gmail.com",
            "[ALERT] Application-specific password required: https://example.net/ (Failure)",
            "make a password for this program with your provider, and use that. Gmail wants an app password: turn on \
             2-step verification, then make one at myaccount.google.com/apppasswords",
        ),
        (
            "anna@gmail.com",
            "[ALERT] Too many simultaneous connections. (Failure)",
            "close other mail programs that read this account, or run again later. Gmail allows 15 connections at a time",
        ),
        (
            "anna@gmx.de",
            "[AUTHENTICATIONFAILED] IMAP access is disabled",
            "switch IMAP on in the provider's web settings. GMX wants IMAP switched on in its web settings (E-Mail, \
             POP3/IMAP Abruf)",
        ),
        (
            "anna@web.de",
            "[AUTHENTICATIONFAILED] no",
            "check user and password. WEB.DE wants IMAP switched on in its web settings (E-Mail, POP3/IMAP Abruf). With \
             2-factor on, WEB.DE wants an app password",
        ),
        (ANNA, "[EXPIRED] change it", "choose a new password with your provider"),
        (ANNA, "[UNAVAILABLE] Too many login failures", "wait for an hour, then check user and password"),
        (ANNA, "[AUTHENTICATIONFAILED] AccountLockedTemporarily", "check user and password"),
        (ANNA, "Please log in via your web browser", "log in with a browser, and confirm there that it was you"),
    ] {
        let tracker = Tracker::new();
        tracker.config(&(peer.account("home", email) + "[dkim]\nverify = false\n"));
        tracker.add("facebook", email, "2026-11-24T11:50:00Z");
        peer.script(move |command| (command == "RESPONSE").then(|| Answer::text(&format!("TAG NO {said}\n"))));
        // The crate keeps an ALERT apart.
        let shown = said.trim_start_matches("[ALERT] ");
        let what = format!("`127.0.0.1:{}` refused the login: \"{shown}\"", peer.port);
        assert_eq!(tracker.run(&["check"]), failed(format!("tracker: account `home`: {what}; {told}\n")));
    }
}

#[test]
fn no_secret_is_shown_however_a_server_repeats_it() {
    let peer = Peer::start(&[]);
    for (secret, said) in [
        ("correct horse battery", "TAG NO bad password correct horse battery for you\n"),
        ("hunter2;secret99", "TAG NO hunter2;secret99 is wrong\n"),
        ("hunter2secret", "TAG NO cannot decode \"AGFubmFAZXhhbXBsZS5vcmcAaHVudGVyMnNlY3JldA==\"\n"),
        ("hunter2secret", "TAG NO bad response (AGFubmFAZXhhbXBsZS5vcmcAaHVudGVyMnNlY3JldA==).\n"),
        ("hunter2\\secret", "TAG NO no such command: a2 LOGIN anna \"hunter2\\\\secret\"\n"),
        ("hunter2größe", "TAG NO hunter2größe is wrong\n"),
        ("hunter2secret", "* BYE wrong password hunter2secret\n"),
    ] {
        let tracker = Tracker::new();
        tracker.file("secret", secret);
        let config = peer.account("home", ANNA);
        let config = config.replace("password_command = \"echo secret\"", "password_file = \"~/secret\"");
        tracker.config(&(config + "[dkim]\nverify = false\n"));
        tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
        let bytes = said.replace('\n', "\r\n").into_bytes();
        peer.script(move |command| (command == "RESPONSE").then(|| Answer::Last(bytes.clone())));
        let run = tracker.run(&["check"]);
        assert_eq!(run.status, 3);
        assert!(
            run.stderr.contains('…') && !run.stderr.contains("hunter2") && !run.stderr.contains("battery"),
            "{run:?}"
        );
    }
}

#[test]
fn an_unknown_authority() {
    let dovecot = Dovecot::start();
    let config: String = dovecot
        .account("home", ANNA)
        .lines()
        .filter(|line| !line.starts_with("ca_file"))
        .map(|line| format!("{line}\n"))
        .collect();
    let what = format!("the certificate of `localhost:{}` is by an unknown authority", dovecot.tls_port);
    assert_eq!(
        check(&config),
        failed(format!("tracker: account `home`: {what}; if it is yours, name it with `ca_file`\n"))
    );
}

#[test]
fn a_certificate_for_another_host() {
    let authority = Authority::new("tests");
    let certificate = authority.certify("elsewhere.example", 2120);
    let dovecot = Dovecot::with(authority, &certificate);
    let what = format!("the certificate of `localhost:{}` is for another host", dovecot.tls_port);
    assert_eq!(
        check(&dovecot.account("home", ANNA)),
        failed(format!("tracker: account `home`: {what}; check `host`\n"))
    );
}

#[test]
fn an_expired_certificate() {
    let authority = Authority::new("tests");
    let certificate = authority.certify("localhost", 2021);
    let dovecot = Dovecot::with(authority, &certificate);
    let what = format!("the certificate of `localhost:{}` has expired", dovecot.tls_port);
    assert_eq!(
        check(&dovecot.account("home", ANNA)),
        failed(format!("tracker: account `home`: {what}; its operator must renew it\n"))
    );
}

#[test]
fn a_server_that_does_not_speak_tls_there() {
    let dovecot = Dovecot::start();
    let config = dovecot.account("home", ANNA).replace(&dovecot.tls_port.to_string(), &dovecot.port.to_string());
    let what = format!("`localhost:{}` does not speak TLS there", dovecot.port);
    assert_eq!(
        check(&config),
        failed(format!("tracker: account `home`: {what}; check `port`, or try security = \"starttls\"\n"))
    );
}

#[test]
fn a_silent_server_a_refused_connection_and_an_unknown_host() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let account = |host: &str, port: u16| {
        format!(
            "[accounts.home]\nemail = \"{ANNA}\"\nhost = \"{host}\"\nport = {port}\npassword_command = \"echo x\"\ntimeout = \"500ms\"\n"
        )
    };
    let start = Instant::now();
    assert_eq!(
        check(&account("127.0.0.1", port)),
        failed(format!(
            "tracker: account `home`: no reply from `127.0.0.1:{port}` within 0.5 s; run again later, or raise `timeout`\n"
        ))
    );
    assert!(start.elapsed() < Duration::from_secs(20));
    drop(silent);
    assert_eq!(
        check(&account("127.0.0.1", port)),
        failed(format!(
            "tracker: account `home`: can't reach `127.0.0.1:{port}`: connection refused; check `host`, `port` and the network\n"
        ))
    );
    assert_eq!(
        check(&account("imap.invalid", 993)),
        failed("tracker: account `home`: host `imap.invalid` is not found; check `host` and the network\n".to_owned())
    );
}

#[test]
fn plain_text_goes_to_this_machine_only() {
    // TEST-NET-1 (RFC 5737): nobody is there, and nobody must be asked.
    let config = format!(
        "[accounts.home]\nemail = \"{ANNA}\"\nhost = \"192.0.2.1\"\nsecurity = \"plaintext\"\npassword_command = \"echo x\"\n"
    );
    let message = "account `home`: `security = \"plaintext\"` would show the password to the network on the way to \
                   `192.0.2.1`; use \"tls\" or \"starttls\"";
    let tracker = Tracker::new();
    tracker.config(&config);
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    for verb in ["check", "watch"] {
        let wrong = Run { status: 2, stdout: String::new(), stderr: format!("tracker: {message}\n") };
        assert_eq!(tracker.run(&[verb]), wrong, "{verb}");
    }
    let doctor = tracker.run(&["doctor"]);
    let line = message.replace("account `home`: ", "!!  account home   ");
    assert!(doctor.status == 2 && doctor.stdout.lines().any(|found| found == line), "{doctor:?}");
    let setup = ["-q", "setup", "--email", ANNA, "--name", "new", "--host", "192.0.2.1", "--security", "plaintext"];
    let run = tracker.run_with([setup.as_slice(), &["--password-stdin"]].concat().as_slice(), b"correct-horse\n");
    let why = message.replace("account `home`", "tracker: nothing was written");
    assert_eq!(run, Run { status: 2, stdout: String::new(), stderr: format!("{why}\n") });
}

#[test]
fn a_ca_file_that_is_none_is_wrong_configuration() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let config = dovecot.account("home", ANNA);
    let line = config.lines().find(|line| line.starts_with("ca_file")).expect("it names one");
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker.file("empty.pem", "");
    for (path, what) in [
        ("/nowhere.pem", "ca_file `/nowhere.pem`: No such file or directory (os error 2); check the path"),
        ("~/empty.pem", "`ca_file` holds no certificate; it must be in PEM (-----BEGIN CERTIFICATE-----)"),
    ] {
        tracker.config(&config.replace(line, &format!("ca_file = \"{path}\"")));
        let stderr = format!("tracker: account `home`: {what}\n");
        assert_eq!(tracker.run(&["check"]), Run { status: 2, stdout: String::new(), stderr });
        assert_eq!(tracker.run(&["doctor"]).status, 2, "{path}");
    }
}

#[test]
fn a_password_that_can_t_be_had() {
    let config =
        |source: &str| format!("[accounts.home]\nemail = \"{ANNA}\"\nhost = \"127.0.0.1\"\nport = 1\n{source}\n");
    let cases = [
        (
            "password_command = \"exit 7\"",
            "password_command `exit 7` failed (exit status: 7); run it by hand to see why",
        ),
        ("password_command = \"true\"", "password_command `true` gave no secret: its first line is empty"),
        ("password_env = \"NOT_SET\"", "environment variable `NOT_SET` (password_env) is not set; set it"),
        (
            "password_file = \"/nowhere/secret\"",
            "password_file `/nowhere/secret`: No such file or directory (os error 2); check the path",
        ),
    ];
    for (source, message) in cases {
        assert_eq!(check(&config(source)), failed(format!("tracker: account `home`: {message}\n")), "{source}");
    }
}

#[test]
fn one_account_that_fails_does_not_keep_the_others_from_being_read() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let broken = dovecot.account("broken", ANNA).replace("echo correct-horse", "echo wrong-horse");
    tracker.config(&format!("{broken}{}", dovecot.account("home", ANNA)));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw(), "2026-11-24T11:52:00Z");
    let run = tracker.run(&["check", "--json"]);
    assert_eq!(run.status, 3);
    let seen: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let error: serde_json::Value = serde_json::from_str(&run.stderr).expect("JSON");
    assert_eq!((&seen["accounts"][0]["ok"], &seen["accounts"][1]["ok"]), (&false.into(), &true.into()));
    assert_eq!(
        (&error["error"]["kind"], &error["error"]["remedy"]),
        (&"unavailable".into(), &"check user and password".into())
    );
    assert_eq!(tracker.states(), ["code_received"]);
    let warning = "tracker: account `broken`: never checked; run tracker check\n";
    assert_eq!(tracker.run(&["list"]).stderr, warning);
}

#[test]
fn two_checks_at_once_are_refused() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let tracker = Tracker::new();
    tracker.config(&format!(
        "[accounts.home]\nemail = \"{ANNA}\"\nhost = \"127.0.0.1\"\nport = {port}\npassword_command = \"echo x\"\ntimeout = \"60s\"\n"
    ));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let mut first = tracker.command(&["check"]).spawn().expect("it starts");
    // It holds the lock once it is connected.
    let _connection = silent.accept().expect("a connection");
    assert_eq!(tracker.run(&["check"]), failed("tracker: another check is running; wait for it to end\n".to_owned()));
    first.kill().expect("killed");
    first.wait().expect("ended");
}
