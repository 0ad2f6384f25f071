//! The desktop of the person who runs the program: its clipboard and its browser, by whichever program there is.

use super::process;

/// A program, what it is given, and the variable that tells that its display is there, if it needs one.
type Program = (&'static str, &'static [&'static str], Option<&'static str>);

const CLIPBOARDS: [Program; 5] = [
    ("wl-copy", &[], Some("WAYLAND_DISPLAY")),
    ("xclip", &["-selection", "clipboard"], Some("DISPLAY")),
    ("xsel", &["--clipboard", "--input"], Some("DISPLAY")),
    ("pbcopy", &[], None),
    ("clip.exe", &[], None),
];

#[cfg(target_os = "macos")]
const BROWSERS: [Program; 1] = [("open", &[], None)];
#[cfg(windows)]
const BROWSERS: [Program; 1] = [("explorer.exe", &[], None)];
#[cfg(not(any(windows, target_os = "macos")))]
const BROWSERS: [Program; 2] = [("xdg-open", &[], Some("WAYLAND_DISPLAY")), ("xdg-open", &[], Some("DISPLAY"))];

/// Puts a text on the clipboard. Returns false if there is none.
pub fn copy(text: &str) -> bool {
    usable(&CLIPBOARDS).any(|(program, args, _)| process::feed(program, args, text))
}

/// Opens a web address in the browser. Returns false if there is none.
pub fn open(url: &str) -> bool {
    usable(&BROWSERS).any(|(program, args, _)| process::feed(program, &[*args, &[url]].concat(), ""))
}

fn usable(programs: &'static [Program]) -> impl Iterator<Item = &'static Program> {
    programs.iter().filter(|(.., display)| display.is_none_or(|variable| std::env::var_os(variable).is_some()))
}
