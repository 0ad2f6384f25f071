//! `[dkim]`: whether signatures are verified, and who is asked for their keys.

use std::net::{IpAddr, SocketAddr};

use serde::Deserialize;
use toml::Spanned;

use crate::fault::Fault;
use crate::net::dns::Dkim;

/// The port of DNS (RFC 1035 §4.2).
const PORT: u16 = 53;

/// The table, as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDkim {
    verify: Option<bool>,
    nameserver: Option<String>,
}

/// Checks the table, if there is one. A fault comes with the table's place in the file.
pub(super) fn read(raw: Option<Spanned<RawDkim>>) -> Result<Dkim, (usize, Fault)> {
    let Some(raw) = raw else { return Ok(Dkim::default()) };
    let offset = raw.span().start;
    dkim(raw.into_inner()).map_err(|fault| (offset, fault))
}

fn dkim(raw: RawDkim) -> Result<Dkim, Fault> {
    let nameserver = raw.nameserver.map(|text| {
        let address = text.parse().or_else(|_| text.parse().map(|ip: IpAddr| SocketAddr::new(ip, PORT)));
        address.map_err(|_| {
            Fault::new(format!("[dkim]: `nameserver = \"{text}\"` is no address"))
                .remedy("write it as 192.0.2.53:53 or [2001:db8::53]:53")
        })
    });
    Ok(Dkim { verify: raw.verify.unwrap_or(true), nameserver: nameserver.transpose()? })
}
