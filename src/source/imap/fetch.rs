//! Fetches mails: arrival, size and author of many, the body of one.

use std::borrow::Cow;
use std::fmt::Write as _;

use imap_proto::{AttributeValue, MessageSection, Response, SectionPath};
use jiff::{Timestamp, fmt::strtime};

use super::error::Error;
use super::mailbox::{FetchedHeader, MAX_FROM, Uid};
use super::session::Session;
use crate::mail::relay;

impl Session {
    /// Arrival, size and author of some mails. Those that are gone are left out.
    pub fn headers(&mut self, uids: &[Uid]) -> Result<Vec<FetchedHeader>, Error> {
        // One section: Yahoo answers `NO` to two (facts §1.6).
        let fields: Vec<&str> = ["FROM"].into_iter().chain(relay::fields()).collect();
        let fields = fields.join(" ");
        let items = format!("(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({fields})]<0.{MAX_FROM}>)");
        let mut headers = self.fetch(uids, &items, |uid, attributes| {
            let mut header = FetchedHeader { uid, received_at: None, size: 0, from: Vec::new() };
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
                        header.from = data.map(Cow::into_owned).unwrap_or_default();
                    }
                    _ => {}
                }
            }
            // A response without the header is no answer to us: the server tells of a changed flag.
            is_asked.then_some(header)
        })?;
        headers.sort_by_key(|header| header.uid);
        headers.dedup_by_key(|header| header.uid);
        Ok(headers)
    }

    /// The first `limit` bytes of a mail, or `None` if it is gone.
    pub fn body(&mut self, uid: Uid, limit: u32) -> Result<Option<Vec<u8>>, Error> {
        let bodies = self.fetch(&[uid], &format!("(UID BODY.PEEK[]<0.{limit}>)"), |_, attributes| {
            attributes.into_iter().find_map(|attribute| match attribute {
                AttributeValue::BodySection { section: None, data: Some(body), .. } => Some(body.into_owned()),
                _ => None,
            })
        })?;
        Ok(bodies.into_iter().next())
    }

    fn fetch<T>(
        &mut self,
        uids: &[Uid],
        items: &str,
        mut read: impl FnMut(Uid, Vec<AttributeValue<'_>>) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let reply = self.run("FETCH", &format!("UID FETCH {} {items}", sequence_set(uids)))?;
        self.read(&reply, |response| {
            let Response::Fetch(_, attributes) = response else { return None };
            let uid =
                attributes.iter().find_map(|a| if let AttributeValue::Uid(uid) = a { Some(Uid(*uid)) } else { None });
            // Servers tell of other mails too when their flags change.
            uid.filter(|uid| uids.contains(uid)).and_then(|uid| read(uid, attributes))
        })
    }
}

/// `1:3,7` for 1, 2, 3 and 7. Never an open range (`7:*`), which would ask for mail that came since.
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
