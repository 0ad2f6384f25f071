//! `tracker completions` and `tracker man`: made from the command line's own description.

use clap::CommandFactory as _;

use super::{Context, Failure, Output, Status};
use crate::cli::{Cli, Completions, Man};

pub fn completions(args: &Completions) -> Output {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tracker", &mut script);
    Output { text: String::from_utf8_lossy(&script).into_owned(), ..Output::default() }
}

/// The page of the program on standard output, or a page for each command in a directory.
pub fn man(context: &Context<'_>, args: &Man) -> Result<Output, Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(directory) = &args.directory else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(|error| refused(&error.to_string()))?;
        return Ok(Output { text: String::from_utf8_lossy(&page).into_owned(), ..Output::default() });
    };
    clap_mangen::generate_to(command, directory).map_err(|error| {
        refused(&format!("`{}`: {error}; name a directory that is there and can be written", directory.display()))
    })?;
    let pages = format!("the manual pages are in `{}`\n", directory.display());
    Ok(context.output(|| serde_json::json!({ "directory": directory }), || pages))
}

fn refused(message: &str) -> Failure {
    Failure::new(Status::Refused, message)
}
