//! Fetches mails: arrival, size and author of many, the body of one.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::{Timestamp, fmt::strtime};

use super::error::Error;
use super::lexeme::{Lexeme, Lexemes, number};
use super::mailbox::{FetchedHeader, MAX_FROM, Uid};
use super::session::Session;
use crate::mail::relay;

/// What a server gives of a mail: names in capitals, and values.
type Items<'a> = Vec<(String, Option<Cow<'a, [u8]>>)>;

impl Session {
    /// Arrival, size and author of some mails. Those of which the server gives nothing are left out.
    pub fn headers(&mut self, uids: &[Uid]) -> Result<Vec<FetchedHeader>, Error> {
        // One section: Yahoo answers `NO` to two (facts §1.6).
        let fields: Vec<&str> = ["FROM"].into_iter().chain(relay::fields()).collect();
        let fields = fields.join(" ");
        let items = format!("(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({fields})]<0.{MAX_FROM}>)");
        let mut headers = self.fetch(uids, &items, |uid, mut items| {
            // A response without the header is no answer to us: the server tells of a changed flag.
            let from = items.iter_mut().find(|(name, _)| name.starts_with("BODY[HEADER"))?.1.take();
            let value = |name: &str| items.iter().find(|item| item.0 == name).and_then(|item| item.1.as_deref());
            Some(FetchedHeader {
                uid,
                received_at: value("INTERNALDATE").and_then(internal_date),
                size: value("RFC822.SIZE").and_then(number).unwrap_or(0),
                from: from.map(Cow::into_owned).unwrap_or_default(),
            })
        })?;
        headers.sort_by_key(|header| header.uid);
        headers.dedup_by_key(|header| header.uid);
        Ok(headers)
    }

    /// The first `limit` bytes of a mail, or `None` if it is gone.
    pub fn body(&mut self, uid: Uid, limit: u32) -> Result<Option<Vec<u8>>, Error> {
        let bodies = self.fetch(&[uid], &format!("(UID BODY.PEEK[]<0.{limit}>)"), |_, items| {
            let body = items.into_iter().find(|(name, _)| name.starts_with("BODY[]"))?.1?;
            Some(body.into_owned())
        })?;
        Ok(bodies.into_iter().next())
    }

    /// The UIDs alone.
    pub(super) fn numbers(&mut self, command: &str) -> Result<Vec<Uid>, Error> {
        let reply = self.run("FETCH", command)?;
        Ok(reply.responses.iter().filter_map(|response| uid(&items(response)?)).collect())
    }

    fn fetch<T>(
        &mut self,
        uids: &[Uid],
        what: &str,
        mut read: impl FnMut(Uid, Items<'_>) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let reply = self.run("FETCH", &format!("UID FETCH {} {what}", sequence_set(uids)))?;
        let wanted = reply.responses.iter().filter_map(|response| {
            let items = items(response)?;
            // Servers tell of other mails too when their flags change.
            let uid = uid(&items).filter(|uid| uids.contains(uid))?;
            read(uid, items)
        });
        Ok(wanted.collect())
    }
}

/// What a response to FETCH gives; `None` for any other response.
fn items(response: &[u8]) -> Option<Items<'_>> {
    let mut tokens = Lexemes::of(response);
    tokens.number()?;
    if tokens.next()?.word() != "FETCH" || tokens.next()? != Lexeme::Open {
        return None;
    }
    let mut items = Items::new();
    while let Some(name) = tokens.next().filter(|token| *token != Lexeme::Close) {
        let value = tokens.next()?;
        if value == Lexeme::Open {
            tokens.skip_list();
        } else {
            items.push((name.word(), value.value()));
        }
    }
    Some(items)
}

fn uid(items: &Items<'_>) -> Option<Uid> {
    items.iter().find(|(name, _)| name == "UID").and_then(|item| number(item.1.as_deref()?)).map(Uid)
}

/// `1:3,7` for 1, 2, 3 and 7. Never an open range (`7:*`), which would ask for mail that came since.
pub(super) fn sequence_set(uids: &[Uid]) -> String {
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

/// `" 1-Nov-2026 12:00:00 +0100"` (RFC 3501 §9, date-time). What no server of today can have written, such as 1970, is
/// none.
fn internal_date(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let date = strtime::parse("%d-%b-%Y %H:%M:%S %z", text).and_then(|parts| parts.to_timestamp()).ok()?;
    (EARLIEST..LATEST).contains(&date.as_second()).then_some(date)
}

/// 2000 and 2090, in seconds since 1970.
const EARLIEST: i64 = 946_684_800;
const LATEST: i64 = 3_786_912_000;
