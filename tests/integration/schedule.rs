//! `schedule`: the system runs `check` by itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Run, Tracker};

/// A home with stand-ins for the system's programs, which keep what they are told in files.
struct System(Tracker);

impl System {
    fn new(programs: &[&str]) -> Self {
        let tracker = Tracker::new();
        for program in programs {
            let text = match *program {
                "crontab" => {
                    "if [ \"$1\" = -l ]; then /bin/cat table 2>/dev/null || { echo no crontab for anna >&2; exit 1; }\n\
                     else /bin/cat > table.new && /bin/mv table.new table; fi\n"
                }
                _ => "echo \"$@\" >> called\n",
            };
            let path = tracker.file(&format!("bin/{program}"), format!("#!/bin/sh\ncd \"$HOME\"\n{text}"));
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("permissions");
        }
        Self(tracker)
    }

    fn run(&self, args: &[&str]) -> Run {
        let home = self.0.home().to_str().expect("UTF-8");
        // Whatever this machine has is out of the way.
        let path = format!("{home}/bin");
        let output = self.0.command(&[&["schedule"], args].concat()).env("PATH", path).output().expect("it ends");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("UTF-8").replace(home, "~");
            text.replace(env!("CARGO_BIN_EXE_tracker"), "TRACKER")
        };
        Run {
            status: output.status.code().expect("no signal"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    fn ok(&self, args: &[&str]) -> String {
        let run = self.run(args);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{args:?}");
        run.stdout
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.home().join(name))
            .unwrap_or_default()
            .replace(env!("CARGO_BIN_EXE_tracker"), "TRACKER")
    }
}

/// The tests' noon is a whole quarter of an hour.
const LINE: &str = "0-59/15 * * * * TRACKER check # tracker schedule\n";

#[test]
fn a_crontab_gets_one_line_and_keeps_the_others() {
    let system = System::new(&["crontab"]);
    assert_eq!(system.ok(&["--print"]), LINE);
    assert_eq!(system.read("table"), "");
    let none = system.run(&["show"]);
    assert_eq!((none.status, none.stderr.contains("cron runs no `tracker check`")), (1, true), "{none:?}");
    system.0.file("table", "MAILTO=anna\n# tracker check\n0 3 * * * backup 100\\%");
    assert_eq!(system.ok(&[]), format!("cron: this runs `tracker check` from now on:\n{LINE}"));
    let table = "MAILTO=anna\n# tracker check\n0 3 * * * backup 100\\%\n";
    assert_eq!(system.read("table"), format!("{table}{LINE}"));
    assert_eq!(
        system.ok(&[]),
        format!("cron: this is there already; `tracker schedule remove` takes it away:\n{LINE}")
    );
    assert_eq!(system.ok(&["show"]), format!("cron: this runs `tracker check`:\n{LINE}"));
    assert_eq!(system.ok(&["remove"]), format!("cron: this is removed:\n{LINE}"));
    assert_eq!(system.read("table"), table);
}

#[test]
fn a_line_of_the_user_s_own_is_noticed() {
    let system = System::new(&["crontab"]);
    system.0.file("table", "*/10 * * * * /opt/tracker -q check\n");
    assert!(system.ok(&[]).contains("is there already"));
    let run = system.run(&["remove"]);
    assert_eq!((run.status, run.stderr.contains("remove it with: crontab -e")), (1, true), "{run:?}");
    assert_eq!(system.read("table"), "*/10 * * * * /opt/tracker -q check\n");
    system.0.file("table", "0 3 * * * cd /srv/issue-tracker && make check\n");
    assert!(system.ok(&[]).contains("from now on"), "another program's line is none");
    system.ok(&["remove"]);
    assert_eq!(system.read("table"), "0 3 * * * cd /srv/issue-tracker && make check\n");
}

#[test]
fn paths_are_kept_whatever_they_are_called() {
    let system = System::new(&["crontab"]);
    let path = system.0.file("it's 100% mine/config.toml", "");
    let path = path.to_str().expect("UTF-8");
    let line = system.ok(&["--print", "--config", path]);
    assert_eq!(
        line,
        "0-59/15 * * * * TRACKER --config '~/it'\\''s 100\\% mine/config.toml' check # tracker schedule\n"
    );
    let unit = system.ok(&["--print", "--with", "systemd", "--config", path]);
    assert!(
        unit.contains("ExecStart=\"TRACKER\" \"--config\" \"~/it's 100%% mine/config.toml\" \"check\"\n"),
        "{unit}"
    );
    let plist = system.ok(&["--print", "--with", "launchd", "--database", "a&b.db"]);
    assert!(plist.contains("    <string>~/a&amp;b.db</string>\n    <string>check</string>\n"), "{plist}");
    let task = system.ok(&["--print", "--with", "task"]);
    assert!(task.starts_with("schtasks /Create /SC MINUTE /MO 15 /ST 00:00 /TN tracker /TR "), "{task}");
}

#[test]
fn without_cron_a_systemd_timer_does_it() {
    let system = System::new(&["systemctl"]);
    let text = system.ok(&[]);
    assert!(text.contains("# ~/.config/systemd/user/tracker.timer\n"), "{text}");
    assert!(text.contains("OnCalendar=*:0/15\nRandomizedDelaySec=5min\nPersistent=true\n"), "{text}");
    assert!(system.read(".config/systemd/user/tracker.service").contains("ExecStart=\"TRACKER\" \"check\"\n"));
    assert_eq!(system.read("called"), "--user daemon-reload\n--user enable --now tracker.timer\n");
    assert!(system.ok(&[]).contains("is there already"));
    assert!(system.ok(&["remove"]).contains("systemd: this is removed:\n~/.config/systemd/user/tracker.timer\n"));
    assert!(!system.0.home().join(".config/systemd/user/tracker.timer").exists());
    let nothing = System::new(&[]).run(&[]);
    assert_eq!((nothing.status, nothing.stderr.contains("neither cron nor systemd is here")), (3, true), "{nothing:?}");
}

#[test]
fn what_does_it_already_is_found_whoever_does_it() {
    let system = System::new(&["crontab", "systemctl"]);
    let timer = "~/.config/systemd/user/tracker.timer\n";
    system.ok(&["--with", "systemd"]);
    assert_eq!(system.ok(&["show"]), format!("systemd: this runs `tracker check`:\n{timer}"));
    assert!(system.ok(&[]).contains("systemd: this is there already"));
    assert_eq!(system.read("table"), "", "cron does not do it a second time");
    assert_eq!(system.ok(&["remove"]), format!("systemd: this is removed:\n{timer}"));
    assert_eq!(system.run(&["show"]).status, 1);
    // A package's timer is switched on by a link.
    let link = system.0.file(".config/systemd/user/timers.target.wants/tracker.timer", "");
    assert!(system.ok(&["show"]).ends_with("/timers.target.wants/tracker.timer\n"));
    fs::remove_file(link).expect("switched off");
    system.ok(&[]);
    assert_eq!(system.read("table"), LINE);
}

#[test]
fn a_timer_that_can_t_be_switched_on_is_not_left_behind() {
    let system = System::new(&["systemctl"]);
    system.0.file("bin/systemctl", "#!/bin/sh\necho 'Failed to connect to bus' >&2; exit 1\n");
    let run = system.run(&[]);
    assert_eq!((run.status, run.stderr.contains("Failed to connect to bus")), (3, true), "{run:?}");
    assert!(!system.0.home().join(".config/systemd/user/tracker.timer").exists());
}

#[test]
fn a_program_that_fails_is_told_in_its_words() {
    let system = System::new(&["crontab"]);
    system.0.file("bin/crontab", "#!/bin/sh\necho 'you are not allowed to use this program' >&2; exit 1\n");
    let run = system.run(&[]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("`crontab -l` failed (exit status: 1): you are not allowed"), "{}", run.stderr);
}
