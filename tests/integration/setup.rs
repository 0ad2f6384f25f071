//! `setup`: from a mail address to an account that works.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::dns::{Dns, Reply, mx, srv};
use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::https::Https;
use crate::support::pki::Authority;
use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";
const AT: &str = "2026-11-24T11:55:00Z";

fn config(tracker: &Tracker) -> String {
    fs::read_to_string(tracker.home().join(".config/tracker/config.toml")).unwrap_or_default()
}

fn mode(tracker: &Tracker, name: &str) -> u32 {
    let path = tracker.home().join(".config/tracker").join(name);
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

/// Sets up what leads to a server, with its password on standard input.
fn setup(tracker: &Tracker, dovecot: &Dovecot, more: &[&str], password: &str) -> Run {
    let (host, ca) = (format!("localhost:{}", dovecot.tls_port), dovecot.ca_file());
    let ca = ca.to_str().expect("UTF-8");
    let server = ["--host", &host, "--ca-file", ca, "--password-stdin"];
    tracker.run_with(&[&["setup", "--email", ANNA], &server[..], more].concat(), format!("{password}\n").as_bytes())
}

#[test]
fn options_alone_make_an_account_that_check_can_read() {
    let dovecot = Dovecot::start();
    for n in 0..3 {
        dovecot.deliver(ANNA, "INBOX", &mails::newsletter(ANNA, AT).id(&n.to_string()).raw(), AT);
    }
    let tracker = Tracker::new();
    let hand = "# mine\ncountry = \"DE\"   # home\n[dkim]\nverify = false\n";
    tracker.config(hand);
    let run = setup(&tracker, &dovecot, &[], PASSWORD);
    assert_eq!((run.status, run.stderr.as_str()), (0, "Trying to log in at localhost …\n"), "{}", run.stdout);
    assert_eq!(
        run.stdout,
        "Wrote [accounts.example] to ~/.config/tracker/config.toml.\n\
         Reads INBOX, Junk.\n\
         3 of 3 recent mails bear a line by `mx.example.org` about who sent them. If that is your provider's server, add \
         to [accounts.example]: authserv_ids = [\"mx.example.org\"]\n\n\
         Next:\n  \
         tracker add --platform facebook --email anna@example.org   after you sent the form\n  \
         tracker schedule   so that the inbox is looked at by itself\n"
    );
    let ca = dovecot.ca_file();
    assert_eq!(
        config(&tracker),
        format!(
            "{hand}\n[accounts.example]\nemail = \"anna@example.org\"\nhost = \"localhost\"\nport = {}\nca_file = \"{}\"\n\
             password_file = \"example.password\"\n",
            dovecot.tls_port,
            ca.display()
        )
    );
    assert_eq!((mode(&tracker, "config.toml"), mode(&tracker, "example.password")), (0o600, 0o600));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert_eq!(tracker.ok(&["check"]), "");
    let again = setup(&tracker, &dovecot, &[], PASSWORD);
    let why = "tracker: account `example` reads the mail of `anna@example.org` already; try it with tracker doctor, or add another \
               one with --name\n";
    assert_eq!((again.status, again.stderr.as_str()), (1, why));
    let believing = setup(&tracker, &dovecot, &["--authserv-id", "mx.example.org", "--name", "second"], PASSWORD);
    assert!(believing.stdout.contains("Believes mx.example.org about who sent a mail"), "{believing:?}");
    assert!(config(&tracker).ends_with(
        "password_file = \"second.password\"\n\
         # The provider's server: what it says about who sent a mail is believed.\n\
         authserv_ids = [\"mx.example.org\"]\n"
    ));
}

#[test]
fn nothing_is_written_unless_the_login_worked() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let run = setup(&tracker, &dovecot, &[], "wrong");
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("tracker: nothing was written: "), "{}", run.stderr);
    assert!(!run.stderr.contains("wrong\n") && !tracker.home().join(".config").exists(), "{}", run.stderr);
    let fails = |args: &[&str], why: &str| {
        let run = tracker.run(&[&["setup"], args].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        assert!(run.stderr.contains(why), "{}", run.stderr);
        assert!(!tracker.home().join(".config").exists());
    };
    fails(&[], "Your mail address is not known, and there is no terminal to ask on; add --email");
    fails(&["--email", "anna"], "`anna` is not a mail address");
    fails(&["--email", "anna@gmx.de"], "no way to its password; add --password-command");
    fails(&["--email", "anna@gmx.de", "--name", "../x"], "use letters, digits, - and _ only");
    fails(&["--email", "anna@gmx.de", "--password-stdin"], "the password is empty");
}

#[test]
fn a_file_is_no_maildir_and_a_folder_no_mbox() {
    let tracker = Tracker::new();
    tracker.file("inbox", "");
    for (option, path, why) in [
        ("--maildir", "inbox", "~/inbox` is a file; name it with `mbox`\n"),
        ("--mbox", ".", "~` is a folder; name it with `maildir`\n"),
    ] {
        let run = tracker.run(&["setup", "--email", ANNA, option, path]);
        assert_eq!((run.status, run.stderr), (3, format!("tracker: nothing was written: `{why}")));
    }
    assert_eq!(tracker.run(&["setup", "--email", ANNA, "--mbox", "inbox"]).status, 0);
}

#[test]
fn an_account_that_was_left_alone_is_tried_again_once_setup_got_in() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("example", ANNA).replace("echo correct-horse", "echo wrong-horse"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    for _ in 0..4 {
        assert_eq!(tracker.run(&["check"]).status, 3);
    }
    tracker.config("[dkim]\nverify = false\n");
    assert_eq!(setup(&tracker, &dovecot, &[], PASSWORD).status, 0);
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn without_a_session_there_is_no_keyring_and_that_is_said() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let run = setup(&tracker, &dovecot, &["--keyring"], PASSWORD);
    assert_eq!(run.status, 3);
    let why = "tracker: nothing was written: the keyring can't keep the password: there is none here; under cron there is no \
               session bus; leave out --keyring\n";
    assert!(run.stderr.ends_with(why), "{}", run.stderr);
    assert_eq!(config(&tracker), "");
    tracker
        .config(&dovecot.account("home", ANNA).replace("password_command = \"echo correct-horse\"", "keyring = true"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let why = "the keyring can't be asked: there is none here; under cron there is no session bus; run it in your session, or \
               use password_command or password_file, which need no session\n";
    assert!(tracker.run(&["check"]).stderr.ends_with(why));
}

#[test]
fn a_configuration_that_is_named_is_made_and_mailboxes_must_be_there() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let run = setup(&tracker, &dovecot, &["--config", "mine.toml", "--mailbox", "Nope"], PASSWORD);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.ends_with("nothing was written: none of those mailboxes is there; correct --mailbox\n"),
        "{}",
        run.stderr
    );
    let run = setup(&tracker, &dovecot, &["--config", "mine.toml"], PASSWORD);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(tracker.ok(&["--config", "mine.toml", "doctor"]).contains("reads INBOX, Junk"));
    let again = setup(&tracker, &dovecot, &["--config", "other.toml"], PASSWORD);
    assert!(again.stderr.contains("example.password` is there already; choose another --name"), "{}", again.stderr);
}

#[test]
fn an_account_that_is_there_already_stays_as_it_is() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    let old = config(&tracker);
    let run = setup(&tracker, &dovecot, &["--name", "home"], PASSWORD);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("it has an account `home` already; choose another --name"), "{}", run.stderr);
    assert_eq!(config(&tracker), old);
}

#[test]
fn a_server_is_found_where_the_domain_publishes_it() {
    let authority = Authority::new("Tracker's tests");
    let certificate = authority.certify("localhost", 2120);
    let dovecot = Dovecot::with(authority, &certificate);
    let page = format!(
        "<clientConfig><emailProvider id=\"example.org\"><incomingServer type=\"imap\"><hostname>localhost</hostname>\
         <port>{}</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer></emailProvider>\
         </clientConfig>",
        dovecot.tls_port
    );
    let https = Https::start(&certificate, vec![("/config-v1.1.xml", 200, page), ("/elsewhere", 302, String::new())]);
    let dns = Dns::start();
    let tracker = Tracker::new();
    tracker.config(&dns.config());
    let place = format!("https://localhost:{}/config-v1.1.xml", https.port);
    let ca = dovecot.ca_file();
    let setup = |url: &str, ca: &[&str]| {
        let args = ["setup", "--email", ANNA, "--autoconfig", url, "--password-command", "echo correct-horse"];
        tracker.run(&[&args[..], ca].concat())
    };
    let trusting = ["--ca-file", ca.to_str().expect("UTF-8")];
    let run = setup(&place, &trusting);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.stderr, format!("Found localhost, port {}, by {place}.\n", dovecot.tls_port));
    let asked = https.requests();
    assert!(asked.len() == 1 && asked[0].starts_with("GET /config-v1.1.xml HTTP/1.1\r\n"), "{asked:?}");
    assert!(!asked[0].contains("anna"), "nobody is told who asks");
    assert!(config(&tracker).contains(&format!("# Found by {place}.\nhost = \"localhost\"\nport = ")));
    tracker.config(&dns.config());
    let elsewhere = format!("https://localhost:{}/elsewhere", https.port);
    for (url, ca) in [(elsewhere.as_str(), &trusting[..]), (&place.replace("https", "http"), &trusting), (&place, &[])]
    {
        let run = setup(url, ca);
        assert_eq!(run.status, 2, "{url}");
        assert!(run.stderr.contains("Its IMAP server is not known, and there is no terminal"), "{}", run.stderr);
    }
}

#[test]
fn dns_is_believed_only_about_the_domain_s_own_hosts_and_known_providers() {
    let dns = Dns::start();
    let tracker = Tracker::new();
    tracker.config(&dns.config());
    let found = || {
        let args = ["setup", "--email", ANNA, "--autoconfig", "https://127.0.0.1:1/", "--password-command", "false"];
        tracker.run(&args).stderr.lines().next().unwrap_or_default().to_owned()
    };
    let unknown = "tracker: Its IMAP server is not known, and there is no terminal to ask on; add --host";
    assert_eq!(found(), unknown);
    dns.set("example.org", Reply::Records(15, vec![mx(10, "mx.evil.example"), mx(20, "aspmx.l.google.com")]));
    assert_eq!(found(), "Found imap.gmail.com, port 993, by the mail server of example.org, aspmx.l.google.com.");
    dns.set("_imaps._tcp.example.org", Reply::Records(33, vec![srv(0, 993, "imap.evil.example")]));
    assert_eq!(found(), "Found imap.gmail.com, port 993, by the mail server of example.org, aspmx.l.google.com.");
    let both = vec![srv(20, 1993, "b.example.org"), srv(10, 993, "a.example.org")];
    dns.set("_imaps._tcp.example.org", Reply::Records(33, both));
    assert_eq!(found(), "Found a.example.org, port 993, by the SRV record _imaps._tcp.example.org.");
}

#[test]
fn on_a_terminal_it_asks() {
    let dovecot = Dovecot::start();
    dovecot.deliver(ANNA, "INBOX", &mails::newsletter(ANNA, AT).raw(), AT);
    let tracker = Tracker::new();
    tracker.config("[dkim]\nverify = false\n");
    let line = format!(
        "{} setup --host localhost --port {} --ca-file {}",
        env!("CARGO_BIN_EXE_tracker"),
        dovecot.tls_port,
        dovecot.ca_file().display()
    );
    // A terminal of its own, from util-linux.
    let plain = tracker.command(&[]);
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).env_clear().current_dir(tracker.home());
    script.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script, from util-linux");
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = child.stdout.take().expect("piped");
    let shown = converse(
        &mut stdin,
        &mut stdout,
        &[
            ("Your mail address: ", &format!("{ANNA}\n")),
            ("Password", "wrong\n"),
            ("Password, once more: ", &format!("{PASSWORD}\n")),
            ("your provider's server (y/n) [n]: ", "y\n"),
        ],
    );
    assert!(child.wait().expect("it ends").success(), "{shown}");
    assert!(shown.contains("Believes mx.example.org about who sent a mail"), "{shown}");
    assert!(config(&tracker).contains("authserv_ids = [\"mx.example.org\"]"));
}

/// Types each answer when its question stands there; returns all that was shown.
fn converse(stdin: &mut impl std::io::Write, stdout: &mut impl std::io::Read, answers: &[(&str, &str)]) -> String {
    let (mut shown, mut from) = (String::new(), 0);
    let mut bytes = [0; 1024];
    let mut answers = answers.iter();
    let mut next = answers.next();
    while let Ok(count @ 1..) = stdout.read(&mut bytes) {
        shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
        while let Some((question, answer)) = next.filter(|(question, _)| shown[from..].contains(question)) {
            from += shown[from..].find(question).expect("there") + question.len();
            stdin.write_all(answer.as_bytes()).expect("typed");
            next = answers.next();
        }
    }
    assert!(next.is_none(), "was not asked {next:?}: {shown}");
    shown
}
