//! The command line: types only, no behaviour.

mod enforce;
mod list;
mod schedule;
mod setup;
mod upkeep;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::objection::Platform;
use crate::signal::Signal;

pub use enforce::{Backup, Dossier, Draft, DraftCommand, Export, Forget, Format, Guide, Report};
pub use list::{List, Sort};
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

/// Options of all commands.
#[derive(Debug, Args)]
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

/// A number that `tracker list` or `tracker held` shows.
fn number(text: &str) -> Result<i64, String> {
    text.parse()
        .map_err(|_| "not a number; `tracker list` shows those of objections, `tracker held` those of mails".to_owned())
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
    Doctor,
    /// Print a script that completes commands and options in a shell
    Completions(Completions),
    /// Print the manual page, or write one for each command
    Man(Man),
    /// Show the main job on a sample inbox; needs no account
    Demo,
}

/// `tracker add`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker add --platform facebook --email me@example.org --country DE
  tracker add --platform instagram --email me@example.org --submitted 2026-11-20
  tracker add --from members.csv     columns platform,email[,country,submitted,label,reason,form_url]")]
pub struct Add {
    /// facebook, instagram, threads, whatsapp, or meta (a Meta account or Accounts Centre)
    #[arg(long, value_name = "P", required_unless_present = "from")]
    pub platform: Option<Platform>,
    /// The address that you gave to the form
    #[arg(long, value_name = "ADDR", required_unless_present = "from")]
    pub email: Option<String>,
    /// Your country, two letters [default: `country` in the configuration]
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// When you sent the form: RFC 3339, or a date [default: now]
    #[arg(long, value_name = "WHEN")]
    pub submitted: Option<String>,
    /// The reason that you gave
    #[arg(long, value_name = "TEXT", conflicts_with = "reason_file")]
    pub reason: Option<String>,
    /// A file with the reason that you gave
    #[arg(long, value_name = "F")]
    pub reason_file: Option<PathBuf>,
    /// Your own name for it
    #[arg(long, value_name = "L")]
    pub label: Option<String>,
    /// The address of the form
    #[arg(long, value_name = "U")]
    pub form_url: Option<String>,
    /// Record many from a CSV file with a header line, all or none
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["platform", "email", "country", "submitted", "reason", "reason_file", "label", "form_url"])]
    pub from: Option<PathBuf>,
}

/// `tracker check`
#[derive(Debug, Args)]
#[command(after_help = "\
Silent when nothing changed, so that cron mails only news:
  */15 * * * *  tracker check")]
pub struct Check {
    /// Only this account (may be repeated)
    #[arg(long = "account", value_name = "A")]
    pub accounts: Vec<String>,
    /// Look at everything since the oldest pending submission again
    #[arg(long)]
    pub full: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `tracker show`
#[derive(Debug, Args)]
pub struct Show {
    /// The objection's number
    #[arg(value_parser = number)]
    pub id: i64,
}

/// `tracker code`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker code              the newest usable code
  tracker code --wait       right after you sent the form: as soon as the code is there
  tracker code 3 --copy     to the clipboard, for a minute")]
pub struct Code {
    /// The objection's number [default: the newest code of all]
    #[arg(value_parser = number)]
    pub id: Option<i64>,
    /// Watch the inbox until a code is there, no longer than this [default: 300]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300",
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub wait: Option<u64>,
    /// Put it on the clipboard too, and take it away after a minute
    #[arg(long)]
    pub copy: bool,
}

/// `tracker mark`
#[derive(Debug, Args)]
pub struct Mark {
    /// The objection's number
    #[arg(value_parser = number)]
    pub id: i64,
    /// verified, accepted, refused, withdrawn, `needs_info`, acknowledged, or extended (two more months announced)
    pub state: String,
    /// When it happened: RFC 3339, or a date [default: now]
    #[arg(long, value_name = "WHEN")]
    pub on: Option<String>,
    /// A remark
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// `tracker undo`
#[derive(Debug, Args)]
pub struct Undo {
    /// The objection's number
    #[arg(value_parser = number)]
    pub id: i64,
}

/// `tracker held`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Held {
    /// What to do with it [default: list]
    #[command(subcommand)]
    pub command: Option<HeldCommand>,
}

/// What to do about held mail.
#[derive(Debug, Subcommand)]
pub enum HeldCommand {
    /// List the mails that wait for you
    List,
    /// Show one, safely
    Show {
        /// The mail's number
        #[arg(value_parser = number)]
        mail: i64,
    },
    /// Say that it answers an objection
    Apply {
        /// The mail's number
        #[arg(value_parser = number)]
        mail: i64,
        /// The objection that it answers
        #[arg(long, value_name = "ID", value_parser = number)]
        objection: i64,
        /// What it says [default: what it was read as]
        #[arg(long = "as", value_name = "SIGNAL")]
        signal: Option<Signal>,
    },
    /// Say that it means nothing
    Dismiss {
        /// The mail's number
        #[arg(value_parser = number)]
        mail: i64,
    },
}

/// `tracker ingest`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker ingest saved.eml --account home
  tracker ingest ~/Downloads/Takeout ~/.thunderbird")]
pub struct Ingest {
    /// Mails, mboxes, Maildirs or folders of them, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The account that they were delivered to: its `authserv_ids` are believed [default: the only account]
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// Read again what was read before: an mbox is read from its last mail on, a Maildir's mail once
    #[arg(long)]
    pub full: bool,
}

/// `tracker explain`
#[derive(Debug, Args)]
pub struct Explain {
    /// A mail file, `-` for standard input, or the number of a kept mail
    #[arg(value_name = "FILE|-|MAIL")]
    pub mail: PathBuf,
    /// The account that it was delivered to [default: the only account]
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// Print a sample that is safe to share: names, addresses, numbers and codes replaced
    #[arg(long)]
    pub redact: bool,
}

/// `tracker recheck`
#[derive(Debug, Args)]
pub struct Recheck {
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
