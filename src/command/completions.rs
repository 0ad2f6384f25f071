//! `tracker completions`: the script by which a shell asks what can follow.

use clap_complete::env::Shells;

use super::{Failure, Output};

/// The environment variable by which the script tells the program that it wants completions.
pub const VARIABLE: &str = "TRACKER_COMPLETE";

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker completions bash > ~/.local/share/bash-completion/completions/tracker
  tracker completions zsh > ~/.zfunc/_tracker
  tracker completions fish > ~/.config/fish/completions/tracker.fish")]
pub struct Args {
    /// The shell
    pub shell: clap_complete::Shell,
}

pub fn run(args: &Args) -> Result<Output, Failure> {
    let shell = args.shell.to_string();
    let fault = || Failure::usage(format!("no completions for `{shell}`"));
    let completer = Shells::builtins();
    let completer = completer.completer(&shell).ok_or_else(fault)?;
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "tracker", "tracker", "tracker", &mut script).map_err(|_| fault())?;
    Ok(Output { text: String::from_utf8_lossy(&script).into_owned(), ..Output::default() })
}
