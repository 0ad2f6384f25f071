//! `completions` and `man`.

use std::fs;

use crate::support::Tracker;

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let tracker = Tracker::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = tracker.ok(&["completions", shell]);
        assert!(["doctor", "recheck", "submitted"].iter().all(|word| script.contains(word)), "{shell}");
    }
    assert_eq!(tracker.run(&["completions", "tcsh"]).status, 2);
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
