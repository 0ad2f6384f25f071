//! The command line of `tracker list`.

use clap::{Args, ValueEnum};

use crate::objection::{Platform, State};

/// `tracker list`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker list
  tracker list --pending
  tracker list --overdue --email me@example.org
  tracker list --csv > objections.csv")]
pub struct List {
    /// Only those that await an answer
    #[arg(long)]
    pub pending: bool,
    /// Only those whose answer is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only those in this state (may be repeated)
    #[arg(long = "state", value_name = "S")]
    pub states: Vec<State>,
    /// Only those about this platform
    #[arg(long, value_name = "P")]
    pub platform: Option<Platform>,
    /// Only those with this address
    #[arg(long, value_name = "ADDR")]
    pub email: Option<String>,
    /// Only those with this label
    #[arg(long, value_name = "L")]
    pub label: Option<String>,
    /// Sort by this instead
    #[arg(long, value_name = "KEY")]
    pub sort: Option<Sort>,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// Those that need the user first, then by the day on which something is to be done.
    Next,
    /// The number.
    Id,
    /// The due date.
    Due,
    /// When it was submitted.
    Submitted,
    /// When something last happened.
    Updated,
    /// The platform.
    Platform,
    /// The address.
    Email,
    /// The state, in the order of progress.
    State,
    /// The label.
    Label,
}
