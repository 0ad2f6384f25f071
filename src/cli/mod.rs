//! The command line as a whole: the options of all commands, and the list of commands.

mod answer;
mod run;

use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::env::CompleteEnv;

use crate::command::{
    Console, add, backup, check, code, completions, demo, doctor, dossier, draft, edit, explain, export, forget, guide,
    held, ingest, list, login, man, mark, recheck, report, rules, schedule, setup, show, undo, watch,
};

pub use answer::parse;

/// Answers a shell that asks what can follow on the command line, and then ends the program. Does nothing otherwise.
pub fn answer_shell() {
    CompleteEnv::with_factory(command).var(completions::VARIABLE).complete();
}

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
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// The layout of help texts: the examples stand before the options.
const HELP: &str = "{about-with-newline}\n{usage-heading} {usage}{after-help}\n\n{all-args}";

/// The command line as it is parsed, completed and printed.
fn command() -> clap::Command {
    fn arranged(command: clap::Command) -> clap::Command {
        command.help_template(HELP).mut_subcommands(arranged)
    }
    arranged(Cli::command())
}

/// Options of all commands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
struct Global {
    /// Configuration file [default: tracker/config.toml in the platform's config directory]
    #[arg(long, value_name = "FILE", env = "TRACKER_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// Database file [default: tracker/tracker.db in the platform's data directory]
    #[arg(long, value_name = "FILE", env = "TRACKER_DATABASE", global = true)]
    database: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    json: bool,
    /// Say what is done (twice: in detail)
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    verbose: u8,
    /// No warnings
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: Color,
}

impl Cli {
    /// How often `-v` was given.
    pub fn verbose(&self) -> u8 {
        self.global.verbose
    }

    fn console(&self) -> Console {
        let color = match self.global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Console::new(self.global.json, self.global.quiet, color)
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
enum Command {
    /// Record an objection that you submitted
    Add(add::Args),
    /// Correct what was recorded of an objection
    Edit(edit::Args),
    /// Look at every account once and update the objections
    Check(check::Args),
    /// Stay connected, and do what `check` does as mail arrives
    Watch(watch::Args),
    /// List the objections, those that need you first
    List(list::Args),
    /// Show one objection: facts, timeline, mails, what to do next
    Show(show::Args),
    /// Print the newest usable verification code
    Code(code::Args),
    /// Record what mail can't show
    Mark(mark::Args),
    /// Take back the newest mark or decision on a held mail
    Undo(undo::Args),
    /// Mail that a person must judge
    Held(held::Args),
    /// Judge mail from files or standard input
    Ingest(ingest::Args),
    /// Say why a mail is judged as it is; changes nothing
    Explain(explain::Args),
    /// The steps to the form, and its address
    Guide(guide::Args),
    /// Text to send: a reason for the form, a reminder, a complaint
    Draft(draft::Args),
    /// Gather the evidence for an authority: timeline, raw mails, hashes, verdicts
    Dossier(dossier::Args),
    /// All objections as one self-contained HTML page
    Report(report::Args),
    /// Everything recorded, for other programs
    Export(export::Args),
    /// Copy the database while it is in use
    Backup(backup::Args),
    /// Erase an objection and its mails for good
    Forget(forget::Args),
    /// Judge the kept mails again after the rules changed
    Recheck(recheck::Args),
    /// Say whether rules are well formed, and what in them can never match
    Rules(rules::Args),
    /// Add a mail account: finds its server, tries the login, writes the configuration
    Setup(Box<setup::Args>),
    /// Log in with the provider's own page (OAuth 2.0), or keep a password in the keyring
    Login(login::Args),
    /// Let the system run `check` by itself
    Schedule(schedule::Args),
    /// Say what is in order, what is not, and what mends it
    Doctor(doctor::Args),
    /// Print a script that completes commands and options in a shell
    Completions(completions::Args),
    /// Print the manual page, or write one for each command
    Man(man::Args),
    /// Show the main job on a sample inbox; needs no account
    Demo(demo::Args),
}
