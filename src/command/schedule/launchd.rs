//! A launchd agent of the user (launchd.plist(5)).

use std::fs;
use std::path::PathBuf;

use super::job::{Job, MINUTES, fault, place};
use crate::command::{Failure, file};
use crate::system::process;

const LABEL: &str = "objection-tracker.check";

/// The path and the text of the agent's file.
pub fn file(job: &Job) -> Result<(PathBuf, String), Failure> {
    let escaped = |word: &String| word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let words: String = job.command.iter().map(|word| format!("    <string>{}</string>\n", escaped(word))).collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  <string>{LABEL}</string>\n  <key>ProgramArguments</key>\n  \
         <array>\n{words}  </array>\n  <key>StartInterval</key>\n  <integer>{}</integer>\n</dict>\n</plist>\n",
        MINUTES.saturating_mul(60)
    );
    Ok((path()?, text))
}

pub fn there() -> Result<Option<String>, Failure> {
    let path = path()?;
    Ok(path.exists().then(|| format!("{}\n", path.display())))
}

pub fn install(job: &Job) -> Result<(), Failure> {
    let (path, text) = file(job)?;
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|error| file::fault(directory, &error))?;
    }
    file::replace(&path, text.as_bytes())?;
    launchctl("load")
}

pub fn remove() -> Result<(), Failure> {
    launchctl("unload")?;
    discard()
}

/// Removes the agent's file.
pub fn discard() -> Result<(), Failure> {
    let path = path()?;
    fs::remove_file(&path).map_err(|error| file::fault(&path, &error))
}

fn path() -> Result<PathBuf, Failure> {
    place(etcetera::home_dir(), &format!("Library/LaunchAgents/{LABEL}.plist"))
}

fn launchctl(verb: &str) -> Result<(), Failure> {
    let path = path()?.display().to_string();
    let line = format!("launchctl {verb} -w {path}");
    process::call("launchctl", &[verb, "-w", &path], None).map(drop).map_err(|why| fault(&line, &why))
}
