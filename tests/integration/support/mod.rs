//! What the tests stand on: the binary in a home of its own, mail servers, certificates, mails.

pub mod bench;
pub mod chromium;
pub mod dns;
pub mod dovecot;
pub mod https;
pub mod mails;
pub mod peer;
pub mod pki;
pub mod sign;

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

/// A day in the life of the tests: a Tuesday.
pub const NOW: &str = "2026-11-24T12:00:00Z";

/// The binary with a home directory, a configuration and a clock of its own.
pub struct Tracker {
    home: TempDir,
    now: String,
    zone: &'static str,
}

/// What a run of the binary came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Tracker {
    pub fn new() -> Self {
        Self { home: TempDir::new().expect("a temporary directory"), now: NOW.to_owned(), zone: "UTC" }
    }

    pub fn at(&mut self, now: &str) -> &mut Self {
        now.clone_into(&mut self.now);
        self
    }

    /// Runs by the clocks of a zone from now on.
    pub fn zone(&mut self, zone: &'static str) -> &mut Self {
        self.zone = zone;
        self
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where the database is by default.
    pub fn database(&self) -> PathBuf {
        self.home().join(".local/share/tracker/tracker.db")
    }

    /// Writes a file into the home directory, readable by its owner only.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).expect("a file");
        file.write_all(content.as_ref()).expect("written");
        path
    }

    pub fn config(&self, text: &str) {
        self.file(".config/tracker/config.toml", text);
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tracker"));
        command
            .args(args)
            .current_dir(self.home())
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", "/usr/bin:/bin")
            .env("TZ", self.zone)
            .env("TRACKER_NOW", &self.now);
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, b"")
    }

    /// Runs with something on standard input.
    pub fn run_with(&self, args: &[&str], input: &[u8]) -> Run {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        // A binary that does not read its input may close it.
        let _ = child.stdin.take().expect("piped").write_all(input);
        let output = child.wait_with_output().expect("the binary ends");
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).expect("UTF-8").replace(self.home().to_str().expect("UTF-8"), "~")
        };
        let status = output.status.code().expect("no signal");
        Run { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs what must succeed without a complaint, and returns its standard output.
    pub fn ok(&self, args: &[&str]) -> String {
        let run = self.run(args);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{args:?}\n{}", run.stdout);
        run.stdout
    }

    /// Runs with `--json` what must succeed, whatever it warns of.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let run = self.run(&[args, &["--json"]].concat());
        assert_eq!(run.status, 0, "{args:?}\n{}", run.stderr);
        serde_json::from_str(&run.stdout).expect("JSON")
    }

    /// Records an objection, whatever that warns of.
    pub fn add(&self, platform: &str, email: &str, submitted: &str) -> &Self {
        self.ok(&["add", "-q", "--platform", platform, "--email", email, "--submitted", submitted, "--country", "DE"]);
        self
    }

    /// The state of each objection, by number.
    pub fn states(&self) -> Vec<String> {
        let mut states: Vec<(i64, String)> = self
            .json(&["list"])
            .as_array()
            .expect("an array")
            .iter()
            .map(|o| (o["id"].as_i64().expect("a number"), o["state"].as_str().expect("a word").to_owned()))
            .collect();
        states.sort_unstable();
        states.into_iter().map(|(_, state)| state).collect()
    }

    /// All that the database holds, a line for each row.
    pub fn dump(&self) -> Vec<String> {
        dump(&self.database())
    }

    pub fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it exists").permissions().mode() & 0o777
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
        // Its hash stands beside it.
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// All that a database holds, a line for each row, in the order of the tables' keys.
pub fn dump(database: &Path) -> Vec<String> {
    let connection = Connection::open(database).expect("a database");
    let mut names =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("SQL");
    let tables: Vec<String> =
        names.query_map([], |row| row.get(0)).expect("SQL").collect::<Result<_, _>>().expect("names");
    let mut lines = Vec::new();
    for table in tables.iter().filter(|name| !name.starts_with("sqlite_")) {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).expect("SQL");
        let count = statement.column_count();
        let mut rows: Vec<String> = statement
            .query_map([], |row| {
                let values = (0..count).map(|i| row.get::<_, Value>(i).map(shown));
                Ok(format!("{table} {}", values.collect::<Result<Vec<_>, _>>()?.join("|")))
            })
            .expect("SQL")
            .collect::<Result<_, _>>()
            .expect("rows");
        rows.sort_unstable();
        lines.extend(rows);
    }
    lines
}
