//! The command line of mail: held, handed over, explained.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::number;
use crate::signal::Signal;

/// `tracker held`
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  tracker held
  tracker held show 12
  tracker held apply 12 --objection 3
  tracker held apply 12 --objection 3 --as accepted
  tracker held dismiss 12 13 14"
)]
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
        /// The mails' numbers
        #[arg(value_parser = number, required = true, value_name = "MAIL")]
        mails: Vec<i64>,
    },
}

/// `tracker ingest`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker ingest saved.eml --account home
  tracker ingest ~/Downloads/Takeout ~/.thunderbird
  tracker ingest - < saved.eml")]
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
#[command(after_help = "\
Examples:
  tracker explain saved.eml --account home
  tracker explain 12
  tracker explain 12 --redact > sample.eml       safe to share")]
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
#[command(after_help = "\
Examples:
  tracker recheck --dry-run
  tracker recheck")]
pub struct Recheck {
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
