//! Shell commands of the user's: what they are given, what they print, and no longer than they may take.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// More than this is not read of what a command prints.
const MAX_OUTPUT: u64 = 64 * 1024;
/// How often it is looked whether a command has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// Runs a command in the user's shell; what it writes to standard error reaches the user.
///
/// # Errors
/// What became of it, as the rest of a sentence.
pub fn run(command: &str, input: Option<String>, patience: Duration) -> Result<String, String> {
    let until = Instant::now().checked_add(patience);
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("can't be started: {error}"))?;
    if let Some((mut stdin, input)) = child.stdin.take().zip(input) {
        // One that does not read its input is free to do so.
        thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let (sender, printed) = mpsc::channel();
    let stdout = child.stdout.take();
    thread::spawn(move || {
        let mut text = Vec::new();
        let result = stdout.map(|out| out.take(MAX_OUTPUT).read_to_end(&mut text)).transpose();
        sender.send(result.map(|_| text))
    });
    let late = || format!("took longer than {} s", patience.as_secs());
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if until.is_some_and(|until| Instant::now() < until) => thread::sleep(PAUSE),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(late());
            }
            Err(error) => return Err(error.to_string()),
        }
    };
    if !status.success() {
        return Err(format!("failed ({status})"));
    }
    // What it left running in the background may hold its output open.
    let left = until.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default();
    let text = printed.recv_timeout(left).map_err(|_| late())?.map_err(|error| error.to_string())?;
    String::from_utf8(text).map_err(|_| "printed no text".to_owned())
}

/// Runs a program of the system's and returns what it prints. Its words are arguments, never a shell's.
///
/// # Errors
/// What became of it, as the rest of a sentence, with what it wrote to standard error.
pub fn call(program: &str, args: &[&str], input: Option<String>) -> Result<String, String> {
    let mut child = Command::new(program)
        .args(args)
        .env("LC_ALL", "C")
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("can't be started: {error}"))?;
    if let Some((mut stdin, input)) = child.stdin.take().zip(input) {
        // One that does not read its input says why.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("failed ({}): {}", output.status, said.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    String::from_utf8(output.stdout).map_err(|_| "printed no text".to_owned())
}

/// Gives a program of the system's something to read, whatever it prints; whether it took it. One that goes on in the
/// background is not waited for.
#[must_use]
pub fn feed(program: &str, args: &[&str], input: &str) -> bool {
    let child =
        Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else { return false };
    let is_fed = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(input.as_bytes()).is_ok());
    is_fed & child.wait().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_given_its_input_and_its_time() {
        let run = |command: &str, seconds| run(command, Some("hello".to_owned()), Duration::from_secs(seconds));
        assert_eq!(run("cat", 60), Ok("hello".to_owned()));
        assert_eq!(run("true", 60), Ok(String::new()));
        assert_eq!(run("exit 3", 60), Err("failed (exit status: 3)".to_owned()));
        assert_eq!(run("exec sleep 60", 0), Err("took longer than 0 s".to_owned()));
        assert_eq!(run("printf '\\377'", 60), Err("printed no text".to_owned()));
    }
}
