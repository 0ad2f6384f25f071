//! The `tracker` binary: parse, run, print, exit.

use std::process::ExitCode;

use objection_tracker::{cli, command};
use tracing::Level;

fn main() -> ExitCode {
    objection_tracker::source::imap::quiet_panics();
    command::answer_shell();
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(status) => return status,
    };
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
