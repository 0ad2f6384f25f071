//! Mails taken in together: DNS is asked for their keys, then all are judged and recorded in one transaction.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::{Intake, Letter, Taken};
use crate::config::CheckSettings;
use crate::net::dns::Dns;
use crate::signal::Rules;
use crate::store::{Kept, Place, Records, Store, StoreError};
use crate::trust::{Answer, Keys, Trusted, Witnesses};

/// What all mails of a run are judged by.
pub struct Basis<'a> {
    /// How mail is read.
    pub rules: &'a Rules,
    /// The time.
    pub now: Timestamp,
    /// For so long after a decision mail about it is looked for.
    pub after_decision: SignedDuration,
    /// Who is asked for DKIM keys: for each once a run. Locked only while it is asked.
    dns: Mutex<Dns>,
}

/// A mail as it came.
#[derive(Debug)]
pub struct Delivery {
    /// Where it was found.
    pub place: Place,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// When the account's server took it in; `None` for a mail from a file, for which nobody vouches.
    pub arrived_at: Option<Timestamp>,
    /// Since when it waits for DNS, if it was put back before.
    pub waits_since: Option<Timestamp>,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct TakenIn {
    /// The mails that were kept.
    pub mails: Vec<Kept>,
    /// Those that wait for DNS: their place in the batch, and why in words. Nothing was recorded of them.
    pub put_back: Vec<(usize, String)>,
    /// Whether a key could not be asked for, so that the batch may be judged otherwise another time.
    pub lacks_keys: bool,
}

impl<'a> Basis<'a> {
    /// Nothing is asked of DNS yet.
    pub fn new(rules: &'a Rules, now: Timestamp, dns: Dns) -> Self {
        let after_decision = CheckSettings::default().after_decision;
        Self { rules, now, after_decision, dns: Mutex::new(dns) }
    }

    /// Takes a batch in, all of it or nothing; `trusted` says whom to believe about the senders. `note` adds what is to be
    /// recorded in the same transaction, such as how far a mailbox was read.
    pub fn take_in(
        &self,
        store: &mut Store,
        trusted: &Trusted,
        batch: Vec<Delivery>,
        note: impl FnOnce(Records<'_>, &TakenIn) -> Result<(), StoreError>,
    ) -> Result<TakenIn, StoreError> {
        let letters = batch.into_iter().map(|mail| self.open(mail)).collect::<Vec<_>>();
        // Before the transaction, which must not wait for a network.
        let keys = self.ask(letters.iter().flatten().flat_map(|(letter, ..)| letter.key_names()));
        let witnesses = Witnesses { trusted, keys: keys.as_ref() };
        store.transaction(|records| {
            let mut recorded = TakenIn { lacks_keys: keys.as_ref().is_some_and(is_incomplete), ..TakenIn::default() };
            let mut intake = Intake::new(records, self)?;
            for (at, letter) in letters.iter().enumerate() {
                let Some((letter, place, waits_since)) = letter else { continue };
                match intake.take(letter, place, letter.verdict(&witnesses), *waits_since)? {
                    Taken::Nothing => {}
                    Taken::Kept(mail) => recorded.mails.push(*mail),
                    Taken::PutBack(why) => recorded.put_back.push((at, why)),
                }
            }
            note(records, &recorded)?;
            Ok(recorded)
        })
    }

    /// Opens a mail; `None` if it is none.
    fn open(&self, mail: Delivery) -> Option<(Letter, Place, Option<Timestamp>)> {
        let letter = Letter::open(mail.raw, mail.arrived_at, self.now, self.rules).ok()?;
        Some((letter, mail.place, mail.waits_since))
    }

    /// Whether signatures are verified at all.
    pub fn verifies(&self) -> bool {
        self.dns.lock().unwrap_or_else(PoisonError::into_inner).is_on()
    }

    /// What DNS says of some names; `None` where signatures are not to be verified.
    pub fn ask(&self, names: impl IntoIterator<Item = String>) -> Option<Keys> {
        self.dns.lock().unwrap_or_else(PoisonError::into_inner).ask(names)
    }
}

fn is_incomplete(keys: &Keys) -> bool {
    keys.answers().any(|answer| matches!(answer, Answer::Unreachable(_)))
}
