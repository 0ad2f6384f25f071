//! A systemd timer of the user (systemd.timer(5)).

use std::fs;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::job::{Job, MINUTES, fault, place};
use crate::command::{Failure, file};
use crate::system::process;

/// What a unit of the user can be denied without privileges (systemd.exec(5)).
const HARDENING: &str = include_str!("../../../packaging/hardening");
const UNITS: [&str; 2] = ["tracker.service", "tracker.timer"];

/// The paths and texts of the units.
pub fn files(job: &Job) -> Result<Vec<(PathBuf, String)>, Failure> {
    let words: Vec<String> = job.command.iter().map(|word| quoted(word)).collect();
    let service = format!(
        "[Unit]\nDescription=tracker: look at the inbox\n\n[Service]\nType=oneshot\nExecStart={}\n{}",
        words.join(" "),
        if job.mails { "" } else { HARDENING }
    );
    let timer = format!(
        "[Unit]\nDescription=tracker: look at the inbox every {MINUTES} minutes\n\n\
         [Timer]\nOnCalendar=*:0/{MINUTES}\nRandomizedDelaySec=5min\nPersistent=true\n\n\
         [Install]\nWantedBy=timers.target\n"
    );
    let [service_path, timer_path] = paths()?;
    Ok(vec![(service_path, service), (timer_path, timer)])
}

pub fn there() -> Result<Option<String>, Failure> {
    let [_, timer] = paths()?;
    // The timer that a package installed is switched on by a link, without a file in the user's directory.
    let link = timer.with_file_name("timers.target.wants/tracker.timer");
    Ok([timer, link].iter().find(|path| path.symlink_metadata().is_ok()).map(|path| format!("{}\n", path.display())))
}

/// Whether the package's `tracker-watch.service` is switched on.
pub fn watches() -> bool {
    let link = |[service, _]: [PathBuf; 2]| service.with_file_name("default.target.wants/tracker-watch.service");
    paths().is_ok_and(|paths| link(paths).symlink_metadata().is_ok())
}

pub fn install(job: &Job) -> Result<(), Failure> {
    for (path, text) in files(job)? {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(|error| file::fault(directory, &error))?;
        }
        file::replace(&path, text.as_bytes())?;
    }
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", "--now", "tracker.timer"])
}

pub fn remove() -> Result<(), Failure> {
    systemctl(&["disable", "--now", "tracker.timer"])?;
    discard()?;
    systemctl(&["daemon-reload"])
}

/// Removes the units' files.
pub fn discard() -> Result<(), Failure> {
    for path in paths()?.into_iter().filter(|path| path.exists()) {
        fs::remove_file(&path).map_err(|error| file::fault(&path, &error))?;
    }
    Ok(())
}

fn paths() -> Result<[PathBuf; 2], Failure> {
    let base = place(etcetera::choose_base_strategy().map(|dirs| dirs.config_dir()), "systemd/user")?;
    Ok(UNITS.map(|unit| base.join(unit)))
}

fn systemctl(args: &[&str]) -> Result<(), Failure> {
    let args = [&["--user"], args].concat();
    let line = format!("systemctl {}", args.join(" "));
    process::call("systemctl", &args, None).map(drop).map_err(|why| fault(&line, &why))
}

/// Quotes a word for `ExecStart=` (systemd.service(5), "Command lines").
fn quoted(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{escaped}\"")
}
