//! A task of the Windows task scheduler (schtasks).

use super::job::{Job, MINUTES, fault};
use crate::command::Failure;
use crate::system::process;

const NAME: &str = "tracker";

/// The command that makes the task, for a person to read.
pub fn text(job: &Job) -> String {
    let quote =
        |word: &String| if word.contains(' ') { format!("\"{}\"", word.replace('"', "\\\"")) } else { word.clone() };
    format!("schtasks {}\n", args(job).iter().map(quote).collect::<Vec<_>>().join(" "))
}

pub fn there() -> Option<String> {
    process::call("schtasks", &["/Query", "/TN", NAME], None).ok()
}

pub fn install(job: &Job) -> Result<(), Failure> {
    let args = args(job);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    process::call("schtasks", &args, None).map(drop).map_err(|why| fault("schtasks /Create", &why))
}

pub fn remove() -> Result<(), Failure> {
    let args = ["/Delete", "/F", "/TN", NAME];
    process::call("schtasks", &args, None).map(drop).map_err(|why| fault("schtasks /Delete", &why))
}

/// The arguments of schtasks. Words are put in quotation marks, which file names on Windows can't contain.
fn args(job: &Job) -> Vec<String> {
    let command: Vec<String> = job.command.iter().map(|word| format!("\"{word}\"")).collect();
    let minutes = MINUTES.to_string();
    let start = format!("00:{:02}", job.minute);
    let fixed = ["/Create", "/SC", "MINUTE", "/MO", &minutes, "/ST", &start, "/TN", NAME, "/TR"];
    fixed.iter().map(|word| (*word).to_owned()).chain([command.join(" ")]).collect()
}
