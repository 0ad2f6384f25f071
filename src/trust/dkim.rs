//! DKIM (RFC 6376), verified by us: which signatures of a mail count, with the keys that are handed in.
//!
//! `mail-auth` parses, hashes and verifies; what may count is decided here. Its own verifier is not used: it asks DNS
//! and the clock itself, and calls a wrong body hash neutral (facts §2.2).

use std::borrow::Cow;

use jiff::Timestamp;
use mail_auth::AuthenticatedMessage;
use mail_auth::common::crypto::{Algorithm, HashAlgorithm};
use mail_auth::common::headers::Header as Field;
use mail_auth::dkim::{Canonicalization, Signature as Parsed};

use super::alignment::is_aligned;
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
    /// The headers that it covers, names and values, in their order.
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The signature itself (`b=`).
    bytes: Vec<u8>,
    canonicalization: Canonicalization,
    algorithm: Algorithm,
}

/// Reads the signatures of a mail by an author of this domain. `seen_at` is when they are held against their expiry.
pub fn read(mail: &Mail, raw: &[u8], author_domain: &str, seen_at: Timestamp) -> Vec<Signed> {
    let wire = as_sent(raw);
    let body_at = as_sent(raw.get(..mail.body_at).unwrap_or(raw)).len();
    let has_bare_cr = wire.windows(2).any(|pair| matches!(pair, [b'\r', after] if *after != b'\n'));
    // The parser is written with as much care as the mail parser, which panicked as late as 2026 (facts §2.1).
    let signed = panics::caught(|| {
        let message = AuthenticatedMessage::parse(&wire)?;
        let is_same_body = message.body_offset() == body_at || message.raw_body().is_empty();
        let is_odd = has_bare_cr || !is_same_body;
        let fields = message.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"DKIM-Signature"));
        let parse = |value: &[u8]| Signature::parse(&String::from_utf8_lossy(value));
        let (foreign, own): (Vec<_>, Vec<_>) = fields
            .map(|(_, value)| (*value, parse(value)))
            .partition(|(_, signature)| is_foreign(signature, author_domain));
        let is_flooded = own.len() > MAX_SIGNATURES;
        let open = open_headers(&wire, &own);
        let read = |(value, signature)| {
            SignatureReader { message: &message, value, author_domain, seen_at, open: &open, is_odd, is_flooded }
                .run(signature)
        };
        let shown = own.into_iter().take(MAX_SIGNATURES).chain(foreign.into_iter().take(MAX_SIGNATURES));
        Some(shown.map(read).collect())
    });
    signed.flatten().unwrap_or_default()
}

/// A signature's own words; or whose it claims to be, where they break the grammar.
type Claimed = Result<Signature, Option<String>>;

/// Whether a signature is plainly somebody else's.
fn is_foreign(signature: &Claimed, author_domain: &str) -> bool {
    let domain = signature.as_ref().map_or_else(|domain| domain.as_deref(), |s| Some(s.domain.as_str()));
    domain.is_some_and(|domain| !is_aligned(domain, author_domain))
}

/// The headers that some signature leaves out, and with another value of which another text would be read.
fn open_headers(raw: &[u8], own: &[(&[u8], Claimed)]) -> Vec<&'static str> {
    let is_left_out = |header| own.iter().any(|(_, s)| s.as_ref().is_ok_and(|s| !s.covers(header)));
    let (encoding, kind) = ("content-transfer-encoding", "content-type");
    let mut open = Vec::new();
    open.extend((is_left_out(encoding) && mail::hangs_on_encoding(raw)).then_some(encoding));
    open.extend((is_left_out(kind) && mail::hangs_on_type(raw)).then_some(kind));
    open
}

/// One signature being read.
struct SignatureReader<'a> {
    message: &'a AuthenticatedMessage<'a>,
    value: &'a [u8],
    author_domain: &'a str,
    seen_at: Timestamp,
    /// The headers that change what is read, so that they must be signed.
    open: &'a [&'static str],
    /// Whether two readers may part the mail into lines differently.
    is_odd: bool,
    /// Whether there are more signatures of its organisation than are looked at.
    is_flooded: bool,
}

impl SignatureReader<'_> {
    fn run(&self, signature: Claimed) -> Signed {
        match signature {
            Ok(signature) => {
                let (domain, selector) = (signature.domain.clone(), signature.selector.clone());
                let algorithm = signature.algorithm();
                let half = match self.without_key(signature) {
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
    fn without_key(&self, signature: Signature) -> Result<Unproven, Worth> {
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
        let parsed = self.parsed(&signature).ok_or_else(|| refused("it is malformed"))?;
        let key_name = key::name(&signature.selector, &signature.domain).ok_or_else(|| refused("it names no key"))?;
        if !self.is_body_signed(&parsed.header) {
            return Err(Worth::Broken("the body was changed".to_owned()));
        }
        let unsigned = without_signature(parsed.value);
        let headers = self.message.signed_headers(&parsed.header.h, parsed.name, &unsigned);
        Ok(Unproven {
            key_name,
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            bytes: parsed.header.b.clone(),
            canonicalization: parsed.header.ch,
            algorithm: parsed.header.a,
            signature,
        })
    }

    /// The signature as `mail-auth` reads it, if both read the same.
    fn parsed(&self, signature: &Signature) -> Option<&Field<'_, Parsed>> {
        let parsed = self.message.dkim_headers.iter().find(|field| std::ptr::eq(field.value, self.value))?;
        let is_same = parsed.header.d.eq_ignore_ascii_case(&signature.domain)
            && parsed.header.s.eq_ignore_ascii_case(&signature.selector)
            && parsed.header.h.iter().all(|name| signature.covers(name));
        is_same.then_some(parsed)
    }

    fn is_body_signed(&self, parsed: &Parsed) -> bool {
        let algorithm = HashAlgorithm::from(parsed.a);
        let hashes = &self.message.body_hashes;
        hashes.iter().any(|(c, a, l, hash)| *c == parsed.cb && *a == algorithm && *l == 0 && *hash == parsed.bh)
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
        let mut headers = self.headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        let verified = key.key.p.verify(&mut headers, &self.bytes, self.canonicalization, self.algorithm);
        let broken = "it does not fit its key: the headers were changed, or it is made up";
        verified.map(|()| Worth::Passed(key.kind)).map_err(|_| Worth::Broken(broken.to_owned()))
    }
}

/// A signature's header value with the value of `b=` left out (RFC 6376 §3.5, §3.7) and without its line end.
fn without_signature(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for (at, part) in value.split(|b| *b == b';').enumerate() {
        if at > 0 {
            out.push(b';');
        }
        let equals = part
            .iter()
            .position(|b| *b == b'=')
            .filter(|at| part.get(..*at).is_some_and(|name| name.trim_ascii() == b"b"));
        out.extend_from_slice(equals.and_then(|at| part.get(..=at)).unwrap_or(part));
    }
    let end = out.strip_suffix(b"\r\n").map_or(out.len(), <[u8]>::len);
    out.truncate(end);
    out
}

/// A mail as it was sent: its lines end in CR LF, whatever a file on disk has, and no mbox's envelope stands before it.
fn as_sent(raw: &[u8]) -> Cow<'_, [u8]> {
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
