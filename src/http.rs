//! HTTPS, and nothing else: bounded in time and size, no redirects to elsewhere.

use std::time::Duration;

use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

/// How long a request may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Fetches a text of at most so many bytes. `ca_pem` replaces the system's trust roots.
///
/// # Errors
/// What went wrong, as the rest of a sentence.
pub fn get(url: &str, max_bytes: u64, ca_pem: Option<&[u8]>) -> Result<String, String> {
    let mut response = agent(ca_pem)?.get(url).call().map_err(|error| error.to_string())?;
    response.body_mut().with_config().limit(max_bytes).read_to_string().map_err(|error| error.to_string())
}

/// Posts a text.
///
/// # Errors
/// What went wrong, as the rest of a sentence.
pub fn post(url: &str, headers: &[(&str, &str)], body: &str) -> Result<(), String> {
    let mut request = agent(None)?.post(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send(body).map(drop).map_err(|error| error.to_string())
}

fn agent(ca_pem: Option<&[u8]>) -> Result<Agent, String> {
    let roots = match ca_pem {
        None => RootCerts::PlatformVerifier,
        Some(pem) => {
            let certificates: Vec<Certificate<'static>> = parse_pem(pem)
                .filter_map(|item| match item {
                    Ok(PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                })
                .collect();
            if certificates.is_empty() {
                return Err("the CA file holds no certificate".to_owned());
            }
            RootCerts::from(certificates)
        }
    };
    let tls = TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(roots).build();
    let config = Agent::config_builder()
        .https_only(true)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE))
        .tls_config(tls)
        .user_agent(concat!("tracker/", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(config.into())
}
