//! `tracker man`: made from the command line's own description.

use std::fs::OpenOptions;
use std::io::Write;

use clap::CommandFactory as _;

use super::{Context, Failure, Output, Status};
use crate::cli::{Cli, Man};

/// What the configuration can say, as an example.
const CONFIGURATION: &str = include_str!("configuration.toml");

/// The page of the program on standard output, or a page for each command in a directory.
pub fn man(context: &Context<'_>, args: &Man) -> Result<Output, Failure> {
    let mut command = without_help(Cli::command());
    command.build();
    let Some(directory) = &args.directory else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(|error| refused(&error.to_string()))?;
        let text = String::from_utf8_lossy(&page).into_owned() + &configuration();
        return Ok(Output { text, ..Output::default() });
    };
    let fault = |error: std::io::Error| {
        refused(&format!("`{}`: {error}; name a directory that is there and can be written", directory.display()))
    };
    clap_mangen::generate_to(command, directory).map_err(fault)?;
    let main = OpenOptions::new().append(true).open(directory.join("tracker.1"));
    main.and_then(|mut file| file.write_all(configuration().as_bytes())).map_err(fault)?;
    let pages = format!("the manual pages are in `{}`\n", directory.display());
    Ok(context.output(|| serde_json::json!({ "directory": directory }), || pages))
}

/// Without the command `help`, which needs no page for each command.
fn without_help(command: clap::Command) -> clap::Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

/// The section of the manual page about the configuration file (roff, man(7)).
fn configuration() -> String {
    let lines: String = CONFIGURATION.lines().map(|line| format!("\\&{}\n", line.replace('\\', "\\e"))).collect();
    format!(
        ".SH CONFIGURATION\n.I tracker/config.toml\nin the platform's directory for configuration; an unknown key is an \
         error.\n.PP\n.nf\n{lines}.fi\n"
    )
}

fn refused(message: &str) -> Failure {
    Failure::new(Status::Refused, message)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_example_is_a_configuration() {
        let config = crate::config::Config::parse(std::path::Path::new("config.toml"), CONFIGURATION).unwrap();
        assert_eq!(config.accounts.len(), 2);
        let page = configuration();
        assert!(page.contains("\\&mailboxes = [\"INBOX\", \"\\e\\eJunk\"]"), "{page}");
    }
}
