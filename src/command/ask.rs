//! Questions on a terminal.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use secrecy::{ExposeSecret, SecretString};

use super::Failure;

/// More than this is no secret.
const MAX_SECRET: u64 = 64 * 1024;
/// More than this is no answer.
const MAX_LEN: usize = 1024;

/// Whether there is somebody to ask.
pub fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line; an empty one is the default.
pub fn line(question: &str, default: Option<&str>) -> Result<String, Failure> {
    loop {
        let shown = default.map_or_else(String::new, |default| format!(" [{default}]"));
        eprint!("{question}{shown}: ");
        let _ = io::stderr().flush();
        let mut answer = String::new();
        match io::stdin().lock().read_line(&mut answer) {
            Ok(1..) if answer.len() <= MAX_LEN => {}
            Ok(1..) => continue,
            _ => return Err(ended()),
        }
        match (answer.trim(), default) {
            ("", Some(default)) => return Ok(default.to_owned()),
            ("", None) => {}
            (answer, _) => return Ok(answer.to_owned()),
        }
    }
}

/// Asks whether something is so; an empty line says no.
pub fn whether(question: &str) -> Result<bool, Failure> {
    loop {
        match line(&format!("{question} (y/n)"), Some("n"))?.to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => eprintln!("Answer y or n."),
        }
    }
}

/// Asks for a password until there is one, without showing it.
pub fn password(question: &str) -> Result<SecretString, Failure> {
    loop {
        let secret = secret(question)?;
        if !secret.expose_secret().is_empty() {
            return Ok(secret);
        }
    }
}

/// Asks for a secret, or nothing, without showing it.
pub fn secret(question: &str) -> Result<SecretString, Failure> {
    eprint!("{question}: ");
    let _ = io::stderr().flush();
    rpassword::read_password().map(SecretString::from).map_err(|_| ended())
}

/// A secret from the terminal, or from the first line of standard input.
pub fn new_secret() -> Result<SecretString, Failure> {
    let secret = if is_possible() { password("Password (not shown)")? } else { first_line()? };
    if secret.expose_secret().is_empty() {
        return Err(no_password());
    }
    Ok(secret)
}

/// A secret, or nothing, from the first line of standard input.
pub fn first_line() -> Result<SecretString, Failure> {
    let mut line = String::new();
    io::stdin().lock().take(MAX_SECRET).read_line(&mut line).map_err(|_| ended())?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}

fn ended() -> Failure {
    Failure::refused("no answer, so nothing was written").remedy("start again, or give the answers as options")
}

pub fn no_password() -> Failure {
    Failure::usage("the password is empty").remedy("give it on the first line")
}
