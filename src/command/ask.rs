//! Questions on a terminal, and their answers.

use std::io::{self, BufRead, Read};

use secrecy::{ExposeSecret, SecretString};

use super::{Console, Failure};

/// The longest first line of standard input that is read as a secret, in bytes.
const MAX_SECRET: u64 = 64 * 1024;
/// The longest answer that is taken, in bytes.
const MAX_LEN: usize = 1024;

impl Console {
    /// Asks once. Returns `None` if the input has ended.
    pub fn prompt(self, question: &str) -> io::Result<Option<String>> {
        self.question(question);
        let mut answer = String::new();
        let length = io::stdin().lock().read_line(&mut answer)?;
        Ok((length > 0).then_some(answer))
    }

    /// Asks until there is an answer. An empty line is the default.
    pub fn ask(self, question: &str, default: Option<&str>) -> Result<String, Failure> {
        let shown = default.map_or_else(String::new, |default| format!(" [{default}]"));
        loop {
            let answer = match self.prompt(&format!("{question}{shown}: ")) {
                Ok(Some(answer)) if answer.len() <= MAX_LEN => answer,
                Ok(Some(_)) => continue,
                Ok(None) | Err(_) => return Err(unanswered()),
            };
            match (answer.trim(), default) {
                ("", Some(default)) => return Ok(default.to_owned()),
                ("", None) => {}
                (answer, _) => return Ok(answer.to_owned()),
            }
        }
    }

    /// Asks for a value that the user did not give with an option. Without a terminal, the failure names the option.
    pub fn answer(self, option: &str, question: &str) -> Result<String, Failure> {
        if self.can_ask() {
            return self.ask(question, None);
        }
        Err(Failure::usage(format!("{question} is not known, and there is no terminal to ask on"))
            .remedy(format!("add --{option}")))
    }

    /// Asks whether something is so. An empty line says no.
    pub fn confirm(self, question: &str) -> Result<bool, Failure> {
        loop {
            match self.ask(&format!("{question} (y/n)"), Some("n"))?.to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => self.tell("Answer y or n."),
            }
        }
    }

    /// Asks for a password until there is one, without showing it.
    pub fn password(self, question: &str) -> Result<SecretString, Failure> {
        loop {
            let secret = self.secret(question)?;
            if !secret.expose_secret().is_empty() {
                return Ok(secret);
            }
        }
    }

    /// Asks for a secret, which may be empty, without showing it.
    pub fn secret(self, question: &str) -> Result<SecretString, Failure> {
        self.question(&format!("{question}: "));
        rpassword::read_password().map(SecretString::from).map_err(|_| unanswered())
    }

    /// Asks for a password on the terminal. Without one, reads it from the first line of standard input.
    pub fn new_password(self) -> Result<SecretString, Failure> {
        let secret = if self.can_ask() { self.password("Password (not shown)")? } else { first_line()? };
        if secret.expose_secret().is_empty() { Err(no_password()) } else { Ok(secret) }
    }
}

/// The first line of standard input, as a secret.
pub fn first_line() -> Result<SecretString, Failure> {
    let mut line = String::new();
    io::stdin().lock().take(MAX_SECRET).read_line(&mut line).map_err(|_| unanswered())?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}

pub fn no_password() -> Failure {
    Failure::usage("the password is empty").remedy("give it on the first line")
}

fn unanswered() -> Failure {
    Failure::refused("no answer, so nothing was written").remedy("start again, or give the answers as options")
}
