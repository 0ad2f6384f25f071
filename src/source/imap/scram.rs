//! SCRAM-SHA-256 (RFC 5802, RFC 7677): a password that never leaves this machine.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// The most rounds that a server may ask for: some seconds of work.
const MAX_ROUNDS: u32 = 1_000_000;

/// An exchange.
pub struct Scram {
    nonce: String,
    /// The client's first message without its head.
    first: String,
    /// The signature that proves that the server knows the password.
    expected: Option<[u8; 32]>,
    is_proven: bool,
}

impl Scram {
    pub fn new() -> Self {
        let mut random = [0; 18];
        // Without randomness the nonce is empty, and the server refuses it.
        let nonce = getrandom::fill(&mut random).map(|()| BASE64_STANDARD.encode(random)).unwrap_or_default();
        Self { nonce, first: String::new(), expected: None, is_proven: false }
    }

    /// Whether the server proved that it knows the password.
    pub fn is_proven(&self) -> bool {
        self.is_proven
    }

    /// The client's first message.
    pub fn first(&mut self, user: &str) -> String {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        self.first = format!("n={user},r={}", self.nonce);
        format!("n,,{}", self.first)
    }

    /// The client's last message; `None` where the server's first one does not fit.
    pub fn last(&mut self, password: &str, challenge: &[u8]) -> Option<String> {
        let challenge = std::str::from_utf8(challenge).ok()?;
        let value = |name: &str| challenge.split(',').find_map(|part| part.strip_prefix(name));
        let nonce = value("r=").filter(|nonce| nonce.starts_with(&self.nonce) && !self.nonce.is_empty())?;
        let salt = BASE64_STANDARD.decode(value("s=")?).ok()?;
        let rounds: u32 = value("i=")?.parse().ok().filter(|rounds| (1..=MAX_ROUNDS).contains(rounds))?;
        let mut salted = [0; 32];
        // SASLprep (RFC 4013) but for its prohibitions.
        let password: String = password.nfkc().collect();
        pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), &salt, rounds, &mut salted);
        let bare = format!("c=biws,r={nonce}");
        let message = format!("{},{challenge},{bare}", self.first);
        let client_key = sign(&salted, b"Client Key")?;
        let signature = sign(&Sha256::digest(client_key), message.as_bytes())?;
        self.expected = sign(&sign(&salted, b"Server Key")?, message.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(signature).map(|(key, signed)| key ^ signed).collect();
        Some(format!("{bare},p={}", BASE64_STANDARD.encode(proof)))
    }

    /// Checks the server's last message.
    pub fn check(&mut self, message: &[u8]) {
        let signature = message.strip_prefix(b"v=").and_then(|coded| BASE64_STANDARD.decode(coded.trim_ascii()).ok());
        self.is_proven =
            signature.is_some() && signature.as_deref() == self.expected.as_ref().map(<[u8; 32]>::as_slice);
    }
}

fn sign(key: &[u8], message: &[u8]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exchange_of_rfc_7677() {
        let mut scram = Scram { nonce: "rOprNGfwEbeRWgbNEkqO".to_owned(), ..Scram::new() };
        assert_eq!(scram.first("user"), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let challenge = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        assert_eq!(
            scram.last("pencil", challenge).expect("an answer"),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        scram.check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assert!(scram.is_proven());
        scram.check(b"v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assert!(!scram.is_proven());
        assert_eq!(scram.last("pencil", b"r=other,s=AAAA,i=1"), None);
    }
}
