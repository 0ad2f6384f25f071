//! With `--json` every error is one JSON document, wrong usage and wrong places included.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::support::Tracker;

/// What a run that must fail says as JSON.
fn error(tracker: &Tracker, args: &[&str]) -> (i32, Value) {
    let run = tracker.run(args);
    assert_eq!(run.stdout, "", "{args:?}");
    let document = serde_json::from_str(&run.stderr).unwrap_or_else(|_| panic!("{args:?}: {}", run.stderr));
    (run.status, document)
}

#[test]
fn wrong_usage_is_a_document() {
    let tracker = Tracker::new();
    let state = "invalid value 'x' for '--state <S>': unknown state `x`: use submitted, code_received, verified, acknowledged, \
                 needs_info, accepted, refused or withdrawn";
    let numbers = "`tracker list` shows those of objections, `tracker held` those of mails";
    let cases = [
        ("list --state x --json", state, "see tracker list --help"),
        ("--json list --state x", state, "see tracker list --help"),
        ("show abc --json", "invalid value 'abc' for '<ID>': not a number", numbers),
        ("held show --json abc", "invalid value 'abc' for '<MAIL>': not a number", numbers),
        ("lst --json", "unrecognized subcommand 'lst'", "use `list`"),
        ("list --jsn --json", "unexpected argument '--jsn' found", "use `--json`"),
        (
            "add --json",
            "the following required arguments were not provided: --platform <P> --email <ADDR>",
            "see tracker add --help",
        ),
        ("--json draft", "`tracker draft` is not complete", "see tracker draft --help"),
        ("list --json -- x", "unexpected argument 'x' found", "see tracker list --help"),
        (
            "add --config x --json --label a --label",
            "a value is required for '--label <L>' but none was supplied",
            "see tracker add --help",
        ),
    ];
    for (line, message, remedy) in cases {
        let expected = json!({ "error": { "kind": "usage", "message": message, "remedy": remedy } });
        assert_eq!(error(&tracker, &line.split(' ').collect::<Vec<_>>()), (2, expected), "{line}");
    }
}

#[test]
fn what_only_looks_like_the_option_asks_for_no_document() {
    let tracker = Tracker::new();
    for line in
        ["list --state x", "list --state x -- --json", "list --label --json", "code --wait=--json", "show --jso"]
    {
        let run = tracker.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{line}");
        assert!(run.stderr.starts_with("error: "), "{line}: {}", run.stderr);
    }
    assert!(tracker.ok(&["list", "--json", "--help"]).starts_with("List the objections"));
    assert!(tracker.ok(&["--json", "--version"]).starts_with("tracker "));
}

#[test]
fn a_remedy_is_whole_whatever_the_path() {
    let tracker = Tracker::new();
    tracker.ok(&["add", "--database", "a; b.db", "--platform", "facebook", "--email", "anna@example.org"]);
    fs::set_permissions(tracker.home().join("a; b.db"), fs::Permissions::from_mode(0o644)).expect("permissions");
    let expected = json!({ "error": {
        "kind": "usage",
        "message": "database `a; b.db`: others can read it (mode 644)",
        "remedy": "run: chmod 600 'a; b.db'",
    } });
    assert_eq!(error(&tracker, &["--json", "list", "--database", "a; b.db"]), (2, expected));
}
