//! The conversation with a server: log in, list, examine, search, fetch, log out.

use std::fmt::Write as _;
use std::time::Duration;

use imap::extensions::idle::WaitOutcome;
use imap::types::UnsolicitedResponse;
use imap_proto::{AttributeValue, MailboxDatum, MessageSection, NameAttribute, Response, ResponseCode, SectionPath};
use jiff::civil::Date;
use jiff::{Timestamp, fmt::strtime};

use super::connect::{Stream, check_greeting, connect};
use super::error::{Error, ErrorKind, Site};
use super::guard::Guard;
use super::mailbox::{Examined, Header, Listed, MAX_FROM, Uid, UidValidity};
use super::name::quoted;
use super::sasl::log_in;
use super::server::{Login, Security, Server};

/// So many mails are searched at once: 50,000 UIDs fill half of the longest line.
const WINDOW: u32 = 50_000;
/// ... or so many, where the server limits it (RFC 9738).
const SMALL_WINDOW: u32 = 1000;
/// More searches than this are not made in one mailbox.
const MAX_SEARCHES: u32 = 2000;

/// A session that is logged in.
pub struct Session {
    imap: imap::Session<Guard<Stream>>,
    site: Site,
    commands: u32,
    /// Whether the server tells of new mail by itself (IDLE, RFC 2177), once that was asked.
    has_idle: Option<bool>,
}

impl Session {
    /// Connects and logs in.
    ///
    /// # Errors
    /// `Unreachable`, `Login`, `Lost` or `Unreadable`, each with the host and the remedy.
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

    /// All mailboxes.
    ///
    /// # Errors
    /// The server's.
    pub fn mailboxes(&mut self) -> Result<Vec<Listed>, Error> {
        let reply = self.run("LIST", "LIST \"\" \"*\"")?;
        self.read("LIST", &reply, |response| match response {
            Response::MailboxData(MailboxDatum::List { name_attributes, name, .. }) => Some(Listed {
                is_selectable: !name_attributes.iter().any(is_unselectable),
                uses: name_attributes.iter().map(attribute).collect(),
                name: name.into_owned(),
            }),
            _ => None,
        })
    }

    /// Opens a mailbox for reading only.
    ///
    /// # Errors
    /// `Refused` where there is none, or it has no UIDs.
    pub fn examine(&mut self, name: &str) -> Result<Examined, Error> {
        let refuse = |what: &str| Error::new(ErrorKind::Refused, what, "leave it out of `mailboxes`");
        let quoted = quoted(name).ok_or_else(|| refuse("its name can't be sent to the server"))?;
        let reply = self.run("EXAMINE", &format!("EXAMINE {quoted}"))?;
        let (mut exists, mut uid_validity, mut uid_next) = (0, None, None);
        self.read("EXAMINE", &reply, |response| {
            match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => exists = count,
                Response::Data { code: Some(ResponseCode::UidValidity(value)), .. } => uid_validity = Some(value),
                Response::Data { code: Some(ResponseCode::UidNext(uid)), .. } => uid_next = Some(Uid(uid)),
                _ => {}
            }
            None::<()>
        })?;
        let uid_validity =
            uid_validity.ok_or_else(|| refuse("the server gives its mails no lasting numbers (UIDVALIDITY)"))?;
        Ok(Examined { exists, uid_validity: UidValidity(uid_validity), uid_next })
    }

    /// The UIDs of the mails that came on or after a day, in ascending order. `exists` is the number of mails there.
    ///
    /// # Errors
    /// The server's.
    pub fn search_since(&mut self, day: Date, exists: u32) -> Result<Vec<Uid>, Error> {
        let day = day.strftime("%-d-%b-%Y");
        let mut uids: Vec<Uid> = Vec::new();
        let (mut first, mut window) = (1_u32, WINDOW.min(exists));
        for _ in 0..MAX_SEARCHES {
            if first > exists {
                break;
            }
            let last = first.saturating_add(window).saturating_sub(1);
            // The server may have got more mail since: the last window is open.
            let range = if last >= exists { format!("{first}:*") } else { format!("{first}:{last}") };
            let query = if first == 1 && last >= exists { String::new() } else { format!("{range} ") };
            match self.search(&format!("UID SEARCH {query}SINCE {day}")) {
                // A server that limits searches cuts its answer, or refuses the whole.
                Ok((_, true)) if window > 1 => window = window.div_ceil(2),
                Err(error) if !error.is_dead() && window > SMALL_WINDOW => window = SMALL_WINDOW,
                result => {
                    uids.extend(result?.0);
                    first = last.saturating_add(1);
                }
            }
        }
        if first <= exists {
            let what = format!("`{}` cuts its answers too short to search {exists} mails", self.site.place);
            return Err(Error::new(ErrorKind::Refused, what, "move old mail to another mailbox"));
        }
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// One search; also whether the server cut its answer short (RFC 9738).
    fn search(&mut self, command: &str) -> Result<(Vec<Uid>, bool), Error> {
        let reply = self.run("SEARCH", command)?;
        let found = self.read("SEARCH", &reply, |response| match response {
            Response::MailboxData(MailboxDatum::Search(uids)) => Some(uids),
            _ => None,
        })?;
        let done = reply.data.get(reply.done_at..).unwrap_or_default();
        let is_cut = String::from_utf8_lossy(done).to_uppercase().contains("[MESSAGELIMIT");
        Ok((found.into_iter().flatten().map(Uid).collect(), is_cut))
    }

    /// Arrival, size and author of some mails. Those that are gone are left out.
    ///
    /// # Errors
    /// The server's.
    pub fn headers(&mut self, uids: &[Uid]) -> Result<Vec<Header>, Error> {
        let items = format!("(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM)]<0.{MAX_FROM}>)");
        let mut headers = self.fetch(uids, &items, |uid, attributes| {
            let mut header = Header { uid, received_at: None, size: 0, from: Vec::new() };
            let mut is_asked = false;
            for attribute in attributes {
                match attribute {
                    AttributeValue::InternalDate(date) => header.received_at = internal_date(&date),
                    AttributeValue::Rfc822Size(size) => header.size = size,
                    AttributeValue::BodySection {
                        section: Some(SectionPath::Full(MessageSection::Header)),
                        data,
                        ..
                    } => {
                        is_asked = true;
                        header.from = data.map(std::borrow::Cow::into_owned).unwrap_or_default();
                    }
                    _ => {}
                }
            }
            // Without the header it is a flag that changed meanwhile.
            is_asked.then_some(header)
        })?;
        headers.sort_by_key(|header| header.uid);
        headers.dedup_by_key(|header| header.uid);
        Ok(headers)
    }

    /// The first `limit` bytes of a mail, or `None` if it is gone.
    ///
    /// # Errors
    /// The server's.
    pub fn body(&mut self, uid: Uid, limit: u32) -> Result<Option<Vec<u8>>, Error> {
        let bodies = self.fetch(&[uid], &format!("(UID BODY.PEEK[]<0.{limit}>)"), |_, attributes| {
            attributes.into_iter().find_map(|attribute| match attribute {
                AttributeValue::BodySection { section: None, data: Some(body), .. } => Some(body.into_owned()),
                _ => None,
            })
        })?;
        Ok(bodies.into_iter().next())
    }

    /// Waits for new mail in the opened mailbox, no longer than `patience`, and no longer than one read may take. Returns
    /// whether the server told of some. One that can't tell by itself is asked in the end.
    ///
    /// # Errors
    /// The server's.
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
            let told = self.read("NOOP", &reply, |response| {
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
    #[must_use]
    pub fn logout(mut self) -> u32 {
        let _ = self.run("LOGOUT", "LOGOUT");
        self.commands
    }

    fn fetch<T>(
        &mut self,
        uids: &[Uid],
        items: &str,
        mut read: impl FnMut(Uid, Vec<AttributeValue<'_>>) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let reply = self.run("FETCH", &format!("UID FETCH {} {items}", sequence_set(uids)))?;
        self.read("FETCH", &reply, |response| {
            let Response::Fetch(_, attributes) = response else { return None };
            let uid =
                attributes.iter().find_map(|a| if let AttributeValue::Uid(uid) = a { Some(Uid(*uid)) } else { None });
            // Servers tell of other mails too, when their flags change.
            uid.filter(|uid| uids.contains(uid)).and_then(|uid| read(uid, attributes))
        })
    }

    /// Gives a command that is made of our own words only.
    fn run(&mut self, what: &str, command: &str) -> Result<Reply, Error> {
        self.commands = self.commands.saturating_add(1);
        let imap = &mut self.imap;
        let (data, done_at) = self.site.attempt(what, || imap.run(command))?;
        Ok(Reply { data, done_at })
    }

    /// Reads the responses of a reply, passing over those that do not matter: a server may say anything at any time
    /// (RFC 3501 §7). The crate's own methods fail on some of them, and panic on others.
    fn read<T>(
        &self,
        what: &str,
        reply: &Reply,
        mut read: impl FnMut(Response<'_>) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let mut rest = reply.data.get(..reply.done_at).unwrap_or_default();
        let mut values = Vec::new();
        self.site.attempt(what, || {
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

/// A whole reply, and where its last, tagged, line begins.
struct Reply {
    data: Vec<u8>,
    done_at: usize,
}

fn is_capability(capability: &imap_proto::Capability<'_>, name: &str) -> bool {
    match capability {
        imap_proto::Capability::Auth(mechanism) => {
            name.strip_prefix("AUTH=").is_some_and(|wanted| mechanism.eq_ignore_ascii_case(wanted))
        }
        imap_proto::Capability::Atom(atom) => atom.eq_ignore_ascii_case(name),
        imap_proto::Capability::Imap4rev1 => false,
    }
}

fn attribute(attribute: &NameAttribute<'_>) -> String {
    match attribute {
        NameAttribute::Extension(text) => text.to_string(),
        known => format!("\\{known:?}"),
    }
}

fn is_unselectable(attribute: &NameAttribute<'_>) -> bool {
    match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(text) => text.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    }
}

/// `1:3,7` for 1, 2, 3 and 7: never an open range, so that nothing else is asked for.
fn sequence_set(uids: &[Uid]) -> String {
    let mut set = String::new();
    for run in uids.chunk_by(|a, b| a.0.checked_add(1) == Some(b.0)) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let comma = if set.is_empty() { "" } else { "," };
        // Writing to a string does not fail.
        let _ = if first == last {
            write!(set, "{comma}{}", first.0)
        } else {
            write!(set, "{comma}{}:{}", first.0, last.0)
        };
    }
    set
}

/// `" 1-Nov-2026 12:00:00 +0100"` (RFC 3501 §9, date-time).
fn internal_date(text: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).and_then(|parts| parts.to_timestamp()).ok()
}
