//! `desktop`: a notice on the desktop, by the program that the system has for it.

use crate::fault::Fault;
use crate::mail::text::cut;
use crate::system::process::{self, Failed};

/// No code stands in a notice here, for it is given as an argument, which every program on the machine can read.
pub(super) fn tell(notice: &str) -> Result<(), Fault> {
    show(notice).map(drop).map_err(|why| {
        Fault::new(format!("a notice on the desktop {why}")).remedy("mend it, or remove `desktop` from [hooks]")
    })
}

fn show(notice: &str) -> Result<String, Failed> {
    if cfg!(target_os = "macos") {
        let script = ["on run argv", "display notification (item 1 of argv) with title \"tracker\"", "end run"];
        let args: Vec<&str> = script.iter().flat_map(|line| ["-e", line]).chain([notice]).collect();
        return process::call("osascript", &args, None);
    }
    // The body is markup (Desktop Notifications Specification), and no longer than anybody reads.
    let body = cut(notice, 2000);
    let body = body.trim_end().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let args = ["--app-name=tracker", "--", "tracker", &body];
    match session_bus() {
        None => process::call("notify-send", &args, None),
        Some(bus) => process::call("env", &[&[bus.as_str(), "notify-send"], &args[..]].concat(), None),
    }
}

/// The address of the user's session bus, as an assignment for `env`; `None` where the environment has it already. Cron's
/// has not.
#[cfg(unix)]
fn session_bus() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() {
        return None;
    }
    let uid = std::fs::metadata(etcetera::home_dir().ok()?).ok()?.uid();
    let path = format!("/run/user/{uid}/bus");
    std::path::Path::new(&path).exists().then(|| format!("DBUS_SESSION_BUS_ADDRESS=unix:path={path}"))
}

#[cfg(not(unix))]
fn session_bus() -> Option<String> {
    None
}
