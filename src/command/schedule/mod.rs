//! `tracker schedule`: lets the system run `tracker check` by itself.

mod cron;
mod job;
mod launchd;
mod systemd;
mod task;

use clap::ValueEnum;
use serde_json::json;

use super::{Context, Failure, Output};
use crate::mail::text::printable;
use job::Job;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker schedule                  every 15 minutes from now on
  tracker schedule --print          what it would install
  tracker schedule show
  tracker schedule remove")]
pub struct Args {
    /// What to do
    #[arg(default_value = "install")]
    pub action: ScheduleAction,
    /// What runs it [default: cron where there is one, else systemd; launchd on macOS, a task on Windows]
    #[arg(long, value_name = "WHAT")]
    pub with: Option<Scheduler>,
    /// Print what would be installed, and change nothing
    #[arg(long)]
    pub print: bool,
}

/// What to do about the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScheduleAction {
    /// Let the system run `tracker check`.
    Install,
    /// Show what does.
    Show,
    /// Let it run no more.
    Remove,
}

/// What can run a program by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scheduler {
    /// A line in the user's crontab.
    Cron,
    /// A systemd timer of the user's.
    Systemd,
    /// A launchd agent (macOS).
    Launchd,
    /// A scheduled task (Windows).
    Task,
}

impl ScheduleAction {
    /// The action as a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Show => "show",
            Self::Remove => "remove",
        }
    }
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let with = match args.with {
        Some(with) => with,
        // If one runs `check` already, that one is meant.
        None => among().into_iter().find(|with| with.is_there()).map_or_else(usual, Ok)?,
    };
    if args.print {
        let text = with.text(&Job::new(context)?)?;
        return Ok(context.output(|| json!({ "with": with.name(), "text": text }), || text.clone()));
    }
    let there = with.there()?;
    let (text, done) = match (args.action, there) {
        (ScheduleAction::Install, Some(there)) => (there, "is there already; `tracker schedule remove` takes it away"),
        (ScheduleAction::Install, None) => (with.install(&Job::new(context)?)?, "runs `tracker check` from now on"),
        (ScheduleAction::Show, Some(there)) => (there, "runs `tracker check`"),
        (ScheduleAction::Remove, Some(there)) => {
            with.remove()?;
            (there, "is removed")
        }
        (ScheduleAction::Show | ScheduleAction::Remove, None) => {
            return Err(Failure::refused(format!("{} runs no `tracker check`", with.name()))
                .remedy("`tracker schedule` lets it"));
        }
    };
    let text = printable(&text);
    let action = args.action.name();
    Ok(context.output(
        || json!({ "action": action, "with": with.name(), "text": text }),
        || format!("{}: this {done}:\n{text}", with.name()),
    ))
}

/// Says what runs `check` regularly, as far as that is known. For `doctor`.
pub fn found() -> Option<String> {
    if cfg!(target_os = "linux") && systemd::watches() {
        return Some("systemd runs `tracker watch`".to_owned());
    }
    among().into_iter().find(|with| with.is_there()).map(|with| format!("{} runs `tracker check`", with.name()))
}

/// The schedulers of this system, the usual one first.
fn among() -> Vec<Scheduler> {
    if cfg!(windows) {
        return vec![Scheduler::Task];
    }
    if cfg!(target_os = "macos") {
        return vec![Scheduler::Launchd];
    }
    let has = |program: &str| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths).any(|directory| directory.join(program).is_file())
    };
    let known = [("crontab", Scheduler::Cron), ("systemctl", Scheduler::Systemd)];
    known.into_iter().filter(|(program, _)| has(program)).map(|(_, with)| with).collect()
}

fn usual() -> Result<Scheduler, Failure> {
    among().into_iter().next().ok_or_else(|| {
        Failure::unavailable("neither cron nor systemd is here")
            .remedy("let whatever you have run `tracker check` every 15 minutes")
    })
}

impl Scheduler {
    fn name(self) -> &'static str {
        match self {
            Self::Cron => "cron",
            Self::Systemd => "systemd",
            Self::Launchd => "launchd",
            Self::Task => "the task scheduler",
        }
    }

    /// What would be installed.
    fn text(self, job: &Job) -> Result<String, Failure> {
        match self {
            Self::Cron => Ok(cron::line(job)),
            Self::Systemd => Ok(systemd::files(job)?.into_iter().map(|(path, text)| titled(&path, &text)).collect()),
            Self::Launchd => launchd::file(job).map(|(path, text)| titled(&path, &text)),
            Self::Task => Ok(task::text(job)),
        }
    }

    /// The part of the schedule that exists already, as text for the user.
    fn there(self) -> Result<Option<String>, Failure> {
        match self {
            Self::Cron => cron::there(),
            Self::Systemd => systemd::there(),
            Self::Launchd => launchd::there(),
            Self::Task => Ok(task::there()),
        }
    }

    fn is_there(self) -> bool {
        matches!(self.there(), Ok(Some(_)))
    }

    fn install(self, job: &Job) -> Result<String, Failure> {
        match self {
            Self::Cron => cron::install(job)?,
            // Files of a schedule that can't be switched on must not look as if it ran.
            Self::Systemd => systemd::install(job).inspect_err(|_| drop(systemd::discard()))?,
            Self::Launchd => launchd::install(job).inspect_err(|_| drop(launchd::discard()))?,
            Self::Task => task::install(job)?,
        }
        self.text(job)
    }

    fn remove(self) -> Result<(), Failure> {
        match self {
            Self::Cron => cron::remove(),
            Self::Systemd => systemd::remove(),
            Self::Launchd => launchd::remove(),
            Self::Task => task::remove(),
        }
    }
}

fn titled(path: &std::path::Path, text: &str) -> String {
    format!("# {}\n{text}", path.display())
}
