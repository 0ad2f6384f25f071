//! `oauth = { … }` of an account: the client, and the addresses of known services.

use std::path::Path;

use secrecy::SecretString;
use serde::Deserialize;

use crate::fault::Fault;
use crate::secret::Oauth;

/// The table, as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOauth {
    provider: String,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    device_url: Option<String>,
    auth_url: Option<String>,
    token_url: Option<String>,
    scopes: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    service: Vec<Service>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    name: String,
    device_url: Option<String>,
    auth_url: Option<String>,
    token_url: String,
    scopes: Vec<String>,
    #[allow(dead_code, reason = "for the reader of the file; its presence is checked")]
    checked: String,
}

/// Checks and completes an account's client.
pub(super) fn client(raw: &RawOauth, account: &str, base: &Path) -> Result<Oauth, Fault> {
    let known = services().into_iter().find(|service| service.name == raw.provider);
    let Some(client_id) = raw.client_id.clone().filter(|id| !id.is_empty()) else {
        let fault = Fault::new("`oauth` has no `client_id`");
        return Err(fault.remedy("register a client with the provider and name its id"));
    };
    let has_own = raw.token_url.is_some() && (raw.auth_url.is_some() || raw.device_url.is_some());
    if known.is_none() && !has_own {
        let names: Vec<String> = services().into_iter().map(|service| service.name).collect();
        let remedy = format!("use {}, or add token_url and device_url or auth_url", names.join(" or "));
        return Err(Fault::new(format!("`oauth` has the unknown provider `{}`", raw.provider)).remedy(remedy));
    }
    let (mut device_url, mut auth_url, mut token_url, mut scopes) = (None, None, None, Vec::new());
    // Where the user names addresses, none of a known service's may be mixed in.
    if let Some(service) = known.filter(|_| !has_own) {
        (device_url, auth_url, token_url) = (service.device_url, service.auth_url, Some(service.token_url));
        scopes = service.scopes;
    }
    let oauth = Oauth {
        client_id,
        client_secret: raw.client_secret.clone(),
        device_url: raw.device_url.clone().or(device_url),
        auth_url: raw.auth_url.clone().or(auth_url),
        token_url: raw.token_url.clone().or(token_url).unwrap_or_default(),
        scopes: raw.scopes.clone().unwrap_or(scopes),
        tokens: base.join(format!("{account}.tokens")),
        account: account.to_owned(),
    };
    let urls = [&oauth.device_url, &oauth.auth_url].into_iter().flatten().chain([&oauth.token_url]);
    if let Some(url) = urls.into_iter().find(|url| !url.starts_with("https://")) {
        return Err(Fault::new(format!("`oauth` has the address `{url}`")).remedy("write https://…"));
    }
    Ok(oauth)
}

fn services() -> Vec<Service> {
    // A mistake in the table would leave it empty; a test makes sure that there is none.
    toml::from_str::<Services>(include_str!("services.toml")).map(|table| table.service).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read() {
        let names: Vec<String> = services().into_iter().map(|service| service.name).collect();
        assert_eq!(names, ["microsoft", "google"]);
    }
}
