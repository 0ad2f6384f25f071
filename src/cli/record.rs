//! The command line of what is recorded: objections, their codes, what mail can't show.

use std::path::PathBuf;

use clap::Args;

use super::number;
use crate::objection::Platform;

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
Examples:
  tracker check                       silent when nothing changed, so that cron mails only news
  tracker check --account home
  tracker check --dry-run
  */15 * * * *  tracker check         in a crontab; `tracker schedule` writes it")]
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
#[command(after_help = "\
Examples:
  tracker show 3
  tracker show 3 --json")]
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
#[command(after_help = "\
Examples:
  tracker mark 3 verified                     the code was typed
  tracker mark 3 accepted --on 2026-12-01 --note 'in the app'
  tracker mark 3 extended                     Meta announced that it needs two more months
  tracker mark 3 needs_info --identity        Meta asks who you are
  tracker mark 3 sent --on 2026-12-01         your answer to that reached it
  tracker mark 3 complained                   you sent a complaint
  tracker undo 3                              takes the newest mark back")]
pub struct Mark {
    /// The objection's number
    #[arg(value_parser = number)]
    pub id: i64,
    /// verified, accepted, refused, withdrawn, `needs_info`, acknowledged, extended (two more months announced), sent
    /// (what it asked for reached it), or complained (a complaint was sent)
    pub state: String,
    /// When it happened: RFC 3339, or a date [default: now]
    #[arg(long, value_name = "WHEN")]
    pub on: Option<String>,
    /// A remark
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// With `needs_info`: Meta asks who you are (in the United Kingdom its month then begins with your answer)
    #[arg(long, conflicts_with = "clarification")]
    pub identity: bool,
    /// With `needs_info`: Meta asks something else
    #[arg(long)]
    pub clarification: bool,
}

/// `tracker undo`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker undo 3")]
pub struct Undo {
    /// The objection's number
    #[arg(value_parser = number)]
    pub id: i64,
}
