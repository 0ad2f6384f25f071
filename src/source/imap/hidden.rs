//! Hides the secret in a server's words, in each form in which the server may repeat it.

use regex::Regex;
use secrecy::{ExposeSecret, SecretString};

use super::proof::{Mechanism, coded};
use super::server::{Login, Server};
use crate::secret::Secret;

/// The length of the shortest secret that is hidden, in bytes: hiding a shorter one would make any text unreadable.
const MIN_SECRET: usize = 4;

/// The forms of a secret. Its `Debug` shows nothing.
#[derive(Debug, Clone)]
pub struct Hidden(Vec<SecretString>);

impl Hidden {
    pub fn new(server: &Server, login: &Login) -> Self {
        let (Secret::Password(secret) | Secret::Token(secret)) = &login.secret;
        let secret = secret.expose_secret();
        let in_quotes = secret.replace('\\', "\\\\").replace('"', "\\\"");
        // The guard replaces each byte that is not ASCII by `?`.
        let in_ascii: String =
            secret.bytes().map(|byte| if byte.is_ascii() { char::from(byte) } else { '?' }).collect();
        let sent = Mechanism::of(&login.secret).iter().filter_map(|mechanism| mechanism.message(server, login));
        let sent = sent.chain([SecretString::from(secret)]);
        let coded = sent.map(|message| coded(message.expose_secret()).trim_end_matches('=').to_owned());
        let mut forms: Vec<String> = coded.chain([in_quotes, in_ascii, secret.to_owned()]).collect();
        forms.retain(|form| form.len() >= MIN_SECRET);
        // The longest first, because one form may contain another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self(forms.into_iter().map(SecretString::from).collect())
    }

    /// A text in which `…` stands for each of them, and for anything else that may be a secret in base64.
    pub fn hide(&self, text: &str) -> String {
        let text = self.0.iter().fold(text.to_owned(), |text, form| text.replace(form.expose_secret(), "…"));
        let Ok(runs) = Regex::new("[A-Za-z0-9+/]{16,}=*") else { return text };
        let is_coded = |run: &str| {
            let has = |is: fn(&char) -> bool| run.chars().any(|c| is(&c));
            has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)
        };
        let hidden = |run: &regex::Captures<'_>| {
            let run = run.get(0).map_or("", |run| run.as_str());
            if is_coded(run) { "…".to_owned() } else { run.to_owned() }
        };
        runs.replace_all(&text, hidden).into_owned()
    }
}
