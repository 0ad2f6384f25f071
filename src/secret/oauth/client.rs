//! An account's OAuth 2.0 client, and what its server says in words.

use std::path::PathBuf;
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RequestTokenError, TokenUrl};
use secrecy::{ExposeSecret, SecretString};

use crate::fault::Fault;
use crate::mail::text::line;

/// How long a person may take to agree.
pub const PATIENCE: Duration = Duration::from_mins(10);
/// So much is shown of what a server says, in characters.
const MAX_TEXT: usize = 300;

/// An account's OAuth 2.0 client and server.
#[derive(Debug, Clone)]
pub struct Oauth {
    /// The client that the user registered (RFC 6749 §2.2).
    pub client_id: String,
    /// The client's secret, where the service wants one even from a program on a user's machine.
    pub client_secret: Option<SecretString>,
    /// The address that gives a code to type elsewhere (RFC 8628 §3.1). Without it a browser on this machine is needed.
    pub device_url: Option<String>,
    /// The page on which the user agrees (RFC 6749 §3.1).
    pub auth_url: Option<String>,
    /// The address that gives tokens (RFC 6749 §3.2).
    pub token_url: String,
    /// What the tokens shall allow (RFC 6749 §3.3).
    pub scopes: Vec<String>,
    /// The file that the tokens are kept in.
    pub tokens: PathBuf,
    /// The account, as `tracker login` names it.
    pub account: String,
}

/// A client that knows the address for tokens, and no other yet.
pub type Client = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

pub fn client(oauth: &Oauth) -> Result<Client, Fault> {
    let url = TokenUrl::new(oauth.token_url.clone()).map_err(fault)?;
    let client = BasicClient::new(ClientId::new(oauth.client_id.clone()))
        .set_token_uri(url)
        .set_auth_type(AuthType::RequestBody);
    Ok(match &oauth.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
        None => client,
    })
}

pub fn not_logged_in(why: Fault) -> Fault {
    Fault::new("not logged in").because(why).remedy("try again")
}

/// A fault in the words of an error.
pub fn fault(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::new(error.to_string())
}

/// Why a request failed. It never contains a token.
pub fn explain<T: oauth2::ErrorResponse + std::fmt::Display>(error: &RequestTokenError<Fault, T>) -> Fault {
    match error {
        RequestTokenError::ServerResponse(response) => {
            let said: String = line(&response.to_string()).chars().take(MAX_TEXT).collect();
            Fault::new(format!("the server says {}", said.split_whitespace().collect::<Vec<_>>().join(" ")))
        }
        RequestTokenError::Request(fault) => fault.clone(),
        RequestTokenError::Parse(..) => Fault::new("the server's answer can't be read"),
        RequestTokenError::Other(why) => Fault::new(why),
    }
}
