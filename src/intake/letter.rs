//! A mail that is opened once: parsed, its signatures read, and what its verdict needs known.

use jiff::Timestamp;

use crate::judge::{self, Finding, Judgement, Reason, judge};
use crate::mail::{self, Mail, Unreadable};
use crate::objection::Objection;
use crate::signal::Rules;
use crate::trust::{Claim, MAX_LAG, Proof, Signatures, Verdict, Witnesses};

/// An opened mail.
#[derive(Debug)]
pub struct Letter {
    /// What was read out of it.
    pub mail: Mail,
    /// Its bytes; of a mail that is too large, its header's.
    pub raw: Vec<u8>,
    /// When it reached its reader: as its account's server says, else as it says itself, else the present.
    pub received_at: Timestamp,
    signatures: Signatures,
    /// What kept it from being read.
    obstacle: Option<Reason>,
    /// Whether it is, or poses as, the controller's.
    is_claimed: bool,
}

impl Letter {
    /// Opens a mail; `arrived_at` is what its account's server says, if it came from one.
    ///
    /// # Errors
    /// Bytes without a header are no mail.
    pub fn open(
        mut raw: Vec<u8>,
        arrived_at: Option<Timestamp>,
        now: Timestamp,
        rules: &Rules,
    ) -> Result<Self, Unreadable> {
        let mut obstacle = None;
        if raw.len() > mail::MAX_SIZE {
            raw.truncate(mail::header_block(&raw).len());
            obstacle = Some(Reason::TooLarge);
        }
        let mail = match Mail::parse(&raw) {
            Ok(mail) => mail,
            Err(Unreadable::NoHeader) => return Err(Unreadable::NoHeader),
            Err(Unreadable::Unparsable) => {
                obstacle = obstacle.or(Some(Reason::Unreadable));
                Mail::unreadable(&raw)
            }
        };
        let is_claimed = judge::is_claimed(&mail, rules);
        let arrived_at = arrived_at.filter(|at| at.duration_since(now) < MAX_LAG);
        let seen_at = arrived_at.unwrap_or(now);
        let claim = Claim { mail: &mail, raw: &raw, seen_at, now, is_controllers: is_claimed };
        let signatures = Signatures::read(&claim);
        let received_at = arrived_at.or_else(|| mail.arrived_at()).unwrap_or(now);
        Ok(Self { mail, raw, received_at, signatures, obstacle, is_claimed })
    }

    /// The names under which the keys stand that its verdict needs.
    pub fn key_names(&self) -> Vec<String> {
        // What was not read to its end can't be verified.
        if self.obstacle.is_some() { Vec::new() } else { self.signatures.key_names().map(str::to_owned).collect() }
    }

    /// Who really sent it.
    pub fn verdict(&self, witnesses: &Witnesses<'_>) -> Verdict {
        if self.obstacle == Some(Reason::Unreadable) {
            return Verdict::new(
                Proof::Unverified,
                "it can't be read, so nothing can be said of its sender".to_owned(),
            );
        }
        let keys = witnesses.keys.filter(|_| self.obstacle.is_none());
        self.signatures.verdict(&self.mail, &Witnesses { keys, ..*witnesses })
    }

    /// What is to be done about it.
    pub fn judge(&self, verdict: Verdict, rules: &Rules, objections: &[Objection]) -> Judgement {
        let mut judgement = judge(&self.mail, self.received_at, verdict, rules, objections);
        if let Some(obstacle) = self.obstacle.filter(|_| self.is_claimed) {
            judgement.finding = Finding::Held(obstacle);
        }
        judgement
    }
}
