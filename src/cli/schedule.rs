//! The command line of `tracker schedule`.

use clap::{Args, ValueEnum};

/// `tracker schedule`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker schedule                  every 15 minutes from now on
  tracker schedule --print          what it would install
  tracker schedule show
  tracker schedule remove")]
pub struct Schedule {
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
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Show => "show",
            Self::Remove => "remove",
        }
    }
}
