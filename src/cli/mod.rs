//! The command line as a whole: the options of all commands, and the list of commands.

mod answer;
mod enforce;
mod list;
mod mail;
mod record;
mod schedule;
mod setup;
mod upkeep;

use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::command::Console;
use crate::fault::Fault;

pub use answer::parse;
pub use enforce::{Backup, Dossier, Draft, DraftCommand, Export, Forget, Format, Guide, Report};
pub use list::{List, Sort};
pub use mail::{Explain, Held, HeldCommand, Ingest, Recheck};
pub use record::{Add, Check, Code, Mark, Show, Undo};
pub use schedule::{Schedule, ScheduleAction, Scheduler};
pub use setup::{Protection, Setup};
pub use upkeep::{Completions, Login, Man};

/// Watches the inbox after you objected to Meta's use of your data for AI.
///
/// Record an objection with `add`, let cron run `check`, and look at `list`: it says what to do next.
#[derive(Debug, Parser)]
#[command(
    name = "tracker",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  tracker demo                                              see it work, without an account
  tracker setup                                             add your mail account
  tracker add --platform facebook --email me@example.org    after you sent the form
  tracker check                                             look at the inbox
  tracker code                                              the code to type
  tracker list                                              what is pending, and what to do next"
)]
pub struct Cli {
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How help is arranged: examples first.
const HELP: &str = "{about-with-newline}\n{usage-heading} {usage}{after-help}\n\n{all-args}";

/// The command line as it is parsed, completed and printed.
#[must_use]
pub fn command() -> clap::Command {
    fn arranged(command: clap::Command) -> clap::Command {
        command.help_template(HELP).mut_subcommands(arranged)
    }
    arranged(Cli::command())
}

/// Options of all commands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
pub struct Global {
    /// Configuration file [default: tracker/config.toml in the platform's config directory]
    #[arg(long, value_name = "FILE", env = "TRACKER_CONFIG", global = true)]
    pub config: Option<PathBuf>,
    /// Database file [default: tracker/tracker.db in the platform's data directory]
    #[arg(long, value_name = "FILE", env = "TRACKER_DATABASE", global = true)]
    pub database: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// Say what is done (twice: in detail)
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
    /// No warnings
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}

impl Global {
    /// The way to the user.
    #[must_use]
    pub fn console(&self) -> Console {
        let color = match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Console::new(self.json, self.quiet, color)
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Record an objection that you submitted
    Add(Add),
    /// Look at every account once and update the objections
    Check(Check),
    /// Stay connected, and do what `check` does as mail arrives
    #[command(after_help = "\
Examples:
  tracker watch
  systemctl --user enable --now tracker-watch.service")]
    Watch,
    /// List the objections, those that need you first
    List(List),
    /// Show one objection: facts, timeline, mails, what to do next
    Show(Show),
    /// Print the newest usable verification code
    Code(Code),
    /// Record what mail can't show
    Mark(Mark),
    /// Take back the newest mark or decision on a held mail
    Undo(Undo),
    /// Mail that a person must judge
    Held(Held),
    /// Judge mail from files or standard input
    Ingest(Ingest),
    /// Say why a mail is judged as it is; changes nothing
    Explain(Explain),
    /// The steps to the form, and its address
    Guide(Guide),
    /// Text to send: a reason for the form, a reminder, a complaint
    Draft(Draft),
    /// Gather the evidence for an authority: timeline, raw mails, hashes, verdicts
    Dossier(Dossier),
    /// All objections as one self-contained HTML page
    Report(Report),
    /// Everything recorded, for other programs
    Export(Export),
    /// Copy the database while it is in use
    Backup(Backup),
    /// Erase an objection and its mails for good
    Forget(Forget),
    /// Judge the kept mails again after the rules changed
    Recheck(Recheck),
    /// Add a mail account: finds its server, tries the login, writes the configuration
    Setup(Box<Setup>),
    /// Log in with the provider's own page (OAuth 2.0), or keep a password in the keyring
    Login(Login),
    /// Let the system run `check` by itself
    Schedule(Schedule),
    /// Say what is in order, what is not, and what mends it
    #[command(after_help = "\
Examples:
  tracker doctor
  tracker doctor --json")]
    Doctor,
    /// Print a script that completes commands and options in a shell
    Completions(Completions),
    /// Print the manual page, or write one for each command
    Man(Man),
    /// Show the main job on a sample inbox; needs no account
    #[command(after_help = "\
Examples:
  tracker demo")]
    Demo,
}

/// A number that `tracker list` or `tracker held` shows.
fn number(text: &str) -> Result<i64, Fault> {
    let remedy = "`tracker list` shows those of objections, `tracker held` those of mails";
    text.parse().map_err(|_| Fault::new("not a number").remedy(remedy))
}
