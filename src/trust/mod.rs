//! Who really sent a mail: the verdict that must come before any of its words count.
//!
//! Two witnesses are heard: the mail's own DKIM signatures, verified with keys that are handed in, and what the
//! account's provider saw (Authentication-Results). One proof is enough where the other has nothing to say; where they
//! contradict each other nothing is proven. Fails closed: what is not proven is not authentic.

mod alignment;
mod authres;
mod border;
mod canonical;
mod dkim;
pub mod key;
mod rewritten;
mod server;
mod signature;
mod tags;
mod verdict;

pub use alignment::is_aligned;
pub use authres::{AuthRes, MethodResult};
pub use border::Trusted;
pub use key::{Answer, Keys};
pub use rewritten::is_rewritten;
pub use verdict::{Proof, Verdict};

use jiff::{SignedDuration, Timestamp};

use crate::mail::relay::Relayed;
use crate::mail::{Address, Mail};
use dkim::{ExaminedSignature, Worth};
use server::Testimony;
use signature::CLOCK;

/// What is said of mail that is put back because it arrived, as its server says, when this machine's clock does not stand
/// yet.
pub const CLOCK_LAGS: &str = "this machine's clock is behind the mail server's";
/// A server whose clock is further ahead than this tells nothing about ours.
pub const MAX_LAG: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Who can bear witness about the mails of an account.
#[derive(Debug, Clone, Copy)]
pub struct Witnesses<'a> {
    /// The provider's servers.
    pub trusted: &'a Trusted,
    /// The keys for DKIM signatures; `None` where they are not verified.
    pub keys: Option<&'a Keys>,
}

/// A mail whose sender is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The mail.
    pub mail: &'a Mail,
    /// Its bytes, all of them.
    pub raw: &'a [u8],
    /// When the account's server took it in; the present for a mail from a file, for which nobody vouches.
    pub seen_at: Timestamp,
    /// The present.
    pub now: Timestamp,
    /// Whether its author's domain is the controller's.
    pub is_controllers: bool,
}

/// A mail's signatures, read as far as that goes without keys: first half of the way to a verdict.
#[derive(Debug)]
pub struct Signatures {
    /// The author that they must prove; or why nothing can.
    author: Result<Address, (Proof, String)>,
    signed: Vec<dkim::Signed>,
    now: Timestamp,
    /// Whether our clock is behind the server's, so that the mail can't be judged by it.
    is_early: bool,
}

impl Signatures {
    /// Reads the signatures of a mail whose sender is asked for.
    pub fn read(claim: &Claim<'_>) -> Self {
        let author = plausible(claim);
        let signed = match &author {
            Ok(author) => dkim::read(claim.mail, claim.raw, author.domain(), claim.seen_at),
            Err(_) => Vec::new(),
        };
        Self { author: author.cloned(), signed, now: claim.now, is_early: is_early(claim) }
    }

    /// The names under which the keys stand that the verdict needs.
    pub fn key_names(&self) -> impl Iterator<Item = &str> {
        self.signed.iter().filter_map(dkim::Signed::key_name)
    }

    /// Judges the sender of the mail that they were read from.
    pub fn verdict(&self, mail: &Mail, witnesses: &Witnesses<'_>) -> Verdict {
        let author = match &self.author {
            Ok(author) => author,
            Err((result, reason)) => {
                let unreachable = self.is_early.then(|| CLOCK_LAGS.to_owned());
                return Verdict { unreachable, ..Verdict::new(*result, reason.clone()) };
            }
        };
        let (testimony, lines) = server::hear(mail, author, witnesses.trusted);
        let examined: Option<Vec<ExaminedSignature>> =
            witnesses.keys.map(|keys| self.signed.iter().map(|signed| signed.examine(keys)).collect());
        let chain = chain(examined.as_deref(), lines);
        let verdict =
            weigh(examined.as_deref().unwrap_or_default(), &testimony, author, self.now, witnesses.trusted.rewrites);
        let is_kept = !mail.is_encrypted || verdict.result == Proof::Authentic;
        if is_kept {
            return Verdict { chain, ..verdict };
        }
        // A provider that encrypts the mailbox breaks the signature: that is no sign of a forgery.
        let is_denied = matches!(testimony, Testimony::Denies(_));
        let result = if is_denied { verdict.result } else { Proof::Unverified };
        Verdict { chain, result, reason: format!("{}; the mail is encrypted", verdict.reason), ..verdict }
    }
}

/// Whether a mail that could be the controller's arrived when our clock does not stand yet. One that is dated later than
/// it arrived has itself to blame.
fn is_early(claim: &Claim<'_>) -> bool {
    let after = |at: Timestamp| at.saturating_add(CLOCK).unwrap_or(at);
    let is_sound = claim.mail.author.is_ok() && claim.mail.form_fault.is_none() && claim.is_controllers;
    is_sound && claim.seen_at > after(claim.now) && claim.mail.date.is_some_and(|date| date <= after(claim.seen_at))
}

/// The author, if the mail is not built to deceive and could be the controller's.
fn plausible<'a>(claim: &Claim<'a>) -> Result<&'a Address, (Proof, String)> {
    let mail = claim.mail;
    let author = mail.author.as_ref().map_err(|fault| (Proof::Failed, format!("{fault}, as no genuine mail has")))?;
    if let (false, Some(Relayed { relay, sender })) = (claim.is_controllers, &mail.relayed) {
        let reason =
            format!("{relay} sent it on and names {sender} as its sender, which nothing proves behind a relay");
        return Err((Proof::Unverified, reason));
    }
    if !claim.is_controllers {
        return Err((Proof::Unverified, format!("`{}` is no domain of the controller", author.domain())));
    }
    if let Some(fault) = &mail.form_fault {
        return Err((Proof::Failed, format!("{fault}, as no genuine mail has")));
    }
    let latest = claim.now.saturating_add(CLOCK).unwrap_or(claim.now);
    let unverified = |why: &str| Err((Proof::Unverified, format!("claims to be {}, and {why}", author.domain())));
    match mail.date {
        None => unverified("does not say when it was written"),
        Some(date) if date > latest || claim.seen_at > latest => unverified("is dated in the future"),
        Some(_) => Ok(author),
    }
}

/// What both witnesses come to.
fn weigh(
    examined: &[ExaminedSignature],
    testimony: &Testimony,
    author: &Address,
    now: Timestamp,
    rewrites: bool,
) -> Verdict {
    let domain = author.domain();
    let first = |wanted: fn(&Worth) -> bool| examined.iter().find(|e| wanted(&e.worth));
    let passed = first(|o| matches!(o, Worth::Passed(_)));
    let unreached = first(|o| matches!(o, Worth::Unreachable(_) | Worth::Unasked));
    let refused = first(|o| matches!(o, Worth::Refused(_)));
    let broken = first(|o| matches!(o, Worth::Broken(_))).or_else(|| first(|o| *o == Worth::Altered));
    let unproven = |result, reason: String| Verdict::new(result, format!("claims to be {domain}, but {reason}"));
    match (passed, unreached, refused.or(broken), testimony) {
        (Some(signature), _, _, Testimony::Denies(reason)) => {
            Verdict::new(Proof::Unverified, format!("{reason}, though the DKIM {} is right", named(signature)))
        }
        (Some(signature), ..) => by_signature(signature, now),
        (None, Some(signature), ..) => unreachable_key(why(signature), domain),
        (None, None, Some(signature), Testimony::Proves { reason, .. })
            if !(rewrites && signature.worth == Worth::Altered) =>
        {
            unproven(Proof::Unverified, format!("{}; though {reason}", discounted(signature)))
        }
        (.., Testimony::Proves { domain, selector, method, reason }) => {
            Verdict { method: Some(method.clone()), ..proven(domain, selector.clone(), now, reason.clone()) }
        }
        (.., Testimony::Denies(reason)) => Verdict::new(Proof::Failed, reason.clone()),
        (.., Some(e), Testimony::Silent(_)) => {
            let result = if refused.is_none() { Proof::Failed } else { Proof::Unverified };
            unproven(result, format!("{} does not count: {}", named(e), why(e)))
        }
        (.., None, Testimony::Silent(reason)) => {
            let note = first(|o| matches!(o, Worth::Gone(_))).map(untold).unwrap_or_default();
            Verdict::new(Proof::Unverified, format!("{reason}{note}"))
        }
    }
}

fn unreachable_key(why: String, domain: &str) -> Verdict {
    let reason = format!("claims to be {domain}, but DNS could not be reached to verify its signature: {why}");
    Verdict { unreachable: Some(why), ..Verdict::new(Proof::Unverified, reason) }
}

/// Why a signature does not count beside a server that proves the author: one that does not fit was right when it came.
fn discounted(signature: &ExaminedSignature) -> String {
    let is_refused = matches!(signature.worth, Worth::Refused(_));
    let changed = if is_refused { "" } else { "it was changed after delivery: " };
    format!("{changed}{} does not count, {}", named(signature), why(signature))
}

/// What is added about a signature whose key is gone.
fn untold(signature: &ExaminedSignature) -> String {
    format!("; {} tells nothing: {}", named(signature), why(signature))
}

fn by_signature(signature: &ExaminedSignature, now: Timestamp) -> Verdict {
    let weak = Some(why(signature)).filter(|kind| kind.starts_with("weak")).map(|kind| format!(", {kind}"));
    let day = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let reason = format!("DKIM {}, verified {day}{}", named(signature), weak.unwrap_or_default());
    Verdict {
        method: Some("dkim".to_owned()),
        algorithm: Some(signature.algorithm.clone()),
        ..proven(&signature.domain, Some(signature.selector.clone()), now, reason)
    }
}

fn proven(domain: &str, selector: Option<String>, now: Timestamp, reason: String) -> Verdict {
    Verdict {
        domain: Some(domain.to_owned()),
        selector,
        verified_at: Some(now),
        ..Verdict::new(Proof::Authentic, reason)
    }
}

fn named(signature: &ExaminedSignature) -> String {
    format!("signature of {}, selector {}", signature.domain, signature.selector)
}

fn why(signature: &ExaminedSignature) -> String {
    match &signature.worth {
        Worth::Foreign => "it is another domain's".to_owned(),
        Worth::Altered => "the body was changed after it was signed".to_owned(),
        Worth::Unasked => "its key was not asked for".to_owned(),
        Worth::Passed(why) | Worth::Gone(why) | Worth::Broken(why) | Worth::Refused(why) | Worth::Unreachable(why) => {
            why.clone()
        }
    }
}

/// Each witness in a line.
fn chain(examined: Option<&[ExaminedSignature]>, servers: Vec<String>) -> Vec<String> {
    let told = |signature: &ExaminedSignature| {
        let worth = match &signature.worth {
            Worth::Passed(_) => "counts",
            Worth::Unasked | Worth::Unreachable(_) => "not verified yet",
            _ => "does not count",
        };
        format!("DKIM {} ({}): {worth}: {}", named(signature), signature.algorithm, why(signature))
    };
    let mut lines: Vec<String> = match examined {
        None => vec!["DKIM signatures are not verified (`verify = false` in [dkim])".to_owned()],
        Some([]) => vec!["no DKIM signature".to_owned()],
        Some(examined) => examined.iter().map(told).collect(),
    };
    if servers.is_empty() {
        lines.push("no Authentication-Results".to_owned());
    }
    lines.extend(servers);
    lines
}
