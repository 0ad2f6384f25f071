//! A scripted IMAP server in plain text on this machine, for what a real one won't do.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What the peer does instead of answering properly.
pub enum Answer {
    /// Sends these bytes; `TAG` stands for the command's tag.
    Bytes(Vec<u8>),
    /// Sends them and closes the connection.
    Last(Vec<u8>),
    /// Says nothing any more.
    Silence,
    /// Sends a byte now and then, for ever.
    Drip,
    /// Sends the bytes again and again, for ever.
    Flood(Vec<u8>),
}

impl Answer {
    pub fn text(text: &str) -> Self {
        Self::Bytes(text.replace('\n', "\r\n").into_bytes())
    }
}

/// Chooses another answer to a command than the proper one.
type Script = dyn Fn(&str) -> Option<Answer> + Send + Sync;

struct Mail {
    mailbox: String,
    uid: u32,
    at: Timestamp,
    raw: String,
}

/// A running peer.
pub struct Peer {
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    mails: Vec<Mail>,
    script: Mutex<Box<Script>>,
    /// How many more replies are given before the connection is cut.
    replies_left: AtomicUsize,
    commands: Mutex<Vec<String>>,
}

impl Peer {
    /// A peer with these mails: the mailbox, the moment of arrival, the mail.
    pub fn start(mails: &[(&str, &str, String)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mut inbox: Vec<Mail> = Vec::new();
        for (mailbox, at, raw) in mails {
            let uid = 1 + u32::try_from(inbox.iter().filter(|mail| mail.mailbox == *mailbox).count()).expect("few");
            let at = at.parse().expect("a time");
            inbox.push(Mail { mailbox: (*mailbox).to_owned(), uid, at, raw: raw.clone() });
        }
        let shared = Arc::new(Shared {
            mails: inbox,
            script: Mutex::new(Box::new(|_| None)),
            replies_left: AtomicUsize::new(usize::MAX),
            commands: Mutex::new(Vec::new()),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let serving = Arc::clone(&serving);
                thread::spawn(move || serving.serve(&socket));
            }
        });
        Self { port, shared }
    }

    /// From now on, answers as the script says, where it says anything. The greeting's command is empty.
    pub fn script(&self, script: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) {
        *self.shared.script.lock().expect("a lock") = Box::new(script);
    }

    /// From now on, gives so many replies and then cuts the connection.
    pub fn cut_after(&self, replies: usize) {
        self.shared.replies_left.store(replies, Ordering::SeqCst);
    }

    /// The commands since the last call.
    pub fn commands(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.commands.lock().expect("a lock"))
    }

    /// The lines of an account's configuration that lead here.
    pub fn account(&self, name: &str, email: &str) -> String {
        format!(
            "[accounts.{name}]\nemail = \"{email}\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plaintext\"\n\
             password_command = \"echo secret\"\nauthserv_ids = [\"mx.example.org\"]\ntimeout = \"500ms\"\n",
            self.port
        )
    }
}

impl Shared {
    fn serve(&self, socket: &TcpStream) {
        let mut lines = BufReader::new(socket).lines();
        let mut mailbox = String::new();
        if !self.reply(socket, "", "* OK ready\n", "*") {
            return;
        }
        while let Some(Ok(line)) = lines.next() {
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            self.commands.lock().expect("a lock").push(command.to_owned());
            if command.starts_with("AUTHENTICATE") {
                if !self.reply(socket, "AUTHENTICATE", "+ \n", tag) {
                    return;
                }
                let Some(Ok(response)) = lines.next() else { return };
                if !command.ends_with("PLAIN") {
                    self.commands.lock().expect("a lock").push(response);
                }
                if !self.reply(socket, "RESPONSE", "TAG OK welcome\n", tag) {
                    return;
                }
                continue;
            }
            if let Some(name) = command.strip_prefix("EXAMINE ") {
                name.trim_matches('"').clone_into(&mut mailbox);
            }
            if !self.reply(socket, command, &self.proper(command, &mailbox), tag) {
                return;
            }
        }
    }

    /// Whether the connection goes on.
    fn reply(&self, mut socket: &TcpStream, command: &str, proper: &str, tag: &str) -> bool {
        let is_spent = |left: usize| left.checked_sub(1);
        if self.replies_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_spent).is_err() {
            return false;
        }
        let scripted = (self.script.lock().expect("a lock"))(command);
        let mut send = |bytes: &[u8]| socket.write_all(bytes).is_ok();
        match scripted.unwrap_or_else(|| Answer::text(proper)) {
            Answer::Bytes(bytes) => send(&replace(&bytes, tag)),
            Answer::Last(bytes) => {
                send(&replace(&bytes, tag));
                let _ = socket.shutdown(std::net::Shutdown::Both);
                false
            }
            Answer::Silence => loop {
                thread::sleep(Duration::from_millis(50));
            },
            Answer::Drip => {
                while send(b"* ") {
                    thread::sleep(Duration::from_millis(50));
                }
                false
            }
            Answer::Flood(bytes) => {
                while send(&bytes) {}
                false
            }
        }
    }

    fn proper(&self, command: &str, mailbox: &str) -> String {
        let mails: Vec<&Mail> = self.mails.iter().filter(|mail| mail.mailbox == mailbox).collect();
        let words: Vec<&str> = command.split(' ').collect();
        let data = match words.as_slice() {
            ["CAPABILITY"] => "* CAPABILITY IMAP4rev1 AUTH=PLAIN\n".to_owned(),
            ["LIST", ..] => "* LIST () \"/\" INBOX\n* LIST (\\Junk) \"/\" Spam\n".to_owned(),
            ["EXAMINE", ..] => {
                let count = mails.len();
                format!("* {count} EXISTS\n* OK [UIDVALIDITY 7] x\n* OK [UIDNEXT {}] x\n", count + 1)
            }
            ["UID", "SEARCH", ..] => {
                let uids: Vec<String> = mails.iter().map(|mail| mail.uid.to_string()).collect();
                format!("* SEARCH {}\n", uids.join(" "))
            }
            ["UID", "FETCH", set, ..] => {
                let wanted = mails.iter().filter(|mail| is_in(mail.uid, set));
                wanted.map(|mail| mail.fetched(command.contains("HEADER.FIELDS"))).collect()
            }
            ["FETCH", set, "(UID)"] => {
                let is_last = *set == "*";
                let wanted = mails.iter().skip(if is_last { mails.len().saturating_sub(1) } else { 0 });
                wanted.map(|mail| format!("* {0} FETCH (UID {0})\n", mail.uid)).collect()
            }
            ["LOGOUT"] => "* BYE bye\n".to_owned(),
            _ => return "TAG BAD what?\n".to_owned(),
        };
        format!("{data}TAG OK done\n")
    }
}

impl Mail {
    fn fetched(&self, is_header: bool) -> String {
        let Self { uid, at, raw, .. } = self;
        if !is_header {
            let raw = raw.replace("\r\n", "\n");
            return format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{}}}\n{raw})\n", raw.replace('\n', "\r\n").len());
        }
        let from = raw.lines().find(|line| line.starts_with("From:")).unwrap_or_default();
        let date = at.to_zoned_datetime(TimeZone::UTC).strftime("%d-%b-%Y %H:%M:%S +0000");
        let (size, length) = (raw.len(), from.len() + 4);
        format!(
            "* {uid} FETCH (UID {uid} INTERNALDATE \"{date}\" RFC822.SIZE {size} \
             BODY[HEADER.FIELDS (FROM)]<0> {{{length}}}\n{from}\n\n)\n"
        )
    }
}

fn is_in(uid: u32, set: &str) -> bool {
    set.split(',').any(|range| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        (first.parse().expect("a UID")..=last.parse().expect("a UID")).contains(&uid)
    })
}

fn replace(bytes: &[u8], tag: &str) -> Vec<u8> {
    let mut rest = bytes;
    let mut out = Vec::new();
    while let Some(at) = rest.windows(3).position(|window| window == b"TAG") {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(tag.as_bytes());
        rest = &rest[at + 3..];
    }
    out.extend_from_slice(rest);
    out
}
