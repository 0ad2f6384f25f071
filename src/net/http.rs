//! HTTPS only, bounded in time and size; redirections are not followed.

use std::time::Duration;

use ureq::Agent;
use ureq::http::{Request, Response};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::fault::Fault;

/// The size of the largest answer to a request for tokens, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;
/// How long a request may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Fetches a text of at most so many bytes. `ca_pem` replaces the system's trust roots.
pub fn get(url: &str, max_bytes: u64, ca_pem: Option<&[u8]>) -> Result<String, Fault> {
    let mut response = agent(ca_pem, true)?.get(url).call().map_err(|error| fault(&error))?;
    response.body_mut().with_config().limit(max_bytes).read_to_string().map_err(|error| fault(&error))
}

/// Posts a text.
pub fn post(url: &str, headers: &[(&str, &str)], body: &str) -> Result<(), Fault> {
    let mut request = agent(None, true)?.post(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let status = request.send(body).map_err(|error| fault(&error))?.status();
    // Not an error for `ureq`: a redirection that was not followed.
    if status.is_success() { Ok(()) } else { Err(Fault::new(format!("it answers {status}"))) }
}

/// Sends a request and returns the answer, whatever its status.
pub fn exchange(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Fault> {
    let response = agent(None, false)?.run(request).map_err(|error| fault(&error))?;
    let (head, mut body) = response.into_parts();
    let bytes = body.with_config().limit(MAX_ANSWER).read_to_vec().map_err(|error| fault(&error))?;
    Ok(Response::from_parts(head, bytes))
}

/// `is_status_error`: whether an answer with a status of 400 or above is an error. `ca_pem` replaces the system's
/// roots.
fn agent(ca_pem: Option<&[u8]>, is_status_error: bool) -> Result<Agent, Fault> {
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
                return Err(Fault::new("the CA file holds no certificate"));
            }
            RootCerts::from(certificates)
        }
    };
    let tls = TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(roots).build();
    let config = Agent::config_builder()
        .https_only(true)
        .http_status_as_error(is_status_error)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE))
        .tls_config(tls)
        .user_agent(concat!("tracker/", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(config.into())
}

fn fault(error: &ureq::Error) -> Fault {
    Fault::new(error.to_string())
}
