//! `[hooks] on_change`: the user's command is told of each change, once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::support::https::Https;
use crate::support::pki::Authority;
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const ACCOUNT: &str =
    "[accounts.home]\nemail = \"anna@example.org\"\nauthserv_ids = [\"mx.example.org\"]\nmaildir = \"~/Maildir\"\n";

fn tracker(command: &str) -> Tracker {
    with(&format!("on_change = \"{command}\""))
}

fn with(hooks: &str) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&format!("{ACCOUNT}[hooks]\n{hooks}\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker.file("Maildir/new/1", mails::code(ANNA, "482918", "2026-11-24T11:51:00Z").raw());
    tracker.file("Maildir/new/2", mails::newsletter(ANNA, "2026-11-24T11:52:00Z").raw());
    tracker.file("Maildir/new/3", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw());
    tracker
}

#[test]
fn each_change_is_told_once_and_no_code() {
    let tracker = tracker("cat >> told");
    assert_eq!(tracker.ok(&["check", "--dry-run"]).lines().count(), 2);
    assert!(!tracker.home().join("told").exists(), "a rehearsal changes nothing");
    tracker.ok(&["check"]);
    tracker.ok(&["check"]);
    let told = fs::read_to_string(tracker.home().join("told")).expect("told");
    let changes: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let states: Vec<&serde_json::Value> = changes.iter().map(|change| &change["state_after"]).collect();
    assert_eq!(states, ["code_received", "accepted"]);
    assert!(!told.contains("482918"), "{told}");
}

#[test]
fn a_command_that_fails_loses_nothing() {
    let tracker = tracker("exit 7");
    let run = tracker.run(&["check"]);
    let fault = |mail: i64| {
        format!(
            "tracker: `on_change` in [hooks] failed (exit status: 7) when told of mail {mail}, which is recorded; \
             run it by hand to see why\n"
        )
    };
    assert_eq!((run.status, run.stderr), (3, fault(1) + &fault(2)));
    assert_eq!(run.stdout.lines().count(), 2);
    assert_eq!(tracker.states(), ["accepted"]);
}

#[test]
fn what_a_check_that_was_cut_off_did_not_tell_the_next_one_tells() {
    let tracker = tracker("touch started; while [ -e started ]; do sleep 0.1; done");
    let mut child = tracker.command(&["check"]).stdout(Stdio::null()).spawn().expect("it starts");
    while !tracker.home().join("started").exists() {
        assert_eq!(child.try_wait().expect("it runs"), None);
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().and_then(|()| child.wait()).expect("killed");
    fs::remove_file(tracker.home().join("started")).expect("its command ends");
    assert_eq!(tracker.states(), ["accepted"], "all is recorded");
    tracker.config(&format!("{ACCOUNT}[hooks]\non_change = \"cat >> told\"\n"));
    let lines = "objection 1 (facebook, anna@example.org): submitted → code_received; next: nothing\n\
                 objection 1 (facebook, anna@example.org): code_received → accepted; next: nothing\n";
    assert_eq!(tracker.ok(&["check"]), lines);
    assert_eq!(fs::read_to_string(tracker.home().join("told")).expect("told").lines().count(), 2);
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn what_a_command_was_told_of_before_a_check_was_cut_off_it_is_not_told_again() {
    let tracker = tracker("cat >> told; touch started; while [ $(wc -l < told) -gt 1 ]; do sleep 0.1; done");
    let mut child = tracker.command(&["check"]).stdout(Stdio::null()).spawn().expect("it starts");
    let told = tracker.home().join("told");
    let count = || fs::read_to_string(&told).unwrap_or_default().lines().count();
    while count() < 2 {
        assert_eq!(child.try_wait().expect("it runs"), None);
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().and_then(|()| child.wait()).expect("killed");
    fs::write(&told, "").expect("its command ends");
    tracker.config(&format!("{ACCOUNT}[hooks]\non_change = \"cat >> told\"\n"));
    let line = "objection 1 (facebook, anna@example.org): code_received → accepted; next: nothing\n";
    assert_eq!(tracker.ok(&["check"]), line);
    assert_eq!(count(), 1);
}

#[test]
fn what_could_not_be_printed_was_not_told() {
    let tracker = with("");
    let full = fs::File::options().write(true).open("/dev/full").expect("a device");
    let output = tracker.command(&["check"]).stdout(full).output().expect("it ends");
    let why = "tracker: standard output: No space left on device (os error 28); run again to be told\n";
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).expect("UTF-8").as_str()), (Some(3), why));
    assert_eq!(tracker.states(), ["accepted"]);
    assert_eq!(tracker.ok(&["check"]).lines().count(), 2);
    assert_eq!(tracker.ok(&["check"]), "");
}

#[test]
fn what_a_person_decided_is_no_news_and_ingest_tells_of_its_own_mail_only() {
    let tracker = with("");
    let full = || fs::File::options().write(true).open("/dev/full").expect("a device");
    tracker.file("Maildir/new/3", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").forged().raw());
    assert_eq!(tracker.command(&["check"]).stdout(full()).status().expect("it ends").code(), Some(3));
    assert_eq!(tracker.ok(&["ingest", "Maildir/new/2", "--full"]), "", "what a check owes is told by a check");
    tracker.ok(&["held", "dismiss", "2"]);
    let told = tracker.ok(&["check"]);
    assert!(told.lines().count() == 1 && told.contains("code_received"), "{told}");
}

/// Runs a check where the system's programs are stand-ins that keep what they are told.
fn check(tracker: &Tracker, more: &[(&str, &str)]) -> (i32, String, String) {
    for program in ["notify-send", "sendmail"] {
        let text =
            format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >> \"$HOME/{program}\"; exec /bin/cat >> \"$HOME/{program}\"\n");
        let path = tracker.file(&format!("bin/{program}"), text);
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("permissions");
    }
    let path = format!("{}/bin:/usr/bin:/bin", tracker.home().display());
    let mut command = tracker.command(&["check"]);
    let output = command.env("PATH", path).envs(more.iter().copied()).output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

#[test]
fn a_notice_on_the_desktop_and_a_mail_tell_what_check_prints() {
    let tracker = with("desktop = true\nmail_to = \"me@example.org\"");
    let (status, stdout, stderr) = check(&tracker, &[]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert_eq!(stdout.lines().count(), 2);
    let read = |name: &str| fs::read_to_string(tracker.home().join(name)).expect("told");
    assert_eq!(read("notify-send"), format!("--app-name=tracker\n--\ntracker\n{stdout}"));
    assert_eq!(
        read("sendmail"),
        format!(
            "-i\n--\nme@example.org\nTo: me@example.org\nSubject: tracker: 2 changes\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\n\n{stdout}"
        )
    );
    check(&tracker, &[]);
    assert_eq!(read("notify-send").matches("--app-name").count(), 1, "nothing is told where nothing happened");
}

#[test]
fn ntfy_and_a_webhook_are_told_over_https() {
    let authority = Authority::new("Tracker's tests");
    let https = Https::start(
        &authority.certify("localhost", 2120),
        vec![("/topic", 200, String::new()), ("/hook", 204, String::new()), ("/broken", 500, String::new())],
    );
    let at = |path: &str| format!("https://localhost:{}{path}", https.port);
    let tracker = with(&format!("ntfy = \"{}\"\nwebhook = \"{}\"", at("/topic"), at("/hook")));
    let ca = tracker.file("ca.pem", &authority.pem);
    let trusting = [("SSL_CERT_FILE", ca.to_str().expect("UTF-8"))];
    let (status, stdout, stderr) = check(&tracker, &trusting);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let requests = https.requests();
    let [ntfy, hook] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(ntfy.starts_with("POST /topic ") && ntfy.ends_with(&format!("\r\n\r\n{stdout}")), "{ntfy}");
    assert!(!ntfy.contains("482918") && !hook.contains("482918"), "no code");
    let body: serde_json::Value = serde_json::from_str(hook.split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    assert_eq!(body["text"], stdout.as_str());
    let moved: Vec<_> = body["mails"].as_array().expect("mails").iter().map(|mail| &mail["state_after"]).collect();
    assert_eq!(moved, ["code_received", "accepted"]);

    let tracker = with(&format!("ntfy = \"{}\"\nwebhook = \"{}\"", at("/broken"), at("/hook")));
    let ca = tracker.file("ca.pem", Authority::new("Another").pem);
    let (status, stdout, stderr) = check(&tracker, &[("SSL_CERT_FILE", ca.to_str().expect("UTF-8"))]);
    assert_eq!((status, stdout.lines().count()), (3, 2), "told on standard output all the same");
    assert!(
        stderr.contains("`ntfy` in [hooks] can't be told: ") && stderr.contains("`webhook` in [hooks]"),
        "{stderr}"
    );
    assert_eq!(https.requests(), Vec::<String>::new(), "nobody is told whose certificate is not good");
}

#[test]
fn a_code_is_told_to_who_asks_for_it() {
    let tracker = with("desktop = true\nmail_to = \"me@example.org\"\ninclude_code = true");
    fs::remove_file(tracker.home().join("Maildir/new/3")).expect("removed");
    let (_, stdout, _) = check(&tracker, &[]);
    assert!(!stdout.contains("482918"), "{stdout}");
    let read = |program: &str| fs::read_to_string(tracker.home().join(program)).expect("told");
    let mail = read("sendmail");
    assert!(mail.ends_with("the code for objection 1: 482918\n"), "{mail}");
    // Every program on the machine can read another's arguments.
    assert!(!read("notify-send").contains("482918"));
}

#[test]
fn an_address_that_can_t_be_told_is_a_mistake() {
    for (hooks, what) in [
        (
            "ntfy = \"http://ntfy.sh/x\"",
            "`ntfy = \"http://ntfy.sh/x\"` in [hooks] is not an address on the web; write https://…",
        ),
        ("mail_to = \"me\"", "`mail_to = \"me\"` in [hooks] is not a mail address; write it as name@domain"),
    ] {
        let tracker = Tracker::new();
        tracker.config(&format!("{ACCOUNT}[hooks]\n{hooks}\n"));
        let run = tracker.run(&["check"]);
        assert_eq!(run.status, 2);
        assert_eq!(run.stderr, format!("tracker: configuration `~/.config/tracker/config.toml` line 5: {what}\n"));
    }
}
