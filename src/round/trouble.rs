//! What went wrong in a round beside what it brought, by whose it is to mend.

use crate::fault::Fault;

/// What went wrong in a round; the rest of it went on.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// What was handed over holds no mail.
    NoMail(Fault),
    /// Wrong usage or configuration.
    Mistake(Fault),
    /// An outside thing failed for now.
    Outage(Fault),
}

/// A fault from the text in which `check` and `source` still say it: its remedy stands after the last `; `.
pub(super) fn fault(text: &str) -> Fault {
    match text.rsplit_once("; ") {
        Some((what, remedy)) => Fault::new(what).remedy(remedy),
        None => Fault::new(text),
    }
}
