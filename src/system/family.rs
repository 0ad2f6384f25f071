//! A program and whatever it starts in turn, so that all of it can be ended.
//!
//! Without a terminal (cron, systemd) the program gets a process group of its own, and the whole group is ended. With a
//! terminal it stays in our group. In another group, a password manager that asks on the terminal would be stopped by
//! the system (SIGTTIN, termios(3)), and Ctrl-C would not reach it. There the program's descendants are found in
//! `/proc` and ended one by one. A system without `/proc`, such as macOS, lets them go on; the person at the terminal
//! can end them.

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

    /// Ends the program at once, and what it started.
    pub fn end(&mut self) {
        #[cfg(unix)]
        if let Some(program) = i32::try_from(self.program.id()).ok().and_then(Pid::from_raw) {
            if self.is_group {
                let _ = kill_process_group(program, Signal::KILL);
            } else if matches!(self.program.try_wait(), Ok(None)) {
                // Before the program ends, because then its children get another parent.
                for descendant in descendants(program) {
                    let _ = kill_process(descendant, Signal::KILL);
                }
            }
        }
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The processes that a program started, and those that they started in turn, as far as `/proc` tells.
#[cfg(unix)]
fn descendants(program: Pid) -> Vec<Pid> {
    let list = format!("/proc/{program}/task/{program}/children");
    let children = std::fs::read_to_string(list).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|child| Pid::from_raw(child.parse().ok()?));
    children.flat_map(|child| [vec![child], descendants(child)].concat()).collect()
}
