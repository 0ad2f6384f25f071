//! A conversation with a server: logs in, gives commands, reads replies, waits for mail, logs out.

use std::time::Duration;

use imap::extensions::idle::WaitOutcome;
use imap::types::UnsolicitedResponse;

use super::connect::{Stream, check_greeting, connect};
use super::error::Error;
use super::guard::Guard;
use super::lexeme::Lexemes;
use super::sasl::log_in;
use super::server::{Login, Security, Server};
use super::site::Site;

/// A session that is logged in.
pub struct Session {
    imap: imap::Session<Guard<Stream>>,
    pub(super) site: Site,
    commands: u32,
    /// Whether the server can tell of new mail by itself (IDLE, RFC 2177); `None` until we asked.
    has_idle: Option<bool>,
    /// Whether the server was told which program we are.
    pub(super) is_introduced: bool,
    /// Whether the server tells special uses to those who ask (RFC 6154).
    pub(super) has_special_use: bool,
}

impl Session {
    /// Connects and logs in.
    pub fn open(server: &Server, login: &Login) -> Result<Self, Error> {
        let site = Site::new(server, login);
        let mut client = imap::Client::new(connect(server, &site)?);
        if server.security == Security::StartTls {
            client.greeting_read = true;
        } else {
            let greeting = site.attempt("the connection", || client.read_greeting())?;
            check_greeting(&site, &greeting)?;
        }
        site.attempt("CAPABILITY", || client.capabilities())?;
        let capabilities = capabilities(&site);
        let has = |name: &str| capabilities.iter().any(|capability| capability == name);
        let imap = log_in(client, &site, server, login, has)?;
        // Many servers tell only with the login what they can do.
        let has_special_use = has("SPECIAL-USE") || site.tally.done().to_uppercase().contains(" SPECIAL-USE");
        Ok(Self { has_special_use, imap, site, commands: 0, has_idle: None, is_introduced: false })
    }

    /// Waits for new mail in the opened mailbox, for `patience` or for the limit of one read, whichever is shorter.
    /// Returns whether there is some. A server that can't tell by itself is asked when that time is over.
    pub fn wait(&mut self, patience: Duration) -> Result<bool, Error> {
        let patience = patience.min(self.site.clock.timeout);
        let imap = &mut self.imap;
        let has_idle = if let Some(known) = self.has_idle {
            known
        } else {
            // Asked again, because some servers tell only after the login what they can do.
            self.site.attempt("CAPABILITY", || imap.capabilities())?;
            *self.has_idle.insert(capabilities(&self.site).iter().any(|capability| capability == "IDLE"))
        };
        if !has_idle {
            std::thread::sleep(patience);
            return Ok(self.run("NOOP", "NOOP")?.count().is_some());
        }
        self.commands = self.commands.saturating_add(1);
        let outcome = self.site.attempt("IDLE", || {
            let mut idle = imap.idle();
            idle.timeout(patience).keepalive(false);
            idle.wait_while(|said| !matches!(said, UnsolicitedResponse::Exists(_)))
        })?;
        Ok(outcome == WaitOutcome::MailboxChanged)
    }

    /// Logs out, whether or not the server answers. Returns how many commands were given since the login, this one
    /// included.
    pub fn logout(mut self) -> u32 {
        let _ = self.run("LOGOUT", "LOGOUT");
        self.commands
    }

    /// Gives a command. It must not contain text from outside that is not quoted.
    pub(super) fn run(&mut self, what: &'static str, command: &str) -> Result<Reply, Error> {
        self.commands = self.commands.saturating_add(1);
        let imap = &mut self.imap;
        self.site.attempt(what, || imap.run(command))?;
        Ok(Reply { responses: self.site.tally.responses(), done: self.site.tally.done() })
    }
}

/// A whole reply. A server may send any response at any time (RFC 3501 §7), so whoever reads it passes over those that
/// it does not expect.
pub(super) struct Reply {
    /// Its responses.
    pub responses: Vec<Vec<u8>>,
    /// What its last line says of what became of the command.
    pub done: String,
}

impl Reply {
    /// How many mails there are, if it tells.
    pub fn count(&self) -> Option<u32> {
        self.responses.iter().rev().find_map(|response| {
            let mut tokens = Lexemes::of(response);
            let count = tokens.number()?;
            (tokens.next()?.word() == "EXISTS").then_some(count)
        })
    }

    /// The number that a status response gives for a code: 7 for `[UIDVALIDITY 7]`.
    pub fn code(&self, name: &str) -> Option<u32> {
        let texts = self.responses.iter().map(|response| String::from_utf8_lossy(response).to_uppercase());
        texts.rev().find_map(|text| {
            let (_, after) = text.split_once(&format!("[{name} "))?;
            after.split(']').next()?.trim().parse().ok()
        })
    }
}

/// What the server can do, in capitals, as it just said.
fn capabilities(site: &Site) -> Vec<String> {
    let responses = site.tally.responses();
    let lists = responses.iter().map(|response| Lexemes::of(response).words());
    lists.filter(|words| words.first().is_some_and(|word| word == "CAPABILITY")).flatten().collect()
}
