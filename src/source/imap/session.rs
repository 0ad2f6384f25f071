//! A conversation with a server: logs in, gives commands, reads replies, waits for mail, logs out.

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
    /// Whether the server can tell of new mail by itself (IDLE, RFC 2177); `None` until we asked.
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

    /// Waits for new mail in the opened mailbox, for `patience` or for the limit of one read, whichever is shorter.
    /// Returns whether there is some. A server that can't tell by itself is asked when that time is over.
    pub fn wait(&mut self, patience: Duration) -> Result<bool, Error> {
        let patience = patience.min(self.site.clock.timeout);
        let imap = &mut self.imap;
        let has_idle = if let Some(known) = self.has_idle {
            known
        } else {
            // Asked again, because some servers tell only after the login what they can do.
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
        let (data, done_at) = self.site.attempt(what, || imap.run(command))?;
        Ok(Reply { what, data, done_at })
    }

    /// Hands each response of a reply to `read` and collects what that makes of them. A server may send any response at
    /// any time (RFC 3501 §7), so `read` ignores those that it does not expect; the crate's own methods fail or panic
    /// on some.
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
    /// Where its last line begins, which is the tagged one.
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
