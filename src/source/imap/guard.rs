//! Stands between the server and the crate: bounds what the server sends, and keeps its responses for us.
//!
//! imap-proto 0.16.7 overflows the stack on some 350 nested parentheses, allocates as much as a literal announces
//! (`{4294967295}`), parses a reply from its beginning again for each line, panics on some responses and gives the
//! session up on any that it does not know (measured 2026-11). So the crate gets only what it needs to carry a
//! conversation on: the greeting, what asks for more, the last line of a reply, and that there is new mail. Every other
//! response is kept whole, for `token` to read: one that is odd spoils no other.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::rc::Rc;

use super::lexeme::Lexemes;

/// The longest line, in bytes: the reply to a SEARCH over a window of 50,000 mails fits.
const MAX_LINE: usize = 1024 * 1024;
/// At most this many bytes of a literal are kept: a mail's body fits, with room to spare.
const MAX_LITERAL: usize = 2 * 1024 * 1024;
/// The longest literal whose rest is passed over: a server that gives a whole mail where a part was asked for.
const MAX_PASSED: usize = 256 * 1024 * 1024;
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
    /// The responses of this reply, each with its literals.
    responses: Rc<RefCell<Vec<Vec<u8>>>>,
    /// What the last line of a reply says, after its status.
    done: Rc<RefCell<String>>,
    /// Whether that line says BAD: the command is not understood.
    is_bad: Rc<Cell<bool>>,
}

impl Tally {
    /// Starts counting for a new reply.
    pub fn restart(&self) {
        self.bytes.set(0);
        self.lines.set(0);
        self.responses.take();
        self.done.take();
    }

    /// The responses since then.
    pub fn responses(&self) -> Vec<Vec<u8>> {
        self.responses.take()
    }

    /// What the last line of the reply says, after its status.
    pub fn done(&self) -> String {
        self.done.borrow().clone()
    }

    /// Why the guard refused a reply, if it did.
    pub fn fault(&self) -> Option<String> {
        self.fault.borrow().clone()
    }

    /// What the server said when it closed the connection (BYE).
    pub fn goodbye(&self) -> Option<String> {
        self.goodbye.borrow().clone()
    }

    /// Whether the server did not understand the command.
    pub fn is_bad(&self) -> bool {
        self.is_bad.get()
    }

    fn note_goodbye(&self, line: &[u8]) {
        let (word, text) = line.split_at_checked(5).unwrap_or((line, b""));
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
    /// Whether the greeting is still to come.
    is_new: bool,
    /// The line that is not yet complete.
    line: Vec<u8>,
    /// The response that is not yet complete.
    response: Vec<u8>,
    /// What is for the crate, which has read it up to `read`.
    checked: Vec<u8>,
    read: usize,
    /// Bytes of a literal still to come: those to keep, and those to pass over.
    literal: usize,
    passed: usize,
    /// Opening parentheses and literals of the response so far.
    parentheses: usize,
    literals: usize,
}

impl<S> Guard<S> {
    /// Guards a stream; `is_new` if the greeting is still to come.
    pub fn new(inner: S, tally: Tally, is_new: bool) -> Self {
        let (line, response, checked) = Default::default();
        let (read, literal, passed, parentheses, literals) = Default::default();
        Self { inner, tally, is_new, line, response, checked, read, literal, passed, parentheses, literals }
    }

    /// The stream that is guarded.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    fn admit(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let is_literal = self.literal > 0 || self.passed > 0;
            let end = match self.literal {
                0 if is_literal => self.passed,
                0 => bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at.saturating_add(1)),
                literal => literal,
            };
            let (head, tail) = bytes.split_at(end.min(bytes.len()));
            bytes = tail;
            if is_literal && self.literal == 0 {
                self.passed = self.passed.saturating_sub(head.len());
                continue;
            }
            if Tally::count(&self.tally.bytes, head.len()) > MAX_REPLY {
                return Err(self.tally.refuse(format!("a reply of more than {MAX_REPLY} bytes")));
            }
            if is_literal {
                self.literal = self.literal.saturating_sub(head.len());
                self.response.extend_from_slice(head);
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
        let line = std::mem::take(&mut self.line);
        if Tally::count(&self.tally.lines, 1) > MAX_LINES {
            return Err(self.tally.refuse(format!("a reply of more than {MAX_LINES} lines")));
        }
        // GNU imap4d of Debian 12 ends some lines in a bare LF.
        let text = line.strip_suffix(b"\r\n").or(line.strip_suffix(b"\n")).unwrap_or(&line);
        if text.contains(&0) {
            return Err(self.tally.refuse("a NUL in a line".to_owned()));
        }
        if std::mem::take(&mut self.is_new) {
            self.tally.note_goodbye(text);
            self.hand_over(text);
        } else if self.response.is_empty() && !text.starts_with(b"* ") {
            self.admit_end(text);
        } else if self.response.is_empty() && is_status(text) {
            self.tally.note_goodbye(text);
            self.tally.responses.borrow_mut().push(text.to_owned());
        } else {
            return self.admit_data(text);
        }
        Ok(())
    }

    /// The last line of a reply, which the crate gets without the text that it may not know, or a request for more.
    fn admit_end(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line).into_owned();
        let mut words = text.splitn(3, ' ');
        let (tag, status) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if tag == "+" || !["OK", "NO", "BAD"].iter().any(|known| status.eq_ignore_ascii_case(known)) {
            return self.hand_over(line);
        }
        self.tally.is_bad.set(status.eq_ignore_ascii_case("BAD"));
        self.tally.done.replace(words.next().unwrap_or_default().to_owned());
        self.hand_over(format!("{tag} {status} x").as_bytes());
    }

    /// A line of a response, which may announce a literal.
    fn admit_data(&mut self, line: &[u8]) -> io::Result<()> {
        let opened = line.split(|byte| *byte == b'(').skip(1).count();
        self.parentheses = self.parentheses.saturating_add(opened);
        if self.parentheses > MAX_PARENTHESES {
            return Err(self.tally.refuse(format!("a response with more than {MAX_PARENTHESES} parentheses")));
        }
        let Some((before, length)) = announced(line) else {
            self.response.extend_from_slice(line);
            let response = std::mem::take(&mut self.response);
            if is_exists(&response) {
                self.hand_over(&response);
            }
            self.tally.responses.borrow_mut().push(response);
            (self.literals, self.parentheses) = (0, 0);
            return Ok(());
        };
        if length > MAX_PASSED || self.literals >= MAX_LITERALS {
            return Err(self.tally.refuse(format!("a literal of {length} bytes, or one of too many")));
        }
        self.literals = self.literals.saturating_add(1);
        self.literal = length.min(MAX_LITERAL);
        self.passed = length.saturating_sub(MAX_LITERAL);
        self.response.extend_from_slice(before);
        self.response.extend_from_slice(format!("{{{}}}\r\n", self.literal).as_bytes());
        Ok(())
    }

    /// Gives the crate a line, in ASCII.
    fn hand_over(&mut self, line: &[u8]) {
        self.checked.extend(line.iter().map(|byte| if byte.is_ascii() { *byte } else { b'?' }));
        self.checked.extend_from_slice(b"\r\n");
    }
}

/// Whether a response's text is free (RFC 3501 §7.1), so that it announces no literal.
fn is_status(line: &[u8]) -> bool {
    let word = line.get(2..).unwrap_or_default().split(|byte| *byte == b' ').next().unwrap_or_default();
    ["OK", "NO", "BAD", "BYE", "PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status.as_bytes()))
}

/// Whether a response tells how many mails there are, which ends a wait for mail.
fn is_exists(response: &[u8]) -> bool {
    let mut tokens = Lexemes::of(response);
    tokens.number().is_some() && tokens.next().is_some_and(|token| token.word() == "EXISTS")
}

/// The literal that a line announces at its end: what stands before it, and its length.
fn announced(line: &[u8]) -> Option<(&[u8], usize)> {
    let inside = line.strip_suffix(b"}")?;
    let open = inside.iter().rposition(|byte| *byte == b'{')?;
    let digits = inside.get(open.saturating_add(1)..)?;
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    // A number too large to be parsed announces a literal all the same, one that is too long.
    let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(usize::MAX);
    is_number.then_some((inside.get(..open)?, length))
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
