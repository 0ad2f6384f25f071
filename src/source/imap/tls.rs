//! TLS over a socket, with the system's trust roots and the account's own.

use native_tls::{Certificate, HandshakeError, Protocol, TlsConnector, TlsStream};

use super::error::{Error, ErrorKind};
use super::paced::Paced;
use super::server::{Security, Server};
use super::site::{Site, quote};

/// Protects a socket with TLS. The server's certificate must be for its host name.
pub fn encrypt(server: &Server, site: &Site, socket: Paced) -> Result<TlsStream<Paced>, Error> {
    match connector(server)?.connect(&server.host, socket) {
        Ok(stream) => Ok(stream),
        Err(HandshakeError::WouldBlock(_)) => Err(site.late().unwrap_or_else(|| site.lost())),
        Err(HandshakeError::Failure(error)) => {
            Err(site.late().unwrap_or_else(|| refused(server, site, &error.to_string())))
        }
    }
}

fn connector(server: &Server) -> Result<TlsConnector, Error> {
    let fault = |what: &str, remedy: &str| Error::new(ErrorKind::Configuration, what, remedy);
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(pem) = &server.ca_pem {
        let roots = Certificate::stack_from_pem(pem).unwrap_or_default();
        if roots.is_empty() {
            let remedy = "it must be in PEM (-----BEGIN CERTIFICATE-----)";
            return Err(fault("`ca_file` holds no certificate", remedy));
        }
        for root in roots {
            builder.add_root_certificate(root);
        }
    }
    builder.build().map_err(|error| fault(&format!("TLS can't be set up: {error}"), "check `ca_file`"))
}

/// Why a handshake failed, in words for the user. Only the texts of OpenSSL and macOS tell the causes apart.
fn refused(server: &Server, site: &Site, error: &str) -> Error {
    let text = error.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let place = &site.place;
    let certificate = format!("the certificate of `{place}`");
    let (what, remedy) = if has(&["mismatch"]) {
        (format!("{certificate} is for another host"), "check `host`")
    } else if has(&["expired"]) {
        (format!("{certificate} has expired"), "its operator must renew it")
    } else if has(&["not yet valid"]) {
        (format!("{certificate} is not valid yet"), "check this machine's clock")
    } else if has(&["local issuer", "self-signed", "self signed", "unable to get issuer", "not trusted", "unknown ca"])
    {
        (format!("{certificate} is by an unknown authority"), "if it is yours, name it with `ca_file`")
    } else if has(&["wrong version number", "packet length", "unexpected message", "http request", "record layer"]) {
        let is_tls = server.security == Security::Tls;
        let other = if is_tls { "security = \"starttls\"" } else { "security = \"tls\"" };
        let what = format!("`{place}` does not speak TLS there");
        return Error::new(ErrorKind::Unreachable, what, format!("check `port`, or try {other}"));
    } else {
        (format!("no TLS with `{place}`: {}", quote(error)), "check `host` and `port`")
    };
    Error::new(ErrorKind::Unreachable, what, remedy)
}
