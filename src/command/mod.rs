//! The commands: one verb per file, with its arguments. Each returns what it has to say as an `Output`.

pub mod add;
mod ask;
pub mod backup;
pub mod check;
pub mod code;
mod complete;
pub mod completions;
mod context;
pub mod demo;
pub mod doctor;
pub mod dossier;
pub mod draft;
pub mod edit;
pub mod explain;
pub mod export;
mod failure;
mod file;
pub mod forget;
pub mod guide;
pub mod held;
pub mod ingest;
pub mod list;
pub mod login;
pub mod man;
pub mod mark;
mod output;
pub mod recheck;
pub mod report;
mod round;
pub mod rules;
pub mod schedule;
pub mod setup;
pub mod show;
mod typed;
pub mod undo;
pub mod watch;
mod when;

use file::read_input;
use typed::{find, number};
use when::parse_when;

pub use context::Context;
pub use failure::{Failure, Status};
pub use output::{Console, Output, is_written};
pub use when::now;
