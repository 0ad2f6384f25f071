//! The command line of what comes with the program.

use std::path::PathBuf;

use clap::Args;

/// `tracker completions`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker completions bash > ~/.local/share/bash-completion/completions/tracker
  tracker completions zsh > ~/.zfunc/_tracker
  tracker completions fish > ~/.config/fish/completions/tracker.fish")]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `tracker man`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker man | man -l -
  tracker man --directory ~/.local/share/man/man1")]
pub struct Man {
    /// Write a page for each command into this directory
    #[arg(long, value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

/// `tracker login`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker login home

The account needs, in the configuration:
  oauth = { provider = \"microsoft\", client_id = \"…\" }    the id of a client that you registered
  oauth = { provider = \"google\", client_id = \"…\", client_secret = \"…\" }
  keyring = true                 the password is asked for, or read from standard input, and kept in the keyring")]
pub struct Login {
    /// The account
    pub account: String,
}
