//! README and `--help` say what the program does.

use std::collections::BTreeSet;

use crate::support::dovecot::Dovecot;
use crate::support::{Tracker, mails};

const README: &str = include_str!("../../README.md");

/// The fenced blocks of the README in a language.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut rest = README;
    while let Some((_, after)) = rest.split_once(&format!("```{language}\n")) {
        let (block, after) = after.split_once("```").expect("an end");
        blocks.push(block.to_owned());
        rest = after;
    }
    blocks
}

#[test]
fn the_commands_of_the_readme_do_the_main_job() {
    let dovecot = Dovecot::start();
    let mut tracker = Tracker::new();
    let config = blocks("toml").concat();
    // The password manager and the provider are the reader's own.
    let config = config
        .replace("\"imap.example.org\"", &format!("\"localhost\"\nport = {}", dovecot.tls_port))
        .replace("pass show mail/home", "echo correct-horse");
    tracker.config(&format!("{config}ca_file = \"{}\"\n", dovecot.ca_file().display()));
    let code = mails::code("you@example.org", "271828", "2026-11-24T12:01:00Z");
    dovecot.deliver("you@example.org", "INBOX", &code.raw(), "2026-11-24T12:01:00Z");
    let commands: Vec<String> = blocks("sh").concat().lines().map(str::to_owned).collect();
    let mut outputs = Vec::new();
    for command in commands.iter().filter_map(|line| line.strip_prefix("tracker ")) {
        outputs.push(tracker.ok(&command.split(' ').collect::<Vec<_>>()));
        tracker.at("2026-11-24T12:05:00Z");
    }
    assert_eq!(
        outputs,
        [
            "1\n",
            "objection 1 (facebook, you@example.org): submitted → code_received; \
             next: enter the code: tracker code 1 (good until 2026-11-25 12:01, assumed)\n",
            "271828\n",
            "objection 1: verified; next: wait: answers take minutes to a day; overdue after 2026-12-24\n",
            "1\tfacebook\tyou@example.org\tverified\t2026-12-24\twait: answers take minutes to a day; overdue after 2026-12-24\n",
        ]
    );
    assert!(commands.iter().any(|line| line.starts_with("cargo run --release -- demo ")));
    assert!(commands.iter().any(|line| line.starts_with("tests/run ")));
}

#[test]
fn readme_and_help_name_the_same_commands() {
    let help = Tracker::new().ok(&["--help"]);
    let listed: BTreeSet<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    let described: BTreeSet<&str> = README
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(described, listed);
    for command in listed {
        assert!(Tracker::new().ok(&[command, "--help"]).contains("Usage: tracker"), "{command}");
    }
}

#[test]
fn the_crontab_line_of_the_readme_is_the_one_of_the_help() {
    let line = "*/15 * * * *  tracker check";
    assert!(README.contains(line) && Tracker::new().ok(&["check", "--help"]).contains(line));
}

#[test]
fn the_page_on_the_law_has_every_rule_with_its_certainty_and_source() {
    let page = include_str!("../../docs/law.md");
    let mut tracker = Tracker::new();
    for (country, now) in [("DE", "2026-11-01"), ("GB", "2026-11-01"), ("GB", "2026-01-10")] {
        let at = format!("{now}T12:00:00Z");
        tracker.at(&at);
        let add = ["-q", "add", "--platform", "meta", "--email", "a@example.org", "--country", country];
        let id = tracker.ok(&add);
        let shown = tracker.json(&["show", id.trim()]);
        for rule in shown["law"].as_array().expect("rules") {
            let word = |name: &str| rule[name].as_str().expect("a word").to_owned();
            let row = page.lines().find(|line| line.starts_with(&format!("| {} |", word("article"))));
            let row = row.unwrap_or_else(|| panic!("no row for {}", word("article")));
            assert!(row.contains(&word("certainty")) && row.contains(&word("source")), "{rule}\n{row}");
        }
    }
}
