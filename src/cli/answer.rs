//! What the command line answers by itself: help, the version, and what is wrong with the arguments.

use std::error::Error as _;
use std::ffi::OsString;
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::FromArgMatches as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Cli, command};
use crate::command::{Console, Failure, Output, is_written};
use crate::fault::Fault;

/// Reads the program's arguments.
///
/// # Errors
/// Help, the version or what is wrong with the arguments has been printed then. The program ends with this status.
pub fn parse() -> Result<Cli, ExitCode> {
    let args: Vec<OsString> = std::env::args_os().collect();
    let matches = command().try_get_matches_from(&args);
    matches.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| answer(&error, &args))
}

fn answer(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let Meant { command, is_json } = meant(args);
    let console = Console::new(is_json, false, ColorChoice::Auto);
    if !error.use_stderr() {
        console.finish(is_written(error.print()).map(|_| Output::default()))
    } else if is_json {
        console.finish(Err(failure(error, &command)))
    } else {
        error.exit()
    }
}

/// What can be told of arguments that can't be parsed.
struct Meant {
    /// The words of the command, as in `tracker held show`.
    command: String,
    /// Whether `--json` is among them: before any `--`, and not as the value of an option.
    is_json: bool,
}

fn meant(args: &[OsString]) -> Meant {
    let mut parser = command();
    parser.build();
    let mut meant = Meant { command: parser.get_name().to_owned(), is_json: false };
    let mut args = args.iter().skip(1).map(|arg| arg.to_string_lossy());
    while let Some(arg) = args.next().filter(|arg| arg != "--") {
        if takes_value(&parser, &arg) {
            args.next();
        } else if arg == "--json" {
            meant.is_json = true;
        } else if let Some(below) = parser.find_subcommand(&*arg).cloned() {
            meant.command = format!("{} {}", meant.command, below.get_name());
            parser = below;
        }
    }
    meant
}

/// Whether an argument is an option whose value is the next argument.
fn takes_value(command: &clap::Command, arg: &str) -> bool {
    command.get_arguments().any(|option| {
        let is_named = option.get_long().is_some_and(|long| arg.strip_prefix("--") == Some(long))
            || option.get_short().is_some_and(|short| arg.strip_prefix('-') == Some(short.encode_utf8(&mut [0; 4])));
        is_named && option.get_action().takes_values() && !option.is_require_equals_set()
    })
}

/// What `clap` found wrong, as a failure.
fn failure(error: &clap::Error, command: &str) -> Failure {
    let fault = error.source().and_then(|source| source.downcast_ref::<Fault>());
    let remedy = fault
        .and_then(Fault::mended_by)
        .map(str::to_owned)
        .or_else(|| suggestion(error))
        .unwrap_or_else(|| format!("see {command} --help"));
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage(format!("`{command}` is not complete")).remedy(remedy);
    }
    // What is wrong stands before the first empty line. The usage and the tips follow.
    let text = error.render().to_string();
    let what = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
    let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
    Failure::usage(what.strip_suffix(&format!("; {remedy}")).unwrap_or(&what)).remedy(remedy)
}

/// The word that `clap` thinks was meant, as a remedy.
fn suggestion(error: &clap::Error) -> Option<String> {
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    kinds.into_iter().find_map(|kind| match error.get(kind)? {
        ContextValue::String(word) => Some(format!("use `{word}`")),
        ContextValue::Strings(words) => Some(format!("use `{}`", words.join("` or `"))),
        _ => None,
    })
}
