//! A code on the clipboard, for a minute.

use std::time::Duration;

use crate::command::{Console, Failure};
use crate::system::desktop;

/// How long a code stays there.
const WHILE: Duration = Duration::from_mins(1);

/// Puts a text there for a minute.
pub fn lend(text: &str, console: Console) -> Result<(), Failure> {
    if !desktop::copy(text) {
        return Err(Failure::unavailable("no clipboard here")
            .remedy("install wl-clipboard, xclip or xsel, or copy the digits by hand"));
    }
    console.warn(format!("on the clipboard for {} s", WHILE.as_secs()));
    std::thread::sleep(WHILE);
    // If it is gone meanwhile, so is the code.
    desktop::copy("");
    Ok(())
}
