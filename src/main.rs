//! The `tracker` binary: parse, run, print, exit.

use std::process::ExitCode;

use objection_tracker::cli;
use tracing::Level;

fn main() -> ExitCode {
    cli::answer_shell();
    match cli::parse() {
        Ok(cli) => {
            log(cli.verbose());
            cli.run()
        }
        Err(status) => status,
    }
}

/// Logs to standard error what the program does, if the user asked for that with `-v` or `-vv`.
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
