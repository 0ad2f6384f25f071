//! The `tracker` binary: parse, run, print, exit.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::FromArgMatches as _;
use objection_tracker::cli::{self, Cli, Color};
use objection_tracker::command::{self, Failure, Output};
use tracing::Level;

fn main() -> ExitCode {
    command::answer_shell();
    let cli = Cli::from_arg_matches(&cli::command().get_matches()).unwrap_or_else(|error| error.exit());
    log(cli.global.verbose);
    let output = match command::run(&cli, std::io::stdout().is_terminal()) {
        Ok(output) => output,
        Err(failure) => Output { failures: vec![failure], ..Output::default() },
    };
    print(&cli, &output);
    // The worst failure decides.
    output
        .failures
        .iter()
        .map(|failure| failure.status)
        .max()
        .map_or(ExitCode::SUCCESS, |status| ExitCode::from(status as u8))
}

/// What is done goes to standard error where the user asks for it.
fn log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .init();
}

/// Data to standard output, all else to standard error. Nobody reading any more (`tracker list | head`) is no error.
fn print(cli: &Cli, output: &Output) {
    let choice = match cli.global.color {
        Color::Auto => AutoStream::choice(&std::io::stdout()),
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let mut stdout = AutoStream::new(std::io::stdout(), choice);
    let _ = stdout.write_all(output.text.as_bytes()).and_then(|()| stdout.flush());
    let mut stderr = std::io::stderr();
    if !cli.global.quiet {
        for warning in &output.warnings {
            let _ = writeln!(stderr, "tracker: {warning}");
        }
    }
    if cli.global.json {
        if let Some(error) = Failure::json(&output.failures) {
            let _ = writeln!(stderr, "{error:#}");
        }
    } else {
        for failure in &output.failures {
            let _ = writeln!(stderr, "tracker: {failure}");
        }
    }
}
