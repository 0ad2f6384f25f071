//! The conversation with a server: logging in, giving commands and reading replies, waiting, logging out.

use std::time::Duration;

use imap::extensions::idle::WaitOutcome;
use imap::types::UnsolicitedResponse;
use imap_proto::{Capability, MailboxDatum, Response};

use super::connect::{Stream, check_greeting, connect};
use super::error::Error;
use super::guard::Guard;
use super::sasl::log_in;
use super::server::{Login, Security, Server};
use super::site::Site;

/// A session that is logged in.
pub struct Session {
    imap: imap::Session<Guard<Stream>>,
    pub(super) site: Site,
    commands: u32,
    /// Whether the server tells of new mail by itself (IDLE, RFC 2177), once that was asked.
    has_idle: Option<bool>,
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
        let capabilities = site.attempt("CAPABILITY", || client.capabilities())?;
        let has = |name: &str| capabilities.iter().any(|c| is_capability(c, name));
        let imap = log_in(client, &site, server, login, has)?;
        Ok(Self { imap, site, commands: 0, has_idle: None })
    }

    /// Waits for new mail in the opened mailbox, no longer than `patience`, and no longer than one read may take. Returns
    /// whether the server told of some. One that can't tell by itself is asked in the end.
    pub fn wait(&mut self, patience: Duration) -> Result<bool, Error> {
        let patience = patience.min(self.site.clock.timeout);
        let imap = &mut self.imap;
        let has_idle = if let Some(known) = self.has_idle {
            known
        } else {
            // Some servers tell only after the login what they can do.
            let capabilities = self.site.attempt("CAPABILITY", || imap.capabilities())?;
            *self.has_idle.insert(capabilities.iter().any(|c| is_capability(c, "IDLE")))
        };
        if !has_idle {
            std::thread::sleep(patience);
            let reply = self.run("NOOP", "NOOP")?;
            let told = self.read(&reply, |response| {
                matches!(response, Response::MailboxData(MailboxDatum::Exists(_))).then_some(())
            })?;
            return Ok(!told.is_empty());
        }
        self.commands = self.commands.saturating_add(1);
        let outcome = self.site.attempt("IDLE", || {
            let mut idle = imap.idle();
            idle.timeout(patience).keepalive(false);
            idle.wait_while(|said| !matches!(said, UnsolicitedResponse::Exists(_)))
        })?;
        Ok(outcome == WaitOutcome::MailboxChanged)
    }

    /// Says goodbye; whether the server answers does not matter any more. Returns how many commands were given since
    /// the login, this one included.
    pub fn logout(mut self) -> u32 {
        let _ = self.run("LOGOUT", "LOGOUT");
        self.commands
    }

    /// Gives a command that is made of our own words only.
    pub(super) fn run(&mut self, what: &'static str, command: &str) -> Result<Reply, Error> {
        self.commands = self.commands.saturating_add(1);
        let imap = &mut self.imap;
        let (data, done_at) = self.site.attempt(what, || imap.run(command))?;
        Ok(Reply { what, data, done_at })
    }

    /// Reads the responses of a reply, passing over those that do not matter: a server may say anything at any time
    /// (RFC 3501 §7). The crate's own methods fail on some of them, and panic on others.
    pub(super) fn read<T>(
        &self,
        reply: &Reply,
        mut read: impl FnMut(Response<'_>) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let mut rest = reply.data.get(..reply.done_at).unwrap_or_default();
        let mut values = Vec::new();
        self.site.attempt(reply.what, || {
            while !rest.is_empty() {
                let (tail, response) = imap_proto::parser::parse_response(rest)
                    .map_err(|_| imap::Error::Parse(imap::error::ParseError::Invalid(Vec::new())))?;
                values.extend(read(response));
                rest = tail;
            }
            Ok(())
        })?;
        Ok(values)
    }
}

/// A whole reply.
pub(super) struct Reply {
    /// The command, in a word.
    what: &'static str,
    data: Vec<u8>,
    /// Where its last, tagged, line begins.
    done_at: usize,
}

impl Reply {
    /// Its last line, which says what became of the command.
    pub fn done(&self) -> String {
        String::from_utf8_lossy(self.data.get(self.done_at..).unwrap_or_default()).into_owned()
    }
}

fn is_capability(capability: &Capability<'_>, name: &str) -> bool {
    match capability {
        Capability::Auth(mechanism) => {
            name.strip_prefix("AUTH=").is_some_and(|wanted| mechanism.eq_ignore_ascii_case(wanted))
        }
        Capability::Atom(atom) => atom.eq_ignore_ascii_case(name),
        Capability::Imap4rev1 => false,
    }
}
