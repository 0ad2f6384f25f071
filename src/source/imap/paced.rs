//! A socket with a deadline for each command, so that a peer which sends a byte now and then can't keep us for ever.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A whole command may take so many times as long as a single read.
const PATIENCE: u32 = 4;

/// The time that is left. It is shared between the socket and the session, which restarts it for each command.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The limit of a single read or write.
    pub timeout: Duration,
    deadline: Rc<Cell<Instant>>,
    /// The limit of a single read while we wait for news (IDLE), instead of `timeout`.
    patience: Rc<Cell<Option<Duration>>>,
    /// The limit that was exceeded.
    passed: Rc<Cell<Option<Duration>>>,
}

impl Clock {
    /// A clock that already runs.
    pub fn new(timeout: Duration) -> Self {
        let clock = Self {
            timeout,
            deadline: Rc::new(Cell::new(Instant::now())),
            patience: Rc::default(),
            passed: Rc::default(),
        };
        clock.restart();
        clock
    }

    /// Starts the time of a new command.
    pub fn restart(&self) {
        let now = Instant::now();
        self.deadline.set(now.checked_add(self.timeout.saturating_mul(PATIENCE)).unwrap_or(now));
        self.passed.set(None);
    }

    /// Sets another limit for each read; `None` for the usual one.
    pub fn wait(&self, patience: Option<Duration>) {
        self.patience.set(patience);
    }

    /// The limit that the peer exceeded, if it was too slow.
    pub fn passed(&self) -> Option<Duration> {
        self.passed.get()
    }

    /// The time for one read or write.
    fn slice(&self) -> io::Result<Duration> {
        let left = self.deadline.get().saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.late()) } else { Ok(left.min(self.patience.get().unwrap_or(self.timeout))) }
    }

    fn late(&self) -> io::Error {
        let is_command = self.deadline.get() <= Instant::now();
        self.passed.set(Some(if is_command { self.timeout.saturating_mul(PATIENCE) } else { self.timeout }));
        // TLS takes this kind for "try again", so that a session survives a wait in which nothing came.
        io::Error::from(io::ErrorKind::WouldBlock)
    }

    /// A socket's time limit shows as `WouldBlock` on Unix and `TimedOut` on Windows.
    fn check<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => self.late(),
            _ => error,
        })
    }
}

/// A socket under a clock.
#[derive(Debug)]
pub struct Paced {
    socket: TcpStream,
    clock: Clock,
}

impl Paced {
    /// Puts a socket under a clock.
    pub fn new(socket: TcpStream, clock: Clock) -> Self {
        Self { socket, clock }
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

impl Read for Paced {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.clock.slice()?))?;
        self.clock.check(self.socket.read(buffer))
    }
}

impl Write for Paced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.clock.slice()?))?;
        self.clock.check(self.socket.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.clock.check(self.socket.flush())
    }
}
