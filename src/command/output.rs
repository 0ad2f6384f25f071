//! Everything that the user is told goes through here: data to standard output, all else to standard error.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};

use super::Failure;
use crate::mail::text::{escaped, line, printable};

/// What a command has to say when it ends.
#[derive(Debug, Default)]
pub struct Output {
    /// The data, for standard output.
    pub text: String,
    /// What went wrong beside it, for standard error.
    pub failures: Vec<Failure>,
    /// What the user should know beside it, for standard error.
    pub warnings: Vec<String>,
}

/// Standard output and standard error, used as the user wants them (`--json`, `--quiet`, `--color`).
#[derive(Debug, Clone, Copy)]
pub struct Console {
    /// `--json`
    pub is_json: bool,
    /// `--quiet`
    pub is_quiet: bool,
    /// Whether text for people goes to a terminal.
    pub is_terminal: bool,
    color: ColorChoice,
}

impl Output {
    /// Prints the data before the command ends. Returns false if nobody reads it any more.
    pub fn print(&mut self, console: Console) -> Result<bool, Failure> {
        console.data(&std::mem::take(&mut self.text)).map_err(|failure| failure.remedy("run again to be told"))
    }
}

#[expect(clippy::unused_self, reason = "whatever is said is said through this value")]
impl Console {
    /// With `ColorChoice::Auto`, colours are used on a terminal only.
    pub fn new(is_json: bool, is_quiet: bool, color: ColorChoice) -> Self {
        let stdout = io::stdout();
        let color = if color == ColorChoice::Auto { AutoStream::choice(&stdout) } else { color };
        Self { is_json, is_quiet, is_terminal: stdout.is_terminal() && !is_json, color }
    }

    /// Prints data. Returns false if nobody reads it any more, as in `tracker list | head -1`: that is no failure.
    pub fn data(self, text: &str) -> Result<bool, Failure> {
        let mut stdout = AutoStream::new(io::stdout(), self.color);
        // The last of the places where control characters above ASCII are kept from a terminal.
        let text = text.replace(|c: char| matches!(c, '\u{80}'..='\u{9f}'), "·");
        is_written(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
    }

    /// Warns of something, except with `--quiet`.
    pub fn warn(self, what: impl Display) {
        if !self.is_quiet {
            said(what);
        }
    }

    /// Says, in one line, what is being done, except with `--quiet`.
    pub fn note(self, what: impl Display) {
        if !self.is_quiet {
            self.tell(what);
        }
    }

    /// Says, in one line, what the user must know to answer a question or to act elsewhere, even with `--quiet`.
    pub fn tell(self, what: impl Display) {
        write(&format!("{}\n", line(&what.to_string())));
    }

    /// Whether there is somebody to ask.
    pub fn can_ask(self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Prints a question without a line end, because the answer is typed behind it.
    pub fn question(self, question: &str) {
        write(&line(question));
    }

    /// Shows a line on a terminal until the next `progress` or `clear` replaces it.
    pub fn progress(self, what: impl Display) {
        self.replace(&format!("{what} "));
    }

    /// Removes the line that `progress` showed.
    pub fn clear(self) {
        self.replace("");
    }

    fn replace(self, text: &str) {
        if !self.is_quiet && io::stderr().is_terminal() {
            write(&format!("\r{}\u{1b}[K", line(text)));
        }
    }

    /// Prints what a command returned. The worst failure decides the exit status.
    pub fn finish(self, result: Result<Output, Failure>) -> ExitCode {
        let mut output = result.unwrap_or_else(|failure| Output { failures: vec![failure], ..Output::default() });
        output.failures.extend(self.data(&output.text).err());
        output.warnings.iter().for_each(|warning| self.warn(warning));
        if self.is_json {
            if let Some(document) = Failure::json(&output.failures) {
                write(&format!("{}\n", escaped(&format!("{document:#}"))));
            }
        } else {
            output.failures.iter().for_each(said);
        }
        let worst = output.failures.iter().map(|failure| failure.status).max();
        worst.map_or(ExitCode::SUCCESS, |status| ExitCode::from(status as u8))
    }
}

/// The result of writing to standard output: false if a pipe's reader is gone, a failure for any other error.
pub fn is_written(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => {
            Err(Failure::unavailable(format!("standard output: {error}")).remedy("check where it is redirected to"))
        }
    }
}

/// Prints something that may have several lines on standard error, with the program's name in front.
fn said(what: impl Display) {
    write(&format!("tracker: {}\n", printable(&what.to_string())));
}

/// Writes to standard error. If that fails, there is nowhere left to say so.
fn write(text: &str) {
    let mut stderr = io::stderr();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
