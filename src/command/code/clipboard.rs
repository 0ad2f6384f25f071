//! The clipboard, by whichever program the system has for it.

use std::time::Duration;

use crate::command::{Console, Failure};
use crate::system::process;

/// How long a code stays there.
const WHILE: Duration = Duration::from_mins(1);
/// The programs, with what they are given, and whether they want a display of X11 or Wayland.
const PROGRAMS: [(&str, &[&str], Option<&str>); 5] = [
    ("wl-copy", &[], Some("WAYLAND_DISPLAY")),
    ("xclip", &["-selection", "clipboard"], Some("DISPLAY")),
    ("xsel", &["--clipboard", "--input"], Some("DISPLAY")),
    ("pbcopy", &[], None),
    ("clip.exe", &[], None),
];

/// Puts a text there for a minute.
///
/// # Errors
/// If the system has no such program.
pub fn lend(text: &str, console: Console) -> Result<(), Failure> {
    let has = |variable: Option<&str>| variable.is_none_or(|variable| std::env::var_os(variable).is_some());
    let mut usable = PROGRAMS.iter().filter(|(.., display)| has(*display));
    let Some((program, args, _)) = usable.find(|(program, args, _)| process::feed(program, args, text)) else {
        return Err(Failure::unavailable("no clipboard here")
            .remedy("install wl-clipboard, xclip or xsel, or copy the digits by hand"));
    };
    console.warn(format!("on the clipboard for {} s", WHILE.as_secs()));
    std::thread::sleep(WHILE);
    // If it is gone meanwhile, so is the code.
    let _ = process::feed(program, args, "");
    Ok(())
}
