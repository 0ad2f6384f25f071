//! DKIM (RFC 6376), verified by us: which signatures of a mail count, with the keys that are handed in.
//!
//! `mail-auth` reads keys and holds signatures against them; what is signed, and what may count, is decided here. Its own
//! verifier is not used: it asks DNS and the clock itself, and calls a wrong body hash neutral (facts §2.2).

use std::borrow::Cow;

use jiff::Timestamp;
use mail_auth::common::crypto::Algorithm;

use super::alignment::is_aligned;
use super::canonical::{self, HeaderField};
use super::key::{self, Answer, Keys, NoKey};
use super::signature::Signature;
use crate::mail::{self, Mail};
use crate::system::panics;

/// Of the author's organisation more signatures than this are refused, of others no more are shown. Strangers' are no
/// part of the count: anybody can add some, and must not hide one of its own with them.
const MAX_SIGNATURES: usize = 16;

/// A signature, and what is to be held of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExaminedSignature {
    /// Who signed, as far as that can be told.
    pub domain: String,
    /// With which key.
    pub selector: String,
    /// By which algorithm.
    pub algorithm: String,
    /// What is to be held of it.
    pub worth: Worth,
}

/// What is to be held of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worth {
    /// It proves the author domain; with a key of this kind.
    Passed(String),
    /// It is somebody else's.
    Foreign,
    /// Its key is gone: nothing can be said any more.
    Gone(String),
    /// It fits neither the mail nor its key: the mail was changed, or the signature is made up.
    Broken(String),
    /// It fits its key and the headers, and the body is another one.
    Altered,
    /// It may be right, and leaves room for forgery.
    Refused(String),
    /// Its key was not asked for yet.
    Unasked,
    /// DNS could not be asked.
    Unreachable(String),
}

/// A signature, examined as far as that goes without its key.
#[derive(Debug)]
pub struct Signed {
    domain: String,
    selector: String,
    algorithm: String,
    /// What is to be held of it; of one that needs its key, what the key is held against.
    half: Result<Worth, Box<Unproven>>,
}

/// What a key is held against.
#[derive(Debug)]
struct Unproven {
    /// Where the key stands in DNS.
    key_name: String,
    /// Whose words they are.
    signature: Signature,
    /// What it is made over.
    data: Vec<u8>,
    /// The signature itself (`b=`).
    bytes: Vec<u8>,
    /// Whether the body is what was signed.
    is_body_signed: bool,
    /// Whether it can still be told how a body that a store rewrote was signed to be read.
    can_be_rewritten: bool,
}

/// Reads the signatures of a mail by an author of this domain. `seen_at` is when they are held against their expiry.
pub fn read(mail: &Mail, raw: &[u8], author_domain: &str, seen_at: Timestamp) -> Vec<Signed> {
    let wire = as_sent(raw);
    let body_at = as_sent(raw.get(..mail.body_at).unwrap_or(raw)).len();
    let (block, body) = wire.split_at_checked(body_at).unwrap_or((&wire, &[]));
    let fields = canonical::fields(block);
    let signatures = fields.iter().filter(|(name, _)| name.trim_ascii_end().eq_ignore_ascii_case(b"DKIM-Signature"));
    let (foreign, own): (Vec<_>, Vec<_>) = signatures
        .map(|field| (*field, Signature::parse(&String::from_utf8_lossy(field.1))))
        .partition(|(_, signature)| is_foreign(signature, author_domain));
    let reader = SignatureReader {
        fields: &fields,
        body,
        author_domain,
        seen_at,
        open: open_headers(&wire, &own),
        is_encoded_twice: !own.is_empty() && mail::is_encoded_twice(&wire),
        is_odd: wire.windows(2).any(|pair| matches!(pair, [b'\r', after] if *after != b'\n')),
        is_flooded: own.len() > MAX_SIGNATURES,
    };
    let shown = own.into_iter().take(MAX_SIGNATURES).chain(foreign.into_iter().take(MAX_SIGNATURES));
    shown.map(|(field, signature)| reader.run(field, signature)).collect()
}

/// A signature's own words; or whose it claims to be, where they break the grammar.
type Claimed = Result<Signature, Option<String>>;

/// Whether a signature is plainly somebody else's.
fn is_foreign(signature: &Claimed, author_domain: &str) -> bool {
    let domain = signature.as_ref().map_or_else(|domain| domain.as_deref(), |s| Some(s.domain.as_str()));
    domain.is_some_and(|domain| !is_aligned(domain, author_domain))
}

/// The headers that some signature leaves out, and with another value of which another text would be read.
fn open_headers(raw: &[u8], own: &[(HeaderField<'_>, Claimed)]) -> Vec<&'static str> {
    let is_left_out = |header| own.iter().any(|(_, s)| s.as_ref().is_ok_and(|s| !s.covers(header)));
    let (encoding, kind) = ("content-transfer-encoding", "content-type");
    let mut open = Vec::new();
    open.extend((is_left_out(encoding) && mail::hangs_on_encoding(raw)).then_some(encoding));
    open.extend((is_left_out(kind) && mail::hangs_on_type(raw)).then_some(kind));
    open
}

/// Reads the signatures of a mail.
struct SignatureReader<'a> {
    fields: &'a [HeaderField<'a>],
    body: &'a [u8],
    author_domain: &'a str,
    seen_at: Timestamp,
    /// The headers that change what is read, so that they must be signed.
    open: Vec<&'static str>,
    /// Whether what is read is itself an encoding.
    is_encoded_twice: bool,
    /// Whether two readers may part the mail into lines differently.
    is_odd: bool,
    /// Whether there are more signatures of its organisation than are looked at.
    is_flooded: bool,
}

impl SignatureReader<'_> {
    fn run(&self, field: HeaderField<'_>, signature: Claimed) -> Signed {
        match signature {
            Ok(signature) => {
                let (domain, selector) = (signature.domain.clone(), signature.selector.clone());
                let algorithm = signature.algorithm();
                let half = match self.without_key(field, signature) {
                    Err(Worth::Foreign) => Ok(Worth::Foreign),
                    _ if self.is_odd => Ok(Worth::Refused("the mail's lines end in several ways".to_owned())),
                    Err(worth) => Ok(worth),
                    Ok(unproven) => Err(Box::new(unproven)),
                };
                Signed { domain, selector, algorithm, half }
            }
            Err(domain) => {
                let is_foreign = domain.as_ref().is_some_and(|d| !is_aligned(d, self.author_domain));
                let malformed = Worth::Refused("it is malformed".to_owned());
                let half = Ok(if is_foreign { Worth::Foreign } else { malformed });
                let domain = domain.unwrap_or_else(|| "?".to_owned());
                Signed { domain, selector: "?".to_owned(), algorithm: "?".to_owned(), half }
            }
        }
    }

    /// What its key is to be held against; `Err` if its key makes no difference.
    fn without_key(&self, field: HeaderField<'_>, signature: Signature) -> Result<Unproven, Worth> {
        if !is_aligned(&signature.domain, self.author_domain) {
            return Err(Worth::Foreign);
        }
        if self.is_flooded {
            return Err(Worth::Refused(format!("its domain signed more than {MAX_SIGNATURES} times")));
        }
        if let Some(fault) = signature.fault(self.seen_at) {
            return Err(Worth::Refused(fault));
        }
        let refused = |why: &str| Worth::Refused(why.to_owned());
        if let Some(header) = self.open.iter().find(|header| !signature.covers(header)) {
            return Err(Worth::Refused(format!("it does not cover `{header}`, which changes what is read")));
        }
        let malformed = || refused("it is malformed");
        let key_name = key::name(&signature.selector, &signature.domain).ok_or_else(|| refused("it names no key"))?;
        let (of_headers, of_body) = signature.forms().ok_or_else(malformed)?;
        let is_body_signed = signature.bytes("bh").ok_or_else(malformed)? == canonical::body_hash(of_body, self.body);
        let can_be_rewritten = signature.covers("content-type")
            && (signature.covers("content-transfer-encoding") || !self.is_encoded_twice);
        let data = canonical::signed_headers(of_headers, self.fields, &signature.headers(), field);
        let bytes = signature.bytes("b").ok_or_else(malformed)?;
        Ok(Unproven { key_name, signature, data, bytes, is_body_signed, can_be_rewritten })
    }
}

impl Signed {
    /// Where its key stands in DNS, if it makes a difference.
    pub fn key_name(&self) -> Option<&str> {
        self.half.as_ref().err().map(|unproven| unproven.key_name.as_str())
    }

    /// Holds it against the keys.
    pub fn examine(&self, keys: &Keys) -> ExaminedSignature {
        let worth = match &self.half {
            Ok(worth) => worth.clone(),
            Err(unproven) => panics::caught(|| unproven.verify(keys))
                .unwrap_or_else(|| Err(Worth::Refused("its key can't be read".to_owned())))
                .unwrap_or_else(|worth| worth),
        };
        let (domain, selector) = (self.domain.clone(), self.selector.clone());
        ExaminedSignature { domain, selector, algorithm: self.algorithm.clone(), worth }
    }
}

impl Unproven {
    fn verify(&self, keys: &Keys) -> Result<Worth, Worth> {
        match self.verify_headers(keys) {
            Ok(_) if !self.is_body_signed && self.can_be_rewritten => Ok(Worth::Altered),
            // A key that is gone vouches for nothing that can be seen to be wrong without it.
            Ok(_) | Err(Worth::Gone(_)) if !self.is_body_signed => {
                Err(Worth::Broken("the body was changed".to_owned()))
            }
            worth => worth,
        }
    }

    fn verify_headers(&self, keys: &Keys) -> Result<Worth, Worth> {
        let records = match keys.answer(&self.key_name) {
            Some(Answer::Records(records)) => records,
            Some(Answer::Absent(why)) => return Err(Worth::Gone(why.clone())),
            Some(Answer::Unreachable(why)) => return Err(Worth::Unreachable(why.clone())),
            None => return Err(Worth::Unasked),
        };
        let kind = self.signature.key_kind().unwrap_or_default();
        let key = key::read(records, kind).map_err(|why| match why {
            NoKey::Gone(why) => Worth::Gone(why),
            NoKey::Refused(why) => Worth::Refused(why),
        })?;
        if !self.signature.is_identity_good(key.is_strict) {
            return Err(Worth::Refused("it signs for another identity (i=)".to_owned()));
        }
        let algorithm = if kind == "rsa" { Algorithm::RsaSha256 } else { Algorithm::Ed25519Sha256 };
        let verified = key.key.p.verify_bytes(&self.data, &self.bytes, algorithm);
        let broken = "it does not fit its key: the headers were changed, or it is made up";
        verified.map(|()| Worth::Passed(key.kind)).map_err(|_| Worth::Broken(broken.to_owned()))
    }
}

/// A mail as it was sent: its lines end in CR LF, whatever a file on disk has, and no mbox's envelope stands before it.
pub fn as_sent(raw: &[u8]) -> Cow<'_, [u8]> {
    let is_envelope = raw.starts_with(b"From ");
    let start = raw.iter().position(|b| *b == b'\n').filter(|_| is_envelope).map_or(0, |at| at.saturating_add(1));
    let raw = raw.get(start..).unwrap_or_default();
    let is_plain = !raw.iter().zip(raw.iter().skip(1)).any(|(before, byte)| *byte == b'\n' && *before != b'\r');
    if is_plain && raw.first() != Some(&b'\n') {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    for byte in raw {
        if *byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    Cow::Owned(out)
}
