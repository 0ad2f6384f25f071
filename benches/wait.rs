//! How long it takes from the delivery of a mail with a code to the digits on standard output of `tracker code --wait`, on
//! Dovecot: `cargo bench --bench wait`. It is to take less than a second.
#![allow(clippy::expect_used, clippy::indexing_slicing, missing_docs)]

#[allow(dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::arithmetic_side_effects)]
#[path = "../tests/integration/support/mod.rs"]
mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

use divan::Bencher;
use support::dovecot::Dovecot;
use support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const AT: &str = "2026-11-24T11:55:00Z";

fn main() {
    divan::main();
}

/// A mailbox that somebody waits at.
struct Waiting {
    dovecot: Dovecot,
    _tracker: Tracker,
    child: Child,
}

impl Waiting {
    fn new() -> Self {
        let dovecot = Dovecot::start();
        let tracker = Tracker::new();
        tracker.config(&(dovecot.account("home", ANNA) + "[dkim]\nverify = false\n"));
        tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
        let mut command = tracker.command(&["-vv", "code", "1", "--wait=60"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut said = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
        said.find(|line| line.contains("read to the end")).expect("it is connected");
        // What it says after that may not stop it.
        std::thread::spawn(move || said.count());
        Self { dovecot, _tracker: tracker, child }
    }

    fn until_printed(&mut self) {
        self.dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", AT).raw(), AT);
        let mut digits = [0; 6];
        self.child.stdout.as_mut().expect("piped").read_exact(&mut digits).expect("it prints them");
        assert_eq!(&digits, b"271828");
    }
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn from_delivery_to_digits(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(Waiting::new).bench_values(|mut waiting| {
        waiting.until_printed();
        waiting
    });
}
