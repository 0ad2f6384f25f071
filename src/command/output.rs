//! The one way to the user: data goes to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};

use super::Failure;
use crate::mail::text::printable;

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

/// Standard output and standard error, and how the user wants them to be used.
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
    /// Prints the data before the command ends. Returns whether somebody was there to read it.
    pub fn print(&mut self, console: Console) -> Result<bool, Failure> {
        console.data(&std::mem::take(&mut self.text)).map_err(|failure| failure.remedy("run again to be told"))
    }
}

#[expect(clippy::unused_self, reason = "whatever is said is said through this value")]
impl Console {
    /// `color` is the user's choice, or `Auto`.
    #[must_use]
    pub fn new(is_json: bool, is_quiet: bool, color: ColorChoice) -> Self {
        let stdout = io::stdout();
        let color = if color == ColorChoice::Auto { AutoStream::choice(&stdout) } else { color };
        Self { is_json, is_quiet, is_terminal: stdout.is_terminal() && !is_json, color }
    }

    /// Prints data. Returns whether somebody was there to read it: a pipe whose reader is gone (`tracker list | head -1`)
    /// is no failure.
    pub fn data(self, text: &str) -> Result<bool, Failure> {
        let mut stdout = AutoStream::new(io::stdout(), self.color);
        is_written(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
    }

    /// Warns of something, unless the user wants no warnings.
    pub fn warn(self, what: impl Display) {
        if !self.is_quiet {
            said(what);
        }
    }

    /// Says, in one line, what is being done, unless the user wants to hear nothing but the data.
    pub fn note(self, what: impl Display) {
        if !self.is_quiet {
            self.tell(what);
        }
    }

    /// Says, in one line, what the user must know to go on: to answer a question, to act elsewhere.
    pub fn tell(self, what: impl Display) {
        write(&format!("{}\n", printable(&what.to_string(), false)));
    }

    /// Whether there is somebody to ask.
    pub fn can_ask(self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks something. The answer is typed on the same line.
    pub fn question(self, question: &str) {
        write(&printable(question, false));
    }

    /// Shows a line on a terminal that the next one, or `clear`, replaces.
    pub fn progress(self, what: impl Display) {
        self.replace(&format!("{what} "));
    }

    /// Removes the line that `progress` showed.
    pub fn clear(self) {
        self.replace("");
    }

    fn replace(self, line: &str) {
        if !self.is_quiet && io::stderr().is_terminal() {
            write(&format!("\r{}\u{1b}[K", printable(line, false)));
        }
    }

    /// Says what a command has to say when it ends. The worst failure decides the exit status.
    #[must_use]
    pub fn finish(self, result: Result<Output, Failure>) -> ExitCode {
        let mut output = result.unwrap_or_else(|failure| Output { failures: vec![failure], ..Output::default() });
        output.failures.extend(self.data(&output.text).err());
        output.warnings.iter().for_each(|warning| self.warn(warning));
        if self.is_json {
            if let Some(document) = Failure::json(&output.failures) {
                write(&format!("{document:#}\n"));
            }
        } else {
            output.failures.iter().for_each(said);
        }
        let worst = output.failures.iter().map(|failure| failure.status).max();
        worst.map_or(ExitCode::SUCCESS, |status| ExitCode::from(status as u8))
    }
}

/// Whether something that was written to standard output found a reader.
pub fn is_written(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => {
            Err(Failure::unavailable(format!("standard output: {error}")).remedy("check where it is redirected to"))
        }
    }
}

/// Says something, which may have several lines, in the program's name.
fn said(what: impl Display) {
    write(&format!("tracker: {}\n", printable(&what.to_string(), true)));
}

/// Writes to standard error. Nobody is left to be told when that fails.
fn write(text: &str) {
    let mut stderr = io::stderr();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
