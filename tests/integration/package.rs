//! The Debian package: what is in it, and that it runs from where it is unpacked.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::Tracker;

/// The output of a command that succeeds.
fn output(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).expect("UTF-8")
}

#[test]
fn the_package_holds_the_program_its_pages_completions_and_units() {
    let folder = TempDir::new().expect("a folder");
    let (package, root) = (folder.path().join("tracker.deb"), folder.path().join("root"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/deb");
    output(Command::new(script).args(["--debug", "--fast", "--output"]).arg(&package));
    let listed = output(Command::new("dpkg-deb").arg("--contents").arg(&package));
    let files: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().nth(5)).collect();
    let (pages, mut others): (Vec<&str>, Vec<&str>) =
        files.into_iter().filter(|name| !name.ends_with('/')).partition(|name| name.contains("/man/man1/"));
    others.sort_unstable();
    assert_eq!(
        others,
        [
            "./usr/bin/tracker",
            "./usr/lib/systemd/user/tracker-watch.service",
            "./usr/lib/systemd/user/tracker.service",
            "./usr/lib/systemd/user/tracker.timer",
            "./usr/share/bash-completion/completions/tracker",
            "./usr/share/doc/objection-tracker/CHANGELOG.md",
            "./usr/share/doc/objection-tracker/README.md",
            "./usr/share/doc/objection-tracker/SECURITY.md",
            "./usr/share/doc/objection-tracker/copyright",
            "./usr/share/fish/vendor_completions.d/tracker.fish",
            "./usr/share/zsh/vendor-completions/_tracker",
        ]
    );
    let tracker = Tracker::new();
    for verb in ["add", "check", "code", "held-show", "setup", "watch"] {
        assert!(pages.contains(&format!("./usr/share/man/man1/tracker-{verb}.1.gz").as_str()), "{verb}");
    }
    // Nothing to run when it is removed, so nothing to leave behind.
    let control = folder.path().join("control");
    output(Command::new("dpkg-deb").arg("--control").arg(&package).arg(&control));
    let scripts: Vec<_> = std::fs::read_dir(control).expect("a folder").map(|e| e.expect("it").file_name()).collect();
    assert_eq!(scripts, ["control"]);
    output(Command::new("dpkg-deb").arg("--extract").arg(&package).arg(&root));
    let mut demo = Command::new(root.join("usr/bin/tracker"));
    let told = output(demo.arg("demo").env_clear().env("HOME", tracker.home()));
    assert!(told.contains("accepted"), "{told}");
    let units = ["tracker.service", "tracker.timer", "tracker-watch.service"];
    for unit in units {
        let text = std::fs::read_to_string(root.join("usr/lib/systemd/user").join(unit)).expect("a unit");
        let hardening = include_str!("../../packaging/hardening");
        assert!(unit == "tracker.timer" || text.contains(hardening), "{unit}");
        let text = text.replace("/usr/bin/", &format!("{}/usr/bin/", root.display()));
        std::fs::write(folder.path().join(unit), text).expect("written");
    }
    let mut analyze = Command::new("systemd-analyze");
    let analyze = analyze.args(["--man=no", "--user", "verify"]).current_dir(folder.path()).args(units);
    output(analyze.env("XDG_RUNTIME_DIR", folder.path()));
}
