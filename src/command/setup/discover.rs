//! Finds the IMAP server of a mail address: the one that the domain publishes, or that of the provider that takes its
//! mail.

use roxmltree::{Document, Node, ParsingOptions};

use crate::config::provider;
use crate::net::dns::Dns;
use crate::net::http;
use crate::source::imap::Security;

/// The size of the largest autoconfig file that is read, in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// The most XML nodes that such a file may have.
const MAX_NODES: u32 = 4096;

/// An IMAP server that was found.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user name to log in with, if it is not the address.
    pub user: Option<String>,
    /// Where this was found, in words for the user.
    pub by: String,
}

/// Looks for the IMAP server of an address: in an autoconfig file (Thunderbird's format, over HTTPS only) at `url` or
/// at the domain's usual places, then in SRV records (RFC 6186), then by the domain's MX. DNS answers can be forged, so
/// they are believed only for hosts of the domain itself and of known providers.
pub fn server(email: &str, url: Option<&str>, ca_pem: Option<&[u8]>, dns: &mut Dns) -> Option<Found> {
    let (local, domain) = email.rsplit_once('@')?;
    let domain = domain.to_lowercase();
    let places = match url {
        Some(url) => vec![url.to_owned()],
        None => vec![
            format!("https://autoconfig.{domain}/mail/config-v1.1.xml"),
            format!("https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml"),
        ],
    };
    for place in places {
        match http::get(&place, MAX_BYTES, ca_pem) {
            Ok(text) => {
                if let Some(found) = autoconfig(&text, email, local, &place) {
                    return Some(found);
                }
                tracing::info!(place, "names no IMAP server with TLS");
            }
            Err(why) => tracing::info!(place, %why, "gave no autoconfig file"),
        }
    }
    by_service(&domain, dns).or_else(|| by_exchanger(&domain, dns))
}

/// The first IMAP server in an autoconfig file that has TLS from the first byte, else the first with STARTTLS.
fn autoconfig(text: &str, email: &str, local: &str, place: &str) -> Option<Found> {
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let is_imap = |node: &Node<'_, '_>| node.has_tag_name("incomingServer") && node.attribute("type") == Some("imap");
    let mut servers: Vec<Found> = document
        .descendants()
        .filter(is_imap)
        .filter_map(|node| {
            let field = |name: &str| {
                let child = node.children().find(|child| child.has_tag_name(name));
                child.and_then(|child| child.text()).map(|text| text.trim().to_owned())
            };
            let security = match field("socketType")?.to_uppercase().as_str() {
                "SSL" | "TLS" => Security::Tls,
                "STARTTLS" => Security::StartTls,
                _ => return None,
            };
            let user = field("username")?.replace("%EMAILADDRESS%", email).replace("%EMAILLOCALPART%", local);
            let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
            let host = field("hostname")?.replace("%EMAILDOMAIN%", domain).to_lowercase();
            Some(Found {
                host: Some(host).filter(|host| is_host(host))?,
                port: field("port")?.parse().ok().filter(|port| *port > 0)?,
                security,
                user: (user != email && !user.contains('%')).then_some(user),
                by: place.to_owned(),
            })
        })
        .collect();
    servers.sort_by_key(|server| server.security != Security::Tls);
    servers.into_iter().next()
}

fn by_service(domain: &str, dns: &mut Dns) -> Option<Found> {
    for (service, security) in [("_imaps", Security::Tls), ("_imap", Security::StartTls)] {
        let name = format!("{service}._tcp.{domain}");
        let is_theirs = |host: &str| host == domain || host.ends_with(&format!(".{domain}"));
        let known = |host: &str| is_host(host) && (is_theirs(host) || provider::at(host).is_some());
        if let Some((host, port)) = dns.services(&name).into_iter().find(|(host, _)| known(host)) {
            return Some(Found { host, port, security, user: None, by: format!("the SRV record {name}") });
        }
    }
    None
}

fn by_exchanger(domain: &str, dns: &mut Dns) -> Option<Found> {
    let (exchanger, provider) =
        dns.exchangers(domain).into_iter().find_map(|host| Some((host.clone(), provider::receiving(&host)?)))?;
    let by = format!("the mail server of {domain}, {exchanger}");
    Some(Found {
        host: provider.host.clone(),
        port: Security::Tls.usual_port(),
        security: Security::Tls,
        user: None,
        by,
    })
}

/// Whether a text can be the name of a host.
fn is_host(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(servers: &str) -> Option<Found> {
        let text = format!(
            "<?xml version=\"1.0\"?><clientConfig><emailProvider id=\"x\">{servers}</emailProvider></clientConfig>"
        );
        autoconfig(&text, "anna@example.org", "anna", "there")
    }

    fn server(kind: &str, host: &str, port: &str, socket: &str, user: &str) -> String {
        format!(
            "<incomingServer type=\"{kind}\"><hostname>{host}</hostname><port>{port}</port>\
             <socketType>{socket}</socketType><username>{user}</username></incomingServer>"
        )
    }

    #[test]
    fn the_safest_imap_server_of_a_file_is_taken() {
        let all = server("pop3", "pop.example.org", "995", "SSL", "%EMAILADDRESS%")
            + &server("imap", "plain.example.org", "143", "plain", "%EMAILADDRESS%")
            + &server("imap", "start.example.org", "143", "STARTTLS", "%EMAILADDRESS%")
            + &server("imap", "imap.%EMAILDOMAIN%", " 993 ", "SSL", "%EMAILLOCALPART%");
        let found = Found {
            host: "imap.example.org".to_owned(),
            port: 993,
            security: Security::Tls,
            user: Some("anna".to_owned()),
            by: "there".to_owned(),
        };
        assert_eq!(read(&all), Some(found));
        assert_eq!(read(&server("imap", "plain.example.org", "143", "plain", "%EMAILADDRESS%")), None);
        assert_eq!(read(&server("imap", "imap.example.org; rm", "993", "SSL", "%EMAILADDRESS%")), None);
        assert_eq!(read(&server("imap", "imap.example.org", "0", "SSL", "%EMAILADDRESS%")), None);
    }

    #[test]
    fn what_is_no_such_file_is_none() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x>&a;</x>".to_owned();
        for text in [String::new(), "<html>".to_owned(), bomb, "<a>".repeat(10_000)] {
            assert_eq!(autoconfig(&text, "anna@example.org", "anna", "there"), None);
        }
    }
}
