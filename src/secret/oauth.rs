//! OAuth 2.0 access tokens: asked for once by a person, then renewed by themselves.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DeviceAuthorizationUrl, EndpointNotSet,
    EndpointSet, PkceCodeChallenge, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardDeviceAuthorizationResponse, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::mail::text;
use crate::net::http;
use crate::system::files;

/// How long a person may take to agree.
const PATIENCE: Duration = Duration::from_mins(10);
/// The longest pause between two questions whether the person has agreed.
const MAX_PAUSE: Duration = Duration::from_secs(30);
/// How often it is looked whether the browser has come back.
const TICK: Duration = Duration::from_millis(100);
/// A token that ends sooner than this is renewed.
const MARGIN: i64 = 60;
/// A token whose end is not told is good for an hour.
const USUAL: Duration = Duration::from_hours(1);
/// No more is shown of what a server says.
const MAX_TEXT: usize = 300;
/// More than this is no answer of a browser's.
const MAX_REQUEST: usize = 16 * 1024;

/// An account's OAuth 2.0 client and server.
#[derive(Debug, Clone)]
pub struct Oauth {
    /// The client that the user registered (RFC 6749 §2.2).
    pub client_id: String,
    /// Its secret, where the service wants one of a program that can't keep it.
    pub client_secret: Option<SecretString>,
    /// Where a device code is asked for (RFC 8628 §3.1); without it a browser on this machine is needed.
    pub device_url: Option<String>,
    /// Where the user agrees (RFC 6749 §3.1).
    pub auth_url: Option<String>,
    /// Where tokens come from (RFC 6749 §3.2).
    pub token_url: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The file that the tokens are kept in.
    pub tokens: PathBuf,
    /// The account, as `tracker login` names it.
    pub account: String,
}

/// What is kept of a login.
#[derive(Serialize, Deserialize)]
struct Tokens {
    access_token: String,
    /// Seconds since 1970.
    expires_at: i64,
    refresh_token: Option<String>,
}

type Client = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// An access token that is still good, renewed if it must be.
///
/// # Errors
/// What is wrong, and what mends it.
pub fn access_token(oauth: &Oauth, now: Timestamp) -> Result<SecretString, Fault> {
    let login = format!("run: tracker login {}", oauth.account);
    let _lock = lock(oauth)?;
    let text = match std::fs::read_to_string(&oauth.tokens) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Fault::new(format!("account `{}` is not logged in yet", oauth.account)).remedy(login));
        }
        Err(error) => {
            let place = format!("`{}`", oauth.tokens.display());
            return Err(Fault::new(place).because(error).remedy("check its permissions"));
        }
    };
    let Ok(tokens) = serde_json::from_str::<Tokens>(&text) else {
        return Err(Fault::new(format!("`{}` can't be read", oauth.tokens.display())).remedy(login));
    };
    if tokens.expires_at.saturating_sub(MARGIN) > now.as_second() {
        return Ok(tokens.access_token.into());
    }
    let Some(refresh_token) = tokens.refresh_token else {
        return Err(Fault::new("the access token has expired and can't be renewed").remedy(login));
    };
    let token = RefreshToken::new(refresh_token.clone());
    let fresh = client(oauth)?.exchange_refresh_token(&token).request(&http::exchange).map_err(|error| {
        // What the server refuses a person must mend; else the network may be better next time.
        let is_over = matches!(&error, RequestTokenError::ServerResponse(said)
            if !said.error().as_ref().contains("temporarily") && said.error().as_ref() != "server_error");
        let remedy = if is_over { login } else { "run again later".to_owned() };
        Fault::new("the access token can't be renewed").because(explain(&error)).remedy(remedy)
    })?;
    keep(oauth, &fresh, Some(refresh_token), now)
}

/// Asks for tokens by a code that the person types in a browser anywhere (RFC 8628). `show` is given the address and the
/// code.
///
/// # Errors
/// What went wrong.
pub fn by_device(oauth: &Oauth, url: &str, now: Timestamp, show: impl FnOnce(&str, &str)) -> Result<(), Fault> {
    let url = DeviceAuthorizationUrl::new(url.to_owned()).map_err(fault)?;
    let client = client(oauth)?.set_device_authorization_url(url);
    let scopes = oauth.scopes.iter().cloned().map(Scope::new);
    let details: StandardDeviceAuthorizationResponse =
        client.exchange_device_code().add_scopes(scopes).request(&http::exchange).map_err(|error| {
            let why = explain::<BasicErrorResponse>(&error);
            Fault::new("the provider gives no login code").because(why).remedy("try again")
        })?;
    show(details.verification_uri(), details.user_code().secret());
    let tokens = client
        .exchange_device_access_token(&details)
        // A server may not put us to sleep for longer than a person waits.
        .request(&http::exchange, |pause| std::thread::sleep(pause.min(MAX_PAUSE)), Some(PATIENCE))
        .map_err(|error| not_logged_in(explain(&error)))?;
    let _lock = lock(oauth)?;
    keep(oauth, &tokens, None, now).map(drop)
}

/// Asks for tokens by way of a browser on this machine (RFC 8252 §7.3, with PKCE, RFC 7636). `show` is given the address.
///
/// # Errors
/// What went wrong.
pub fn by_browser(oauth: &Oauth, url: &str, now: Timestamp, show: impl FnOnce(&str)) -> Result<(), Fault> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
    let port = listener.local_addr().map_err(fault)?.port();
    let redirect = RedirectUrl::new(format!("http://127.0.0.1:{port}/")).map_err(fault)?;
    let url = AuthUrl::new(url.to_owned()).map_err(fault)?;
    let client = client(oauth)?.set_auth_uri(url).set_redirect_uri(redirect);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (place, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(oauth.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge)
        // Google gives a refresh token only so.
        .add_extra_param("access_type", "offline")
        .add_extra_param("prompt", "consent")
        .url();
    show(place.as_str());
    let code = redirected(&listener, state.secret())?;
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request(&http::exchange)
        .map_err(|error| not_logged_in(explain(&error)))?;
    let _lock = lock(oauth)?;
    keep(oauth, &tokens, None, now).map(drop)
}

/// Removes what is kept of a login.
pub fn forget(oauth: &Oauth) {
    for path in [oauth.tokens.clone(), lock_file(oauth)] {
        let _ = std::fs::remove_file(path);
    }
}

fn lock_file(oauth: &Oauth) -> PathBuf {
    oauth.tokens.with_extension("lock")
}

fn client(oauth: &Oauth) -> Result<Client, Fault> {
    let url = TokenUrl::new(oauth.token_url.clone()).map_err(fault)?;
    let client = BasicClient::new(ClientId::new(oauth.client_id.clone()))
        .set_token_uri(url)
        .set_auth_type(AuthType::RequestBody);
    Ok(match &oauth.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
        None => client,
    })
}

/// Keeps tokens, the newest refresh token among them, and returns the access token.
fn keep(oauth: &Oauth, fresh: &BasicTokenResponse, old: Option<String>, now: Timestamp) -> Result<SecretString, Fault> {
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

/// Only one at a time renews: a refresh token may be good for one use.
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

/// The code that the browser brings back; whatever else knocks is sent away.
fn redirected(listener: &TcpListener, state: &str) -> Result<String, Fault> {
    let until = Instant::now().checked_add(PATIENCE);
    listener.set_nonblocking(true).map_err(fault)?;
    while until.is_some_and(|until| Instant::now() < until) {
        let Ok((mut stream, _)) = listener.accept() else {
            std::thread::sleep(TICK);
            continue;
        };
        let mut bytes = vec![0; MAX_REQUEST];
        let _ = stream.set_nonblocking(false).and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(5))));
        // A browser's first packet holds the line that matters.
        let Ok(read) = stream.read(&mut bytes) else { continue };
        let line = String::from_utf8_lossy(bytes.get(..read).unwrap_or_default());
        let target = line.split(' ').nth(1).unwrap_or_default();
        let Ok(url) = oauth2::url::Url::parse(&format!("http://127.0.0.1{target}")) else { continue };
        let field = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        if field("state").as_deref() != Some(state) {
            answer(&mut stream, "404 Not Found", "This is not the page that tracker waits for.");
            continue;
        }
        return match (field("code"), field("error")) {
            (Some(code), None) => {
                answer(&mut stream, "200 OK", "tracker is logged in. You can close this page.");
                Ok(code)
            }
            (_, why) => {
                answer(&mut stream, "200 OK", "tracker is not logged in. You can close this page.");
                let said = text::line(&why.unwrap_or_else(|| "nothing".to_owned()));
                Err(not_logged_in(Fault::new(format!("the server says {said}"))))
            }
        };
    }
    Err(Fault::new("the browser did not come back").remedy("try again"))
}

fn answer(stream: &mut impl Write, status: &str, text: &str) {
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
}

fn not_logged_in(why: Fault) -> Fault {
    Fault::new("not logged in").because(why).remedy("try again")
}

/// An error whose own words say enough.
fn fault(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::new(error.to_string())
}

/// What a server says, in words; never a token.
fn explain<T: oauth2::ErrorResponse + std::fmt::Display>(error: &RequestTokenError<Fault, T>) -> Fault {
    match error {
        RequestTokenError::ServerResponse(response) => {
            let said: String = text::line(&response.to_string()).chars().take(MAX_TEXT).collect();
            Fault::new(format!("the server says {}", said.split_whitespace().collect::<Vec<_>>().join(" ")))
        }
        RequestTokenError::Request(fault) => fault.clone(),
        RequestTokenError::Parse(..) => Fault::new("the server's answer can't be read"),
        RequestTokenError::Other(why) => Fault::new(why),
    }
}
