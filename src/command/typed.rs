//! What people type to name a thing: an objection's number, a mail address.

use super::Failure;
use crate::fault::Fault;
use crate::mail::Address;
use crate::objection::{Objection, ObjectionId};
use crate::store::Records;

/// Parses a number of an objection or a mail.
pub fn number(text: &str) -> Result<i64, Fault> {
    let remedy = "`tracker list` shows those of objections, `tracker held` those of mails";
    text.parse().map_err(|_| Fault::new("not a number").remedy(remedy))
}

/// Looks up an objection by its number.
pub fn find(records: Records<'_>, id: i64) -> Result<Objection, Failure> {
    let none = || Failure::refused(format!("no objection {id}")).remedy("`tracker list` shows those there are");
    records.objection(ObjectionId(id))?.ok_or_else(none)
}

pub fn address(text: &str) -> Result<Address, Failure> {
    Address::parse(text)
        .ok_or_else(|| Failure::usage(format!("`{text}` is not a mail address")).remedy("write it as name@domain"))
}

/// The longest reason that is kept, in characters.
const MAX_REASON: usize = 20_000;

/// A reason for an objection, which must not be longer than what is kept.
pub fn reason(text: String) -> Result<String, Failure> {
    if text.chars().count() > MAX_REASON {
        return Err(Failure::usage(format!("the reason is longer than {MAX_REASON} characters")).remedy("shorten it"));
    }
    Ok(text)
}
