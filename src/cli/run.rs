//! Calls the command that was asked for, with its context and its arguments.

use std::process::ExitCode;

use super::{Cli, Command, command};
use crate::command::{
    Context, Failure, Output, add, backup, check, code, completions, demo, doctor, dossier, draft, edit, explain,
    export, forget, guide, held, ingest, list, login, man, mark, now, recheck, report, rules, schedule, setup, show,
    undo, watch,
};
use crate::config::Config;
use crate::system::process;

impl Cli {
    /// Runs the command and prints what it returns.
    pub fn run(&self) -> ExitCode {
        self.console().finish(self.output())
    }

    fn output(&self) -> Result<Output, Failure> {
        let (config, wrong) = match self.config() {
            Err(failure) if self.needs_no_config() => (Config::default(), Some(failure)),
            config => (config?, None),
        };
        let context = Context {
            config_file: self.global.config.as_deref(),
            database_file: self.global.database.as_deref(),
            config,
            console: self.console(),
            now: now()?,
        };
        self.dispatch(&context, wrong)
    }

    /// `wrong` says why the configuration can't be read, to the commands that can go on without it.
    fn dispatch(&self, context: &Context<'_>, wrong: Option<Failure>) -> Result<Output, Failure> {
        match &self.command {
            Command::Add(args) => add::run(context, args),
            Command::Edit(args) => edit::run(context, args),
            Command::Check(args) => check::run(context, args),
            Command::Watch(_) => watch::run(context),
            Command::List(args) => list::run(context, args),
            Command::Show(args) => show::run(context, args),
            Command::Code(args) => code::run(context, args),
            Command::Mark(args) => mark::run(context, args),
            Command::Undo(args) => undo::run(context, args),
            Command::Held(args) => held::run(context, args),
            Command::Ingest(args) => ingest::run(context, args),
            Command::Explain(args) => explain::run(context, args),
            Command::Guide(args) => guide::run(context, args),
            Command::Draft(args) => draft::run(context, args),
            Command::Dossier(args) => dossier::run(context, args),
            Command::Report(args) => report::run(context, args),
            Command::Export(args) => export::run(context, args),
            Command::Backup(args) => backup::run(context, args),
            Command::Forget(args) => forget::run(context, args),
            Command::Recheck(args) => recheck::run(context, args),
            Command::Rules(args) => rules::run(context, args),
            Command::Setup(args) => setup::run(context, args),
            Command::Login(args) => login::run(context, args),
            Command::Schedule(args) => schedule::run(context, args),
            Command::Doctor(_) => doctor::run(context, wrong),
            Command::Completions(args) => completions::run(args),
            Command::Man(args) => man::run(context, args, command()),
            Command::Demo(_) => demo::run(context),
        }
    }

    /// Whether the command runs although the configuration can't be read: because it examines or does not use it.
    fn needs_no_config(&self) -> bool {
        matches!(
            self.command,
            Command::Doctor(_) | Command::Man(_) | Command::Completions(_) | Command::Demo(_) | Command::Guide(_)
        )
    }

    /// Reads the configuration. For `setup`, which writes the file, the named file need not exist.
    fn config(&self) -> Result<Config, Failure> {
        let named = self.global.config.as_deref();
        if matches!(self.command, Command::Setup(_)) && named.is_some_and(|path| !path.exists()) {
            return Ok(Config::default());
        }
        let config = Config::load(named)?;
        process::hide(config.password_variables());
        Ok(config)
    }
}
