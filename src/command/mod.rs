//! The commands: one verb per file. Each makes a value; `run` prints it.

mod add;
mod ask;
mod backup;
mod check;
mod code;
mod complete;
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
mod undo;
mod watch;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use serde_json::Value;

use crate::cli::{Cli, Command, Global};
use crate::config::{self, Account, Config};
use crate::objection::{Objection, ObjectionId};
use crate::signal::Rules;
use crate::store::{Records, Store};
use crate::system::progress::Progress;
use crate::trust::Trusted;

/// More than this is not read from a file or standard input, so that a wrong path can't fill the memory.
const MAX_INPUT: u64 = 64 * 1024 * 1024;

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
            let what = format!("standard output: {error}; run again to be told");
            Failure::new(Status::Unavailable, &what)
        })?;
        self.text.clear();
        Ok(())
    }
}

/// What every command is given.
struct Context<'a> {
    global: &'a Global,
    config: Config,
    now: Timestamp,
    /// Whether standard output is a terminal.
    is_terminal: bool,
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
    let context = Context { global: &cli.global, config, now: now()?, is_terminal: is_terminal && !cli.global.json };
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

impl Context<'_> {
    fn database(&self) -> Result<PathBuf, Failure> {
        let named = self.global.database.clone().or_else(|| self.config.database.clone());
        named.or_else(config::default_database).ok_or_else(|| {
            Failure::new(Status::Usage, "no home directory, so no place for the database; name one with --database")
        })
    }

    fn progress(&self) -> Progress {
        Progress::new(!self.global.quiet && !self.global.json)
    }

    fn store(&self) -> Result<Store, Failure> {
        Ok(Store::open(&self.database()?)?)
    }

    /// Notes that an account's server let us in, so that `check` tries it again.
    fn admitted(&self, account: &str) -> Result<(), Failure> {
        let path = self.database()?;
        if path.exists() {
            Store::open(&path)?.transaction(|records| records.admitted(account))?;
        }
        Ok(())
    }

    /// Where the user's own rules are.
    fn own_rules(&self) -> Option<PathBuf> {
        self.config.own_rules_dir()
    }

    /// The rules that mail is read by: the program's, and the user's own.
    fn rules(&self) -> Result<Rules, Failure> {
        Ok(Rules::with(&self.config.own_rules()?)?)
    }

    /// The account that mail from a file was delivered to: the one named, else the only one.
    fn account(&self, name: Option<&str>) -> Result<Option<&Account>, Failure> {
        match (name, self.config.accounts.as_slice()) {
            (Some(name), _) => Ok(Some(self.config.account(name)?)),
            (None, [only]) => Ok(Some(only)),
            _ => Ok(None),
        }
    }

    /// A value as JSON where that was asked for, else as text.
    fn output(&self, json: impl FnOnce() -> Value, text: impl FnOnce() -> String) -> Output {
        let text = if self.global.json { format!("{:#}\n", json()) } else { text() };
        Output { text, ..Output::default() }
    }
}

/// The time: the system's, or `$TRACKER_NOW` for tests and for replaying. Whole seconds, as the record keeps them.
fn now() -> Result<Timestamp, Failure> {
    let now = match std::env::var("TRACKER_NOW") {
        Ok(text) => text.parse().map_err(|_| {
            let message =
                format!("environment variable `TRACKER_NOW`: `{text}` is not a time; write 2026-11-24T12:00:00Z");
            Failure::new(Status::Usage, &message)
        })?,
        Err(_) => Timestamp::now(),
    };
    Ok(whole_seconds(now))
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Trunc)).unwrap_or(at)
}

/// A time that the user gave: RFC 3339, or a date, from that day's start in local time. Not in the future.
fn parse_when(option: &str, text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let fault = |what: &str| {
        let message = format!(
            "`{option}`: `{text}` {what}; write a time such as 2026-11-24T12:00:00Z, or a date such as 2026-11-24"
        );
        Failure::new(Status::Usage, &message)
    };
    let at = match (text.parse::<Timestamp>(), text.parse::<Date>()) {
        (Ok(at), _) => at,
        (Err(_), Ok(day)) if text.len() == "2026-11-24".len() => {
            day.to_zoned_datetime(TimeZone::system()).map_err(|_| fault("is out of range"))?.timestamp()
        }
        _ => return Err(fault("is neither a time nor a date")),
    };
    // A clock that is a little slow elsewhere is no reason to refuse.
    if at > now.saturating_add(jiff::SignedDuration::from_mins(5)).unwrap_or(now) {
        return Err(fault("is in the future"));
    }
    Ok(whole_seconds(at))
}

/// An objection by its number.
fn find(records: Records<'_>, id: i64) -> Result<Objection, Failure> {
    records.objection(ObjectionId(id))?.ok_or_else(|| no_objection(id))
}

fn no_objection(id: i64) -> Failure {
    Failure::new(Status::Refused, &format!("no objection {id}; `tracker list` shows those there are"))
}

/// Whom to believe about a mail from a file that was delivered to an account; nobody where that is not known, for a
/// file can be made by anybody.
fn trusted_in_files(account: Option<&Account>) -> Trusted {
    account.map_or_else(Trusted::default, |account| account.trusted_in_files.clone())
}

/// A file's bytes, or standard input's for `-`.
fn read_input(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        std::io::stdin().take(MAX_INPUT).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_INPUT).read_to_end(&mut bytes))
    };
    result.map_err(|error| {
        let message = format!("`{}`: {error}; check the path", path.display());
        Failure::new(Status::Usage, &message)
    })?;
    Ok(bytes)
}
