//! An account's OAuth 2.0 client, and what its server says in words.

use std::path::PathBuf;
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RequestTokenError, TokenUrl};
use secrecy::{ExposeSecret, SecretString};

use crate::fault::Fault;
use crate::mail::text::printable;

/// How long a person may take to agree.
pub const PATIENCE: Duration = Duration::from_mins(10);
/// No more is shown of what a server says, in characters.
const MAX_TEXT: usize = 300;

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

/// What speaks to the server's address for tokens.
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

/// An error whose own words say enough.
pub fn fault(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::new(error.to_string())
}

/// What a server says, in words; never a token.
pub fn explain<T: oauth2::ErrorResponse + std::fmt::Display>(error: &RequestTokenError<Fault, T>) -> Fault {
    match error {
        RequestTokenError::ServerResponse(response) => {
            let said: String = printable(&response.to_string(), false).chars().take(MAX_TEXT).collect();
            Fault::new(format!("the server says {}", said.split_whitespace().collect::<Vec<_>>().join(" ")))
        }
        RequestTokenError::Request(fault) => fault.clone(),
        RequestTokenError::Parse(..) => Fault::new("the server's answer can't be read"),
        RequestTokenError::Other(why) => Fault::new(why),
    }
}
