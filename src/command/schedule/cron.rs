//! The user's crontab.

use super::{Job, MINUTES, fault};
use crate::command::Failure;
use crate::process;

/// The shell's comment by which the line is known again.
const MARK: &str = "# tracker schedule";

/// The line, with its end. `%` would end the command (crontab(5)).
pub fn line(job: &Job) -> String {
    let words: Vec<String> = job.command.iter().map(|word| quoted(word).replace('%', "\\%")).collect();
    format!("{}-59/{MINUTES} * * * * {} {MARK}\n", job.minute, words.join(" "))
}

pub fn there() -> Result<Option<String>, Failure> {
    Ok(read()?.lines().find(|line| is_it(line)).map(|line| format!("{line}\n")))
}

pub fn install(job: &Job) -> Result<(), Failure> {
    let mut table = read()?;
    if !table.is_empty() && !table.ends_with('\n') {
        table.push('\n');
    }
    write(table + &line(job))
}

pub fn remove() -> Result<(), Failure> {
    write(read()?.lines().filter(|line| !is_it(line)).map(|line| format!("{line}\n")).collect())
}

/// Whether a line is ours, or one that the user wrote for the same purpose.
fn is_it(line: &str) -> bool {
    let line = line.trim();
    let mut words = line.split_whitespace().map(|word| word.trim_matches('\''));
    !line.starts_with('#') && (line.ends_with(MARK) || (line.contains("tracker") && words.any(|word| word == "check")))
}

/// One that has no crontab yet is told so on standard error, with a failure.
fn read() -> Result<String, Failure> {
    match process::call("crontab", &["-l"], None) {
        Ok(table) => Ok(table),
        Err(why) if why.contains("no crontab") => Ok(String::new()),
        Err(why) => Err(fault("crontab -l", &why)),
    }
}

fn write(table: String) -> Result<(), Failure> {
    process::call("crontab", &["-"], Some(table)).map(drop).map_err(|why| fault("crontab -", &why))
}

/// A word for the shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | ':' | '@');
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
