//! A program and what it starts in turn, so that all of it can be ended.
//!
//! Where no person is near (cron, systemd), the program gets a process group of its own, which is ended as a whole. On a
//! terminal it stays in ours: the terminal stops a program of another group that reads from it (SIGTTIN, termios(3)), as
//! a password manager does that asks there, and Ctrl-C would not reach it. There its descendants are looked up in Linux'
//! `/proc`; on other systems they go on, in sight of that person.

use std::io;
use std::process::{Child, Command};

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A program that was started.
pub(super) struct Family {
    pub program: Child,
    /// Whether it has a process group of its own.
    #[cfg(unix)]
    is_group: bool,
}

impl Family {
    /// Starts a program.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        {
            let is_group = std::fs::File::open("/dev/tty").is_err();
            if is_group {
                std::os::unix::process::CommandExt::process_group(command, 0);
            }
            Ok(Self { program: command.spawn()?, is_group })
        }
        #[cfg(not(unix))]
        Ok(Self { program: command.spawn()? })
    }

    /// Ends it at once, with what it started.
    pub fn end(&mut self) {
        #[cfg(unix)]
        if let Some(program) = i32::try_from(self.program.id()).ok().and_then(Pid::from_raw) {
            if self.is_group {
                let _ = kill_process_group(program, Signal::KILL);
            } else if matches!(self.program.try_wait(), Ok(None)) {
                // Before the program: then its children are somebody else's.
                for descendant in descendants(program) {
                    let _ = kill_process(descendant, Signal::KILL);
                }
            }
        }
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// What a program started and what that started in turn, as far as `/proc` tells.
#[cfg(unix)]
fn descendants(program: Pid) -> Vec<Pid> {
    let list = format!("/proc/{program}/task/{program}/children");
    let children = std::fs::read_to_string(list).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|child| Pid::from_raw(child.parse().ok()?));
    children.flat_map(|child| [vec![child], descendants(child)].concat()).collect()
}
