//! What a shell completes: commands and options, and the numbers and names that this user has.

use std::path::PathBuf;

use clap::Command;
use clap_complete::CompletionCandidate;
use clap_complete::engine::ArgValueCandidates;
use clap_complete::env::{CompleteEnv, Shells};

use super::{Failure, Output};
use crate::cli::{self, Completions};
use crate::config::{self, Config};
use crate::report::line;
use crate::store::Store;

/// The variable in which a shell's script says that it wants to know what can follow.
const VARIABLE: &str = "TRACKER_COMPLETE";

/// Answers a shell's script that asks what can follow, and ends the program; else does nothing.
pub fn answer() {
    CompleteEnv::with_factory(command).var(VARIABLE).complete();
}

/// The script for a shell.
pub fn script(args: &Completions) -> Result<Output, Failure> {
    let shell = args.shell.to_string();
    let fault = || Failure::usage(format!("no completions for `{shell}`"));
    let completer = Shells::builtins();
    let completer = completer.completer(&shell).ok_or_else(fault)?;
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "tracker", "tracker", "tracker", &mut script).map_err(|_| fault())?;
    Ok(Output { text: String::from_utf8_lossy(&script).into_owned(), ..Output::default() })
}

/// The command line, with what its values can be.
fn command() -> Command {
    let mut command = cli::command();
    for name in ["show", "code", "mark", "undo", "dossier", "forget"] {
        command = command.mut_subcommand(name, |c| c.mut_arg("id", |arg| arg.add(ArgValueCandidates::new(objections))));
    }
    for name in ["check", "ingest", "explain", "login"] {
        let id = if name == "check" { "accounts" } else { "account" };
        command = command.mut_subcommand(name, |c| c.mut_arg(id, |arg| arg.add(ArgValueCandidates::new(accounts))));
    }
    command
        .mut_subcommand("draft", |draft| {
            draft.mut_subcommands(|kind| {
                let has_id = kind.get_arguments().any(|arg| arg.get_id() == "id");
                if has_id { kind.mut_arg("id", |arg| arg.add(ArgValueCandidates::new(objections))) } else { kind }
            })
        })
        .mut_subcommand("held", |held| {
            held.mut_subcommands(|what| {
                let names: Vec<String> = what.get_arguments().map(|arg| arg.get_id().to_string()).collect();
                names.into_iter().fold(what, |what, name| match name.as_str() {
                    "mail" => what.mut_arg("mail", |arg| arg.add(ArgValueCandidates::new(held_mails))),
                    "objection" => what.mut_arg("objection", |arg| arg.add(ArgValueCandidates::new(objections))),
                    _ => what,
                })
            })
        })
}

fn configuration() -> Option<Config> {
    Config::load(std::env::var_os("TRACKER_CONFIG").map(PathBuf::from).as_deref()).ok()
}

/// The database, if there is one: nothing is made by asking.
fn store() -> Option<Store> {
    let named = std::env::var_os("TRACKER_DATABASE").map(PathBuf::from);
    let path = named.or_else(|| configuration()?.database).or_else(config::default_database)?;
    if path.exists() { Store::open(&path).ok() } else { None }
}

fn objections() -> Vec<CompletionCandidate> {
    let known = store().and_then(|store| store.records().objections().ok()).unwrap_or_default();
    let candidate = |o: &crate::objection::Objection| {
        let help = line(&format!("{}, {}, {}", o.platform, o.email, o.state));
        CompletionCandidate::new(o.id.to_string()).help(Some(help.into()))
    };
    known.iter().map(candidate).collect()
}

fn held_mails() -> Vec<CompletionCandidate> {
    let held = store().and_then(|store| store.records().held().ok()).unwrap_or_default();
    let candidate =
        |mail: &crate::store::Kept| CompletionCandidate::new(mail.id.to_string()).help(Some(line(&mail.from).into()));
    held.iter().map(candidate).collect()
}

fn accounts() -> Vec<CompletionCandidate> {
    let known = configuration().map(|config| config.accounts).unwrap_or_default();
    known.iter().map(|a| CompletionCandidate::new(a.name.clone()).help(Some(a.email.clone().into()))).collect()
}
