//! Runs the user's shell commands and the system's programs: with input, output, and a time limit.

use std::fmt;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::family::Family;
use crate::fault::Fault;

/// The most that a command may print, in bytes.
const MAX_OUTPUT: u64 = 64 * 1024;
/// How long a program of the system may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two looks whether a command has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// Gives what a program prints to a stream, once it is read to its end.
type Printed = Receiver<io::Result<Vec<u8>>>;

/// Why a program gave no output. It prints as the rest of a sentence that begins with the program's name.
#[derive(Debug)]
pub enum Failed {
    /// It is not there, or can't be run.
    NotStarted(io::Error),
    /// It ended with a failure. The text is what it wrote to standard error, if the user did not see that.
    Ended(ExitStatus, String),
    /// It took longer than it may.
    Late(Duration),
    /// Its output can't be read, or there is too much of it.
    Unreadable(io::Error),
    /// Its output is not UTF-8.
    NoText,
}

impl Failed {
    /// The whole sentence; `program` is the program's name for the user.
    pub fn fault(&self, program: &str) -> Fault {
        Fault::new(format!("{program} {self}"))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => write!(f, "can't be started: {error}"),
            Self::Ended(status, said) if said.is_empty() => write!(f, "failed ({status})"),
            Self::Ended(status, said) => write!(f, "failed ({status}): {said}"),
            Self::Late(patience) => write!(f, "took longer than {} s", patience.as_secs()),
            Self::Unreadable(error) => error.fmt(f),
            Self::NoText => f.write_str("printed no text"),
        }
    }
}

/// The variables that hold passwords, which no program that is run is given.
static SECRETS: OnceLock<Vec<String>> = OnceLock::new();

/// Keeps some variables of the environment from all programs that are run.
pub fn hide(variables: Vec<String>) {
    // Set once: a second time the configuration is the same.
    let _ = SECRETS.set(variables);
}

/// A program that knows no secrets.
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for variable in SECRETS.get().into_iter().flatten() {
        command.env_remove(variable);
    }
    command
}

/// Runs a command in the shell and returns what it prints. The user sees what it writes to standard error.
pub fn run(command: &str, input: Option<String>, patience: Duration) -> Result<String, Failed> {
    finish(self::command("sh").args(["-c", command]), input, patience)
}

/// Runs a program of the system, without a shell, and returns what it prints.
pub fn call(program: &str, args: &[&str], input: Option<String>) -> Result<String, Failed> {
    let mut command = self::command(program);
    finish(command.args(args).env("LC_ALL", "C").stderr(Stdio::piped()), input, PATIENCE)
}

fn finish(command: &mut Command, input: Option<String>, patience: Duration) -> Result<String, Failed> {
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() }).stdout(Stdio::piped());
    let mut family = Family::start(command).map_err(Failed::NotStarted)?;
    let program = &mut family.program;
    if let Some((mut stdin, input)) = program.stdin.take().zip(input) {
        // In a thread, and whether or not it works: a program need not read its input.
        thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let (stdout, stderr) = (collect(program.stdout.take()), collect(program.stderr.take()));
    let result = outcome(program, &stdout, &stderr, patience);
    if matches!(result, Err(Failed::Late(_) | Failed::Unreadable(_))) {
        family.end();
    }
    result
}

/// Waits for the program's end and returns what it printed.
fn outcome(program: &mut Child, stdout: &Printed, stderr: &Printed, patience: Duration) -> Result<String, Failed> {
    let until = Instant::now().checked_add(patience);
    let left = || until.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default();
    let status = loop {
        match program.try_wait().map_err(Failed::Unreadable)? {
            Some(status) => break status,
            None if left().is_zero() => return Err(Failed::Late(patience)),
            None => thread::sleep(PAUSE),
        }
    };
    // A process that it left in the background may hold its output open. If the program failed, nobody needs the
    // output.
    let read = |stream: &Printed| match stream.recv_timeout(left()) {
        Ok(bytes) => bytes.map_err(Failed::Unreadable),
        Err(_) if status.success() => Err(Failed::Late(patience)),
        Err(_) => Ok(Vec::new()),
    };
    let (stdout, stderr) = (read(stdout)?, read(stderr)?);
    if status.success() {
        return String::from_utf8(stdout).map_err(|_| Failed::NoText);
    }
    let said = String::from_utf8_lossy(&stderr);
    Err(Failed::Ended(status, said.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// Reads a stream in a thread, to its end or to the limit.
fn collect(stream: Option<impl Read + Send + 'static>) -> Printed {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = stream.map(|stream| stream.take(MAX_OUTPUT).read_to_end(&mut bytes)).transpose();
        let is_cut = u64::try_from(bytes.len()).is_ok_and(|length| length >= MAX_OUTPUT);
        let too_long = || Err(io::Error::other(format!("printed more than {MAX_OUTPUT} bytes")));
        sender.send(if is_cut { too_long() } else { result.map(|_| bytes) })
    });
    receiver
}

/// Gives a program of the system something to read and ignores what it prints. Returns whether it succeeded. What it
/// leaves in the background is not waited for.
pub fn feed(program: &str, args: &[&str], input: &str) -> bool {
    let child = command(program).args(args).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else { return false };
    let is_fed = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(input.as_bytes()).is_ok());
    is_fed & child.wait().is_ok_and(|status| status.success())
}

/// Lets a program of the system show a text on the terminal. Returns whether it did.
pub fn show(program: &str, args: &[&str], input: &str) -> bool {
    let Ok(mut child) = command(program).args(args).stdin(Stdio::piped()).spawn() else { return false };
    // An error is ignored: a pager may end before it has read everything.
    let _ = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(input.as_bytes()).is_ok());
    child.wait().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_given_its_input_and_its_time() {
        let run = |command: &str, seconds| {
            run(command, Some("hello".to_owned()), Duration::from_secs(seconds)).map_err(|why| why.to_string())
        };
        assert_eq!(run("cat", 60), Ok("hello".to_owned()));
        assert_eq!(run("true", 60), Ok(String::new()));
        assert_eq!(run("exit 3", 60), Err("failed (exit status: 3)".to_owned()));
        assert_eq!(run("exec sleep 60", 0), Err("took longer than 0 s".to_owned()));
        assert_eq!(run("printf '\\377'", 60), Err("printed no text".to_owned()));
    }

    #[test]
    fn what_a_command_started_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        for (name, command) in [("waiting", "beat & wait"), ("piping", "beat | cat"), ("left behind", "beat & exit 0")]
        {
            if name == "left behind" && std::fs::File::open("/dev/tty").is_ok() {
                // With a terminal there is no group, and an orphan can't be found.
                continue;
            }
            let file = folder.path().join(name);
            let beat = format!("for i in $(seq 500); do echo x >> '{}'; sleep 0.02; done", file.display());
            let beat = format!("beat() {{ {beat}; }}");
            let ended = run(&format!("{beat}; {command}"), None, Duration::from_secs(1));
            assert!(matches!(ended, Err(Failed::Late(_))), "{name}: {ended:?}");
            let size = || std::fs::metadata(&file).unwrap().len();
            let before = size();
            assert!(before > 0, "{name}");
            thread::sleep(Duration::from_millis(300));
            // A line that was being written when it was ended may still appear.
            assert!(size() <= before + 2, "{name}");
        }
    }
}
