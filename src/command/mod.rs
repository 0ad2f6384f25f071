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
mod recheck;
mod report;
mod schedule;
mod setup;
mod show;
mod typed;
mod undo;
mod watch;
mod when;

use std::io::Write;

use crate::cli::{Cli, Command};
use crate::config::Config;

use context::Context;
use file::read_input;
use typed::find;
use when::{now, parse_when};

pub use complete::answer as answer_shell;
pub use failure::{Failure, Status};

/// What a command has to say.
#[derive(Debug, Default)]
pub struct Output {
    /// The data, for standard output.
    pub text: String,
    /// What went wrong beside it, a line each, for standard error.
    pub failures: Vec<Failure>,
    /// What the user should know beside it, for standard error.
    pub warnings: Vec<String>,
}

impl Output {
    /// Prints the data at once.
    ///
    /// # Errors
    /// When that can't be written: nobody was told then.
    fn print(&mut self) -> Result<(), Failure> {
        let mut stdout = std::io::stdout();
        stdout.write_all(self.text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| {
            Failure::unavailable(format!("standard output: {error}")).remedy("run again to be told")
        })?;
        self.text.clear();
        Ok(())
    }
}

/// Runs the command.
///
/// # Errors
/// With the exit status to end with.
pub fn run(cli: &Cli, is_terminal: bool) -> Result<Output, Failure> {
    let (config, fault) = match configuration(cli) {
        Err(fault) if needs_no_configuration(&cli.command) => (Config::default(), Some(fault)),
        config => (config?, None),
    };
    let context = Context::new(&cli.global, config, is_terminal)?;
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
