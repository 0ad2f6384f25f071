//! The command line from the answer that does not come to the complaint, and to the end of a record.

use std::path::PathBuf;

use super::number;
use clap::{Args, Subcommand, ValueEnum};

use crate::draft::Ground;
use crate::objection::Platform;

/// `tracker guide`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker guide
  tracker guide instagram")]
pub struct Guide {
    /// facebook, instagram, threads, whatsapp, or meta (a Meta account or Accounts Centre) [default: which is which]
    pub platform: Option<Platform>,
}

/// `tracker draft`
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  tracker draft --language list                           who checked which language
  tracker draft reason --language de --ground privacy --ground others
  tracker draft reason --add \"I am a photographer; my pictures are my living.\" | wl-copy
  tracker draft reminder 3
  tracker draft complaint 3 --land BY > complaint.txt
  tracker draft complaint 3 --bilingual                   with the English text below"
)]
pub struct Draft {
    /// What to draft
    #[command(subcommand)]
    pub command: Option<DraftCommand>,
    /// A language's code, such as de; `list` tells all [default: the authority's, or yours]
    #[arg(long, value_name = "L", global = true)]
    pub language: Option<String>,
    /// Put the English text below a reminder or a complaint
    #[arg(long, global = true)]
    pub bilingual: bool,
}

/// What can be drafted.
#[derive(Debug, Subcommand)]
pub enum DraftCommand {
    /// The reason for the form's field (Art. 21(1) GDPR: your particular situation)
    Reason {
        /// The objection's number: its country decides the language
        #[arg(value_parser = number)]
        id: Option<i64>,
        /// privacy, consent, misuse, permanence or others (may be repeated) [default: all]
        #[arg(long = "ground", value_name = "GROUND")]
        grounds: Vec<Ground>,
        /// Your own situation, in your own words
        #[arg(long, value_name = "TEXT")]
        add: Option<String>,
        /// How many characters the form's field takes
        #[arg(long, value_name = "N", default_value_t = crate::draft::LIMIT)]
        limit: usize,
    },
    /// The reminder to the controller, once its time to answer is over
    Reminder {
        /// The objection's number [default: the only one whose time is over]
        #[arg(value_parser = number)]
        id: Option<i64>,
    },
    /// The complaint to the supervisory authority, once its time is over by every reading
    Complaint {
        /// The objection's number [default: the only one whose time is over]
        #[arg(value_parser = number)]
        id: Option<i64>,
        /// In Germany, where you live: BW, BY, BE, BB, HB, HH, HE, MV, NI, NW, RP, SL, SN, ST, SH or TH
        #[arg(long, value_name = "LAND")]
        land: Option<String>,
        /// The authority of another place, such as where you work: IE, or DE-BY [default: your country's]
        #[arg(long, value_name = "CC")]
        authority: Option<String>,
    },
}

/// `tracker dossier`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker dossier 3
  tracker dossier 3 -o evidence.zip
  tracker dossier 3 --language de
  cd tracker-objection-3 && sha256sum -c SHA256SUMS       anyone can check it")]
pub struct Dossier {
    /// The objection's number
    #[arg(value_parser = number)]
    pub id: i64,
    /// The language's code; tracker draft --language list tells all [default: the authority's]
    #[arg(long, value_name = "L")]
    pub language: Option<String>,
    /// A folder to make, or a file ending in .zip [default: tracker-objection-ID]
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

/// `tracker report`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker report > report.html
  tracker report -o report.html")]
pub struct Report {
    /// The file to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `tracker export`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker export > all.json                 everything, raw mails included
  tracker export --format csv > all.csv     a line for each objection, safe to open in a spreadsheet
  tracker export --format ics > all.ics     a calendar: the due date of each pending objection, with an alarm")]
pub struct Export {
    /// json, csv or ics
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub format: Format,
}

/// What to export as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON document.
    Json,
    /// A table.
    Csv,
    /// A calendar.
    Ics,
}

/// `tracker backup`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker backup tracker-2026-12-01.db")]
pub struct Backup {
    /// The file to write; an older backup there is replaced
    pub file: PathBuf,
}

/// `tracker forget`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracker forget 3")]
pub struct Forget {
    /// The objection's number
    #[arg(value_parser = number)]
    pub id: i64,
    /// Don't ask
    #[arg(short, long)]
    pub yes: bool,
}
