//! Guards the parser: bounds what the server sends before the parser gets it.
//!
//! imap-proto 0.16.7 overflows the stack on some 350 nested parentheses, allocates as much as a literal announces
//! (`{4294967295}`), and parses a reply from its beginning again for each line. It takes 8-bit text in a status line
//! for the end of the connection, but servers that speak the user's language send such text (measured 2026-11). So
//! every reply goes through here line by line.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::rc::Rc;

/// The longest line, in bytes: the reply to a SEARCH over a window of 50,000 mails fits.
const MAX_LINE: usize = 1024 * 1024;
/// The longest literal, in bytes: a mail's body fits, with room to spare.
const MAX_LITERAL: usize = 2 * 1024 * 1024;
/// The most opening parentheses in a response: more than any that we ask for has.
const MAX_PARENTHESES: usize = 60;
/// The most literals in a response: more than any that we ask for has.
const MAX_LITERALS: usize = 16;
/// The most bytes of a whole reply.
const MAX_REPLY: usize = 8 * 1024 * 1024;
/// The most lines of a whole reply.
const MAX_LINES: usize = 50_000;

/// What the guard counted and saw. It is shared with the session, which asks why a reply failed.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    bytes: Rc<Cell<usize>>,
    lines: Rc<Cell<usize>>,
    fault: Rc<RefCell<Option<String>>>,
    goodbye: Rc<RefCell<Option<String>>>,
}

impl Tally {
    /// Starts counting for a new reply.
    pub fn restart(&self) {
        self.bytes.set(0);
        self.lines.set(0);
    }

    /// Why the guard refused a reply, if it did.
    pub fn fault(&self) -> Option<String> {
        self.fault.borrow().clone()
    }

    /// What the server said when it closed the connection (BYE).
    pub fn goodbye(&self) -> Option<String> {
        self.goodbye.borrow().clone()
    }

    fn note_goodbye(&self, line: &[u8]) {
        let (word, text) = line.split_at_checked(5).unwrap_or_default();
        if word.eq_ignore_ascii_case(b"* BYE") {
            self.goodbye.replace(Some(String::from_utf8_lossy(text).trim().to_owned()));
        }
    }

    fn refuse(&self, what: String) -> io::Error {
        self.fault.replace(Some(what));
        io::Error::from(io::ErrorKind::InvalidData)
    }

    fn count(counter: &Cell<usize>, more: usize) -> usize {
        counter.set(counter.get().saturating_add(more));
        counter.get()
    }
}

/// A stream whose replies are bounded.
#[derive(Debug)]
pub struct Guard<S> {
    inner: S,
    tally: Tally,
    /// The line that is not yet complete.
    line: Vec<u8>,
    /// What was checked; the parser has read it up to `read`.
    checked: Vec<u8>,
    read: usize,
    /// Bytes of a literal still to come.
    literal: usize,
    /// Opening parentheses and literals of the response so far.
    parentheses: usize,
    literals: usize,
}

impl<S> Guard<S> {
    /// Guards a stream.
    pub fn new(inner: S, tally: Tally) -> Self {
        Self { inner, tally, line: Vec::new(), checked: Vec::new(), read: 0, literal: 0, parentheses: 0, literals: 0 }
    }

    /// The stream that is guarded.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    fn admit(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        if Tally::count(&self.tally.bytes, bytes.len()) > MAX_REPLY {
            return Err(self.tally.refuse(format!("a reply of more than {MAX_REPLY} bytes")));
        }
        while !bytes.is_empty() {
            let is_literal = self.literal > 0;
            let end = if is_literal {
                self.literal.min(bytes.len())
            } else {
                bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at.saturating_add(1))
            };
            let (head, tail) = bytes.split_at(end);
            bytes = tail;
            if is_literal {
                self.literal = self.literal.saturating_sub(end);
                self.checked.extend_from_slice(head);
                continue;
            }
            self.line.extend_from_slice(head);
            if self.line.len() > MAX_LINE {
                return Err(self.tally.refuse(format!("a line of more than {MAX_LINE} bytes")));
            }
            if self.line.ends_with(b"\n") {
                self.admit_line()?;
            }
        }
        Ok(())
    }

    fn admit_line(&mut self) -> io::Result<()> {
        let mut line = std::mem::take(&mut self.line);
        if Tally::count(&self.tally.lines, 1) > MAX_LINES {
            return Err(self.tally.refuse(format!("a reply of more than {MAX_LINES} lines")));
        }
        let Some(text) = line.strip_suffix(b"\r\n") else {
            return Err(self.tally.refuse("a line that does not end in CR LF".to_owned()));
        };
        if text.contains(&0) {
            return Err(self.tally.refuse("a NUL in a line".to_owned()));
        }
        let is_status = self.literals == 0 && is_status(text);
        if is_status {
            self.tally.note_goodbye(text);
            (self.literals, self.parentheses) = (0, 0);
        } else {
            self.bound_response(text)?;
        }
        for byte in &mut line {
            *byte = match *byte {
                // The guard takes a status line for free text; the parser must not find a literal in it.
                b'{' if is_status => b'<',
                0x80.. => b'?',
                byte => byte,
            };
        }
        self.checked.extend_from_slice(&line);
        Ok(())
    }

    /// Counts the parentheses and the literal of a line, and refuses a response that has too many.
    fn bound_response(&mut self, line: &[u8]) -> io::Result<()> {
        let opened = line.split(|byte| *byte == b'(').skip(1).count();
        self.parentheses = self.parentheses.saturating_add(opened);
        if self.parentheses > MAX_PARENTHESES {
            return Err(self.tally.refuse(format!("a response with more than {MAX_PARENTHESES} parentheses")));
        }
        match announced(line) {
            Some(length) if length > MAX_LITERAL || self.literals >= MAX_LITERALS => {
                return Err(self.tally.refuse(format!("a literal of {length} bytes, or one of too many")));
            }
            Some(length) => {
                self.literals = self.literals.saturating_add(1);
                self.literal = length;
            }
            None => (self.literals, self.parentheses) = (0, 0),
        }
        Ok(())
    }
}

/// Whether a line's text is free (RFC 3501 §7.1): a tagged line, a continuation, or one with one of five status words.
fn is_status(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"* ") else { return true };
    let word = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
    ["OK", "NO", "BAD", "BYE", "PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status.as_bytes()))
}

/// The length of the literal that a line announces at its end.
fn announced(line: &[u8]) -> Option<usize> {
    let inside = line.strip_suffix(b"}")?;
    let open = inside.iter().rposition(|byte| *byte == b'{')?;
    let digits = inside.get(open.saturating_add(1)..)?;
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    // A number too large to be parsed announces a literal all the same, one that is too long.
    is_number.then(|| std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(usize::MAX))
}

impl<S: Read> Read for Guard<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.tally.fault.borrow().is_some() {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        while self.read >= self.checked.len() {
            self.checked.clear();
            self.read = 0;
            let mut chunk = [0; 16 * 1024];
            let count = self.inner.read(&mut chunk)?;
            if count == 0 {
                return Ok(0);
            }
            self.admit(chunk.get(..count).unwrap_or_default())?;
        }
        let count = self.checked.get(self.read..).unwrap_or_default().read(buffer)?;
        self.read = self.read.saturating_add(count);
        Ok(count)
    }
}

impl<S: Write> Write for Guard<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
