//! `rules check`: whether rules are well formed, and what in them can never match.

use std::path::Path;

use crate::support::{Run, Tracker};

fn check(file: &str) -> Run {
    let tracker = Tracker::new();
    tracker.file("own.toml", file);
    tracker.run(&["rules", "check", "own.toml"])
}

#[test]
fn what_is_wrong_is_told_by_line_and_column() {
    let head = "language = \"da\"\n[[rule]]\nid = \"own/x\"\nsignal = \"accepted\"\n";
    let phrase = "{ text = \"vi har imødekommet din indsigelse\", source = \"mine\" },\n";
    let good = check(&format!("{head}strong = [\n{phrase}]\n"));
    assert_eq!((good.status, good.stdout.as_str()), (0, "1 files checked, 0 sample mails judged\n"));
    let twice = check(&format!("{head}strong = [\n{phrase}{phrase}]\n"));
    let said = "own.toml:7:10: `vi har imødekommet din indsigelse` stands in line 6 already\n";
    assert_eq!((twice.status, twice.stdout.lines().next()), (1, said.lines().next()));
    let unknown = check(&format!("{head}strong = [\n{phrase}]\ncolour = 1\n"));
    assert!(unknown.status == 1 && unknown.stdout.starts_with("own.toml:8:1: unknown field `colour`"), "{unknown:?}");
    let never = check(&format!("{head}not = [\"imødekommet\"]\nstrong = [\n{phrase}]\n"));
    let said = "`vi har imødekommet din indsigelse` can never match: `not` of its rule takes it away";
    assert!(never.status == 1 && never.stdout.contains(said), "{never:?}");
}

#[test]
fn the_rules_that_come_with_the_program_have_no_flaw() {
    let tracker = Tracker::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = tracker.command(&["rules", "check", "src/signal/rules/da.toml", "src/signal/words/da.toml"]);
    let output = command.current_dir(root).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.starts_with("2 files checked, ") && !said.contains(" 0 sample"), "{said}");
}
