//! DKIM signatures made by the tests' own hand (RFC 6376), so that any rule of them can be broken. The keys are made
//! anew in every run.

use std::fmt::Write as _;
use std::sync::OnceLock;

use openssl::base64::encode_block;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sha::sha256;
use openssl::sign::Signer as Signing;

/// A key pair.
pub struct Key {
    pair: PKey<Private>,
    kind: &'static str,
}

/// An RSA key of 1024, 2048 or so bits.
pub fn rsa(bits: u32) -> &'static Key {
    static SMALL: OnceLock<Key> = OnceLock::new();
    static MIDDLE: OnceLock<Key> = OnceLock::new();
    static LARGE: OnceLock<Key> = OnceLock::new();
    let make = || Key { pair: PKey::from_rsa(Rsa::generate(bits).expect("a key")).expect("a key"), kind: "rsa" };
    match bits {
        ..1024 => SMALL.get_or_init(make),
        1024..2048 => MIDDLE.get_or_init(make),
        _ => LARGE.get_or_init(make),
    }
}

/// An Ed25519 key.
pub fn ed25519() -> &'static Key {
    static KEY: OnceLock<Key> = OnceLock::new();
    KEY.get_or_init(|| Key { pair: PKey::generate_ed25519().expect("a key"), kind: "ed25519" })
}

impl Key {
    /// The public half, in base64.
    pub fn public(&self) -> String {
        match self.kind {
            "rsa" => encode_block(&self.pair.public_key_to_der().expect("DER")),
            _ => encode_block(&self.pair.raw_public_key().expect("bytes")),
        }
    }

    /// The private half, in PEM.
    pub fn pem(&self) -> Vec<u8> {
        self.pair.rsa().expect("RSA").private_key_to_pem().expect("PEM")
    }

    /// What is published in DNS.
    pub fn record(&self) -> String {
        format!("v=DKIM1; k={}; p={}", self.kind, self.public())
    }

    fn sign(&self, data: &[u8]) -> Vec<u8> {
        if self.kind == "rsa" {
            let mut signing = Signing::new(MessageDigest::sha256(), &self.pair).expect("a signer");
            signing.sign_oneshot_to_vec(data).expect("a signature")
        } else {
            // RFC 8463 §3: the hash is signed.
            let mut signing = Signing::new_without_digest(&self.pair).expect("a signer");
            signing.sign_oneshot_to_vec(&sha256(data)).expect("a signature")
        }
    }
}

/// How a mail is signed.
#[derive(Clone)]
pub struct Signer {
    pub domain: String,
    pub selector: String,
    /// The headers to cover, as `h=` names them.
    pub headers: String,
    /// Further tags, such as `x=1`.
    pub tags: String,
    pub is_relaxed: bool,
    /// How much of the body is covered (`l=`); all of it if none.
    pub length: Option<usize>,
}

impl Signer {
    pub fn new(domain: &str, selector: &str) -> Self {
        Self {
            domain: domain.to_owned(),
            selector: selector.to_owned(),
            headers: "Date:To:Subject:From:MIME-Version:Content-Type".to_owned(),
            tags: String::new(),
            is_relaxed: true,
            length: None,
        }
    }

    pub fn covering(mut self, headers: &str) -> Self {
        headers.clone_into(&mut self.headers);
        self
    }

    pub fn tagged(mut self, tags: &str) -> Self {
        tags.clone_into(&mut self.tags);
        self
    }

    /// The message with its signature on top.
    pub fn sign(&self, key: &Key, message: &str) -> String {
        let (head, body) = message.split_once("\r\n\r\n").expect("a body");
        let body = self.body(body);
        let body = self.length.map_or(body.as_str(), |length| &body[..length]);
        let mode = if self.is_relaxed { "relaxed/relaxed" } else { "simple/simple" };
        let mut value = format!(
            " v=1; a={}-sha256; c={mode}; d={};\r\n\ts={}; h={};\r\n\tbh={};",
            key.kind,
            self.domain,
            self.selector,
            self.headers,
            encode_block(&sha256(body.as_bytes()))
        );
        if let Some(length) = self.length {
            write!(value, " l={length};").expect("a string");
        }
        if !self.tags.is_empty() {
            write!(value, " {};", self.tags).expect("a string");
        }
        value.push_str("\r\n\tb=");
        let mut data: String = self.covered(head);
        data.push_str(self.header("DKIM-Signature", &value).trim_end_matches("\r\n"));
        let signature = encode_block(&key.sign(data.as_bytes()));
        let folded: Vec<&str> =
            signature.as_bytes().chunks(64).map(|c| std::str::from_utf8(c).expect("ASCII")).collect();
        format!("DKIM-Signature:{value}{}\r\n{message}", folded.join("\r\n\t "))
    }

    /// The covered headers, each name from the bottom up (RFC 6376 §5.4.2).
    fn covered(&self, head: &str) -> String {
        let unfolded = head.replace("\r\n ", "\u{1} ").replace("\r\n\t", "\u{1}\t");
        let lines: Vec<(String, String)> = unfolded
            .split("\r\n")
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.replace('\u{1}', "\r\n")))
            .collect();
        let mut taken: Vec<usize> = Vec::new();
        let mut out = String::new();
        for name in self.headers.split(':').map(str::trim) {
            let at = (0..lines.len()).rev().find(|at| !taken.contains(at) && lines[*at].0.eq_ignore_ascii_case(name));
            if let Some(at) = at {
                taken.push(at);
                out.push_str(&self.header(&lines[at].0, &lines[at].1));
            }
        }
        out
    }

    fn header(&self, name: &str, value: &str) -> String {
        if !self.is_relaxed {
            return format!("{name}:{value}\r\n");
        }
        format!("{}:{}\r\n", name.to_lowercase().trim_end(), relaxed(&value.replace("\r\n", "")).trim())
    }

    fn body(&self, body: &str) -> String {
        let lines: Vec<String> = body
            .split("\r\n")
            .map(|line| if self.is_relaxed { relaxed(line).trim_end().to_owned() } else { line.to_owned() })
            .collect();
        let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at + 1);
        let text: String = lines[..end].iter().map(|line| format!("{line}\r\n")).collect();
        if text.is_empty() && !self.is_relaxed { "\r\n".to_owned() } else { text }
    }
}

fn relaxed(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().map(|c| if c == '\t' { ' ' } else { c }) {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}
