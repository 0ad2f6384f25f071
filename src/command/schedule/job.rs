//! What is to be run, and what can go wrong with having it run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::command::{Context, Failure};

/// How often the inbox is looked at, in minutes.
pub const MINUTES: i64 = 15;

/// What is to be run, and when.
pub struct Job {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The first minute of the hour at which it is run, so that not all machines knock at once.
    pub minute: i64,
}

impl Job {
    pub fn new(context: &Context<'_>) -> Result<Self, Failure> {
        let program = std::env::current_exe()
            .map_err(|error| Failure::unavailable(format!("the program's own path: {error}")))?;
        // The system runs it without what the user's shell may have set.
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
        Ok(Self { command, minute: minute(context.now) })
    }
}

/// The moment at which a machine's user asks is as good as chance.
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

/// A place of the user's.
pub fn place(base: Result<PathBuf, etcetera::HomeDirError>, rest: &str) -> Result<PathBuf, Failure> {
    let fault = |_| Failure::unavailable("no home directory").remedy("set HOME");
    base.map(|base| base.join(rest)).map_err(fault)
}

/// A program of the system's did not do it.
pub fn fault(program: &str, why: &str) -> Failure {
    Failure::unavailable(format!("`{program}` {why}")).remedy("do it by hand with what --print prints")
}
