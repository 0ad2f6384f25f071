//! The commands: one verb per file. Each makes a value; `run` prints it.

mod add;
mod ask;
mod backup;
mod check;
mod code;
mod complete;
mod context;
mod demo;
mod doctor;
mod dossier;
mod draft;
mod explain;
mod export;
mod failure;
mod file;
mod forget;
mod guide;
mod held;
mod hook;
mod ingest;
mod list;
mod login;
mod manual;
mod mark;
mod output;
mod recheck;
mod report;
mod schedule;
mod setup;
mod show;
mod typed;
mod undo;
mod watch;
mod when;

use crate::cli::{Cli, Command};
use crate::config::Config;

use context::Context;
use file::read_input;
use typed::find;
use when::{now, parse_when};

pub use complete::answer as answer_shell;
pub use failure::{Failure, Status};
pub(crate) use output::is_written;
pub use output::{Console, Output};

/// Runs the command.
///
/// # Errors
/// With the exit status to end with.
pub fn run(cli: &Cli, console: Console) -> Result<Output, Failure> {
    let (config, fault) = match configuration(cli) {
        Err(fault) if needs_no_configuration(&cli.command) => (Config::default(), Some(fault)),
        config => (config?, None),
    };
    let context = Context::new(&cli.global, config, console)?;
    match &cli.command {
        Command::Add(args) => add::run(&context, args),
        Command::Check(args) => check::run(&context, args),
        Command::List(args) => list::run(&context, args),
        Command::Show(args) => show::run(&context, args),
        Command::Code(args) => code::run(&context, args),
        Command::Mark(args) => mark::run(&context, args),
        Command::Undo(args) => undo::run(&context, args),
        Command::Held(args) => held::run(&context, args),
        Command::Ingest(args) => ingest::run(&context, args),
        Command::Explain(args) => explain::run(&context, args),
        Command::Guide(args) => guide::run(&context, args),
        Command::Draft(args) => draft::run(&context, args),
        Command::Dossier(args) => dossier::run(&context, args),
        Command::Report(args) => report::run(&context, args),
        Command::Export(args) => export::run(&context, args),
        Command::Backup(args) => backup::run(&context, args),
        Command::Forget(args) => forget::run(&context, args),
        Command::Recheck(args) => recheck::run(&context, args),
        Command::Setup(args) => setup::run(&context, args),
        Command::Schedule(args) => schedule::run(&context, args),
        Command::Watch => watch::run(&context),
        Command::Login(args) => login::run(&context, args),
        Command::Doctor => doctor::run(&context, fault),
        Command::Completions(args) => complete::script(args),
        Command::Man(args) => manual::man(&context, args),
        Command::Demo => demo::run(&context),
    }
}

/// Whether a command goes on where the configuration can't be read: one that looks for what is wrong, or that has no use
/// for it.
fn needs_no_configuration(command: &Command) -> bool {
    matches!(command, Command::Doctor | Command::Man(_) | Command::Completions(_) | Command::Demo | Command::Guide(_))
}

/// The configuration; `setup` makes one that was named and is not there.
fn configuration(cli: &Cli) -> Result<Config, Failure> {
    let named = cli.global.config.as_deref();
    if matches!(cli.command, Command::Setup(_)) && named.is_some_and(|path| !path.exists()) {
        return Ok(Config::default());
    }
    Ok(Config::load(named)?)
}
