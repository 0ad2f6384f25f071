//! The `tracker` binary: parse, run, print, exit.

use std::process::ExitCode;

use clap::FromArgMatches as _;
use objection_tracker::cli::{self, Cli};
use objection_tracker::command;
use tracing::Level;

fn main() -> ExitCode {
    objection_tracker::source::imap::quiet_panics();
    command::answer_shell();
    let cli = Cli::from_arg_matches(&cli::command().get_matches()).unwrap_or_else(|error| error.exit());
    log(cli.global.verbose);
    let console = cli.global.console();
    console.finish(command::run(&cli, console))
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
