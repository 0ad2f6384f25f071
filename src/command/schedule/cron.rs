//! The user's crontab.

use super::job::{Job, MINUTES, fault};
use crate::command::Failure;
use crate::system::process::{self, Failed};

/// A shell comment at the end of our line, by which it is found again.
const MARK: &str = "# tracker schedule";

/// The line of the crontab. `%` is escaped, because it would end the command (crontab(5)).
pub fn line(job: &Job) -> String {
    let words: Vec<String> = job.command.iter().map(|word| quoted(word).replace('%', "\\%")).collect();
    format!("{}-59/{MINUTES} * * * * {} {MARK}\n", job.minute, words.join(" "))
}

/// The line that we wrote, or else one that the user wrote for the same purpose.
pub fn there() -> Result<Option<String>, Failure> {
    let table = read()?;
    let found = table.lines().find(|line| is_ours(line)).or_else(|| table.lines().find(|line| is_alike(line)));
    Ok(found.map(|line| format!("{line}\n")))
}

pub fn install(job: &Job) -> Result<(), Failure> {
    let mut table = read()?;
    if !table.is_empty() && !table.ends_with('\n') {
        table.push('\n');
    }
    write(table + &line(job))
}

pub fn remove() -> Result<(), Failure> {
    let table = read()?;
    if !table.lines().any(is_ours) {
        return Err(Failure::refused("the line in your crontab is your own").remedy("remove it with: crontab -e"));
    }
    write(table.lines().filter(|line| !is_ours(line)).map(|line| format!("{line}\n")).collect())
}

fn is_ours(line: &str) -> bool {
    line.trim_end().ends_with(MARK) && !line.trim_start().starts_with('#')
}

/// Whether a line seems to run `tracker check`.
fn is_alike(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches('\'')).collect();
    let is_program = |word: &&str| word.rsplit('/').next() == Some("tracker");
    !line.trim_start().starts_with('#') && words.iter().any(is_program) && words.contains(&"check")
}

/// The user's crontab. `crontab -l` fails with "no crontab" if the user has none yet.
fn read() -> Result<String, Failure> {
    match process::call("crontab", &["-l"], None) {
        Ok(table) => Ok(table),
        Err(Failed::Ended(_, said)) if said.contains("no crontab") => Ok(String::new()),
        Err(why) => Err(fault("crontab -l", &why)),
    }
}

fn write(table: String) -> Result<(), Failure> {
    process::call("crontab", &["-"], Some(table)).map(drop).map_err(|why| fault("crontab -", &why))
}

/// Quotes a word for the shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | ':' | '@');
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
