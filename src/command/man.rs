//! `tracker man`: the manual pages, made from what the command line says of itself.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap_mangen::Man;

use super::{Context, Failure, Output};
use crate::system::process;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker man | man -l -
  tracker man --directory ~/.local/share/man/man1")]
pub struct Args {
    /// Write a page for each command into this directory
    #[arg(long, value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

/// An example configuration with all keys, for the page about the program.
const CONFIGURATION: &str = include_str!("configuration.toml");

/// Prints the page about the program, or writes a page for each command into a directory.
pub fn run(context: &Context<'_>, args: &Args, command: clap::Command) -> Result<Output, Failure> {
    let mut command = without_help(command);
    command.build();
    let Some(directory) = &args.directory else {
        let page = page(&command).map_err(|error| Failure::refused(error.to_string()))?;
        let text = String::from_utf8_lossy(&page).into_owned();
        let is_shown = context.console.is_terminal && process::show("man", &["-l", "-"], &text);
        return Ok(Output { text: if is_shown { String::new() } else { text }, ..Output::default() });
    };
    write(&command, directory).map_err(|error| {
        Failure::refused(format!("`{}`: {error}", directory.display()))
            .remedy("name a directory that is there and can be written")
    })?;
    let pages = format!("the manual pages are in `{}`\n", directory.display());
    Ok(context.output(|| serde_json::json!({ "directory": directory }), || pages))
}

/// Removes the command `help`, which needs no pages.
fn without_help(command: clap::Command) -> clap::Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

/// Writes a page for a command and for each of its subcommands.
fn write(command: &clap::Command, directory: &Path) -> io::Result<()> {
    command.get_subcommands().try_for_each(|below| write(below, directory))?;
    fs::write(directory.join(Man::new(command.clone()).get_filename()), page(command)?)
}

fn page(command: &clap::Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if let Some(help) = command.get_after_help() {
        let help = help.to_string();
        page.extend(format!(".SH EXAMPLES\n{}", verbatim(help.trim_start_matches("Examples:\n"))).into_bytes());
    }
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if command.get_name() == "tracker" {
        page.extend(configuration().into_bytes());
        man.render_version_section(&mut page)?;
    }
    Ok(page)
}

/// The section about the configuration file.
fn configuration() -> String {
    format!(
        ".SH CONFIGURATION\n.I tracker/config.toml\nin the platform's directory for configuration; an unknown key is an \
         error.\n.PP\n{}",
        verbatim(CONFIGURATION)
    )
}

/// Text that is shown as it is (roff, man(7)).
fn verbatim(text: &str) -> String {
    let line = |line: &str| format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-"));
    format!(".nf\n{}.fi\n", text.lines().map(line).collect::<String>())
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
