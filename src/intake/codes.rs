//! The codes that verification mails bring: kept while they are of use, read again when they are needed.

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

use crate::judge;
use crate::mail::Mail;
use crate::objection::{Code, ObjectionId, State};
use crate::signal::{FoundCode, Reading, Rules, Signal};
use crate::store::{KeptMail, MailId, Records, StoreError};

/// How long a code is taken to be good where its mail does not say.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Keeps the code that a verification mail brought.
pub fn keep_code(
    records: Records<'_>,
    objection: ObjectionId,
    mail: MailId,
    received_at: Timestamp,
    found: &FoundCode,
) -> Result<(), StoreError> {
    let FoundCode::One(digits, valid_for) = found else { return Ok(()) };
    let expires_at = received_at.saturating_add(valid_for.unwrap_or(CODE_LIFE)).unwrap_or(Timestamp::MAX);
    // One that is found only after it was entered elsewhere, or after the matter was decided, is of no more use.
    let is_used = records
        .objection(objection)?
        .is_some_and(|o| o.state.is_terminal() || (o.state >= State::Verified && received_at < o.state_at));
    let code = Code { received_at, expires_at, is_assumed: valid_for.is_none(), is_used };
    records.keep_code(objection, mail, digits, code)
}

/// Reads a kept mail once more, by the rules of today.
pub fn reread(raw: &[u8], rules: &Rules) -> Option<Reading> {
    Mail::parse(raw).ok().map(|mail| judge::read(&mail, rules))
}

/// Puts wiped codes back after the event that made them useless was undone.
pub fn restore_codes(records: Records<'_>, objection: ObjectionId, rules: &Rules) -> Result<(), StoreError> {
    for id in records.wiped_codes(objection)? {
        let Some(KeptMail { raw, .. }) = records.mail(id)? else { continue };
        if let Some(digits) = code_of(&raw, rules) {
            records.restore_code(id, &digits)?;
        }
    }
    Ok(())
}

/// The one code in a raw mail.
pub fn code_of(raw: &[u8], rules: &Rules) -> Option<SecretString> {
    match reread(raw, rules) {
        Some(Reading { signal: Signal::VerificationCode, code: FoundCode::One(digits, _), .. }) => Some(digits),
        _ => None,
    }
}
