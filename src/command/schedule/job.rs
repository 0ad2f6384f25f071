//! What the schedule is to run, and what its kinds share.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::command::{Context, Failure};
use crate::system::process::Failed;

/// How often the inbox is looked at, in minutes.
pub const MINUTES: i64 = 15;

/// What the schedule is to run, and when.
pub struct Job {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The first minute of the hour at which it is run. It differs, so that not all machines connect at once.
    pub minute: i64,
    /// Whether it sends mail, by a program that may need privileges of its own.
    pub mails: bool,
}

impl Job {
    pub fn new(context: &Context<'_>) -> Result<Self, Failure> {
        let program = std::env::current_exe()
            .map_err(|error| Failure::unavailable(format!("the program's own path: {error}")))?;
        // A scheduled program does not see the variables of the user's shell, so the paths become options.
        let is_set = |variable: &str| std::env::var_os(variable).is_some();
        let config = context.config_file.or(context.config.path.as_deref().filter(|_| is_set("XDG_CONFIG_HOME")));
        let database = match context.database_file {
            None if is_set("XDG_DATA_HOME") => Some(context.database()?),
            named => named.map(Path::to_owned),
        };
        let options = [("--config", config.map(Path::to_owned)), ("--database", database)];
        let mut command = vec![text(program.into_os_string())?];
        for (option, path) in options {
            if let Some(path) = path {
                let path = std::path::absolute(&path).unwrap_or(path);
                command.extend([option.to_owned(), text(path.into_os_string())?]);
            }
        }
        command.push("check".to_owned());
        Ok(Self { command, minute: minute(context.now), mails: context.config.hooks.mail_to.is_some() })
    }
}

/// The first minute, taken from the moment of the call, which is as good as a random number.
fn minute(now: Timestamp) -> i64 {
    now.as_second().rem_euclid(MINUTES)
}

fn text(path: OsString) -> Result<String, Failure> {
    let fault = |path: OsString| {
        Failure::usage(format!("`{}` can't be written down for it", path.display()))
            .remedy("use paths of plain characters")
    };
    let text = path.into_string().map_err(fault)?;
    if text.chars().any(char::is_control) { Err(fault(text.into())) } else { Ok(text) }
}

/// A path below one of the user's directories.
pub fn place(base: Result<PathBuf, etcetera::HomeDirError>, rest: &str) -> Result<PathBuf, Failure> {
    let fault = |_| Failure::unavailable("no home directory").remedy("set HOME");
    base.map(|base| base.join(rest)).map_err(fault)
}

/// The failure of a program of the system.
pub fn fault(program: &str, why: &Failed) -> Failure {
    Failure::unavailable(format!("`{program}` {why}")).remedy("do it by hand with what --print prints")
}
