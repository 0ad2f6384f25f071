//! A login by a code that the person types in a browser anywhere (RFC 8628).

use std::time::Duration;

use jiff::Timestamp;
use oauth2::basic::BasicErrorResponse;
use oauth2::{DeviceAuthorizationUrl, Scope, StandardDeviceAuthorizationResponse};

use super::client::{Oauth, PATIENCE, client, explain, fault, not_logged_in};
use super::tokens::keep;
use crate::fault::Fault;
use crate::net::http;

/// The longest pause between two questions to the server whether the person has agreed.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Lets a person agree by typing a code, and keeps the tokens. `show` is given the address to open and the code.
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
        // The server names the pause, but no longer one than a person waits.
        .request(&http::exchange, |pause| std::thread::sleep(pause.min(MAX_PAUSE)), Some(PATIENCE))
        .map_err(|error| not_logged_in(explain(&error)))?;
    keep(oauth, &tokens, now)
}
