//! `completions` and `man`.

use std::fs;

use crate::support::Tracker;

#[test]
fn every_shell_gets_a_script() {
    let tracker = Tracker::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = tracker.ok(&["completions", shell]);
        assert!(script.contains("TRACKER_COMPLETE") && script.contains("tracker"), "{shell}");
    }
    assert_eq!(tracker.run(&["completions", "tcsh"]).status, 2);
}

#[test]
fn commands_options_numbers_and_names_are_completed() {
    let tracker = Tracker::new();
    let complete = |words: &[&str]| {
        let mut command = tracker.command(&[&["--", "tracker"], words].concat());
        let command = command.env("TRACKER_COMPLETE", "bash").env("_CLAP_IFS", "\n");
        let output = command.env("_CLAP_COMPLETE_INDEX", words.len().to_string()).output().expect("it ends");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(complete(&["show", ""]).iter().all(|word| word.starts_with('-')), "nothing is recorded yet");
    assert!(!tracker.database().exists(), "and asking records nothing");
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nmaildir = \"~/Maildir\"\n");
    tracker.add("facebook", "anna@example.org", "2026-11-24T11:50:00Z");
    tracker.add("instagram", "ben@example.org", "2026-11-24T11:50:00Z");
    assert_eq!(complete(&["sh"]), ["show"]);
    assert_eq!(complete(&["list", "--ov"]), ["--overdue"]);
    assert_eq!(complete(&["show", ""])[..2], ["1", "2"]);
    assert_eq!(complete(&["draft", "reason", ""])[..2], ["1", "2"]);
    assert_eq!(complete(&["held", "apply", "7", "--objection", ""]), ["1", "2"]);
    assert_eq!(complete(&["check", "--account", "h"]), ["home"]);
    assert_eq!(complete(&["list", "--state", "v"]), ["verified"]);
    assert_eq!(complete(&["list", "--next", "re"]), ["remind"]);
    assert_eq!(complete(&["list", "--country", "DE"]), ["DE"]);
    assert_eq!(complete(&["add", "--platform", "thr"]), ["threads"]);
    assert_eq!(complete(&["mark", "1", "ex"]), ["extended"]);
}

#[test]
fn every_command_has_a_page() {
    let tracker = Tracker::new();
    assert!(tracker.ok(&["man"]).contains(".TH tracker 1"));
    let pages = tracker.home().join("man1");
    fs::create_dir(&pages).expect("a directory");
    tracker.ok(&["man", "--directory", "man1"]);
    for command in ["tracker", "tracker-add", "tracker-held-apply"] {
        let page = fs::read_to_string(pages.join(format!("{command}.1"))).expect(command);
        assert!(page.contains("SYNOPSIS"), "{command}");
    }
    let run = tracker.run(&["man", "--directory", "missing"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.ends_with("name a directory that is there and can be written\n"), "{}", run.stderr);
}
