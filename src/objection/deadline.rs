//! placeholder until the law branch lands
use jiff::{Timestamp, civil::Date};
/// x
#[must_use] pub fn due_on(received: Date, _c: Option<&str>) -> Date { received }
/// x
#[must_use] pub fn extended_due_on(received: Date, _c: Option<&str>) -> Date { received }
/// x
#[must_use] pub fn received_on(_at: Timestamp, _c: Option<&str>) -> Date { Date::MIN }
