//! The file that an account's tokens are kept in, and how an access token is renewed.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use oauth2::basic::BasicTokenResponse;
use oauth2::{RefreshToken, RequestTokenError, TokenResponse};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::client::{Oauth, client, explain, fault};
use crate::fault::Fault;
use crate::net::http;
use crate::system::files;

/// An access token that expires within so many seconds is renewed.
const MARGIN: i64 = 60;
/// How long an access token is taken to be good if the server does not say.
const USUAL: Duration = Duration::from_hours(1);

/// What the file holds.
#[derive(Serialize, Deserialize)]
struct Tokens {
    access_token: String,
    /// Seconds since 1970.
    expires_at: i64,
    refresh_token: Option<String>,
}

/// An access token that is still good, renewed if it must be.
pub fn access_token(oauth: &Oauth, now: Timestamp) -> Result<SecretString, Fault> {
    let _lock = lock(oauth)?;
    let tokens = read(oauth)?;
    if tokens.expires_at.saturating_sub(MARGIN) > now.as_second() {
        return Ok(tokens.access_token.into());
    }
    let Some(refresh_token) = tokens.refresh_token else {
        return Err(Fault::new("the access token has expired and can't be renewed").remedy(login(oauth)));
    };
    let token = RefreshToken::new(refresh_token.clone());
    let fresh = client(oauth)?.exchange_refresh_token(&token).request(&http::exchange).map_err(|error| {
        // If the server refused, the user must log in again. Any other error may be temporary.
        let is_over = matches!(&error, RequestTokenError::ServerResponse(said)
            if !said.error().as_ref().contains("temporarily") && said.error().as_ref() != "server_error");
        let remedy = if is_over { login(oauth) } else { "run again later".to_owned() };
        Fault::new("the access token can't be renewed").because(explain(&error)).remedy(remedy)
    })?;
    write(oauth, &fresh, Some(refresh_token), now)
}

/// Keeps the tokens of a new login.
pub fn keep(oauth: &Oauth, fresh: &BasicTokenResponse, now: Timestamp) -> Result<(), Fault> {
    let _lock = lock(oauth)?;
    write(oauth, fresh, None, now).map(drop)
}

/// The remedy where a person must agree again.
fn login(oauth: &Oauth) -> String {
    format!("run: tracker login {}", oauth.account)
}

fn read(oauth: &Oauth) -> Result<Tokens, Fault> {
    let place = format!("`{}`", oauth.tokens.display());
    match std::fs::read_to_string(&oauth.tokens) {
        Ok(text) => {
            serde_json::from_str(&text).map_err(|_| Fault::new(format!("{place} can't be read")).remedy(login(oauth)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Fault::new(format!("account `{}` is not logged in yet", oauth.account)).remedy(login(oauth)))
        }
        Err(error) => Err(Fault::new(place).because(error).remedy("check its permissions")),
    }
}

/// Writes tokens and returns the access token. `old` is the refresh token that stays if the server gives no new one.
fn write(
    oauth: &Oauth,
    fresh: &BasicTokenResponse,
    old: Option<String>,
    now: Timestamp,
) -> Result<SecretString, Fault> {
    let seconds = i64::try_from(fresh.expires_in().unwrap_or(USUAL).as_secs()).unwrap_or(i64::MAX);
    let tokens = Tokens {
        access_token: fresh.access_token().secret().clone(),
        expires_at: now.as_second().saturating_add(seconds),
        refresh_token: fresh.refresh_token().map(|token| token.secret().clone()).or(old),
    };
    let text = serde_json::to_string(&tokens).map_err(fault)?;
    files::replace(&oauth.tokens, text.as_bytes()).map_err(|error| {
        let place = format!("`{}`", oauth.tokens.display());
        Fault::new(place).because(error).remedy("check the path and its permissions")
    })?;
    Ok(tokens.access_token.into())
}

/// Lets only one process at a time renew: a refresh token may be good for one use only.
fn lock(oauth: &Oauth) -> Result<File, Fault> {
    let path = lock_file(oauth);
    let fault = |error: io::Error| {
        Fault::new(format!("lock `{}`", path.display())).because(error).remedy("check its permissions")
    };
    let file =
        files::private(OpenOptions::new().write(true).create(true).truncate(false)).open(&path).map_err(fault)?;
    file.lock().map_err(fault)?;
    Ok(file)
}

/// Removes an account's tokens.
pub fn forget(oauth: &Oauth) {
    for path in [oauth.tokens.clone(), lock_file(oauth)] {
        let _ = std::fs::remove_file(path);
    }
}

fn lock_file(oauth: &Oauth) -> PathBuf {
    oauth.tokens.with_extension("lock")
}
