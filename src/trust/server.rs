//! What the account's own provider says of a sender: its Authentication-Results (RFC 8601), and nobody else's.

use super::alignment::is_aligned;
use super::authres::{AuthRes, MethodResult};
use super::border::{Border, Trusted};
use crate::mail::{Address, Mail};

/// What the provider's servers say, taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Testimony {
    /// They prove the author domain.
    Proves {
        /// The domain that was proven.
        domain: String,
        /// The selector, where they tell it.
        selector: Option<String>,
        /// `dkim` or `dmarc`.
        method: String,
        /// In words.
        reason: String,
    },
    /// They say that it is not so; in words.
    Denies(String),
    /// They prove nothing; in words.
    Silent(String),
}

/// Hears the provider's servers on a mail by this author; with a line on each header, for the user.
#[must_use]
pub fn hear(mail: &Mail, author: &Address, trusted: &Trusted) -> (Testimony, Vec<String>) {
    let mut lines = Vec::new();
    let headers = believed(mail, trusted, &mut lines);
    let silent = |why: &str| Testimony::Silent(format!("claims to be {}, no proof: {why}", author.domain()));
    let testimony = match headers.first() {
        _ if trusted.authserv_ids.is_empty() && !trusted.is_nameless => {
            silent("no server's Authentication-Results are believed for this account (`authserv_ids`)")
        }
        None if trusted.is_nameless => silent("no Authentication-Results by its provider"),
        None => silent(&format!("no Authentication-Results by {}", trusted.authserv_ids.join(" or "))),
        Some(first) => {
            let results: Vec<&MethodResult> = headers.iter().flat_map(|h| &h.results).collect();
            weigh(&results, author.domain(), &named(first))
        }
    };
    (testimony, lines)
}

fn named(header: &AuthRes) -> String {
    if header.authserv_id.is_empty() { "the server".to_owned() } else { header.authserv_id.clone() }
}

/// What the results say about the author domain.
fn weigh(results: &[&MethodResult], domain: &str, says: &str) -> Testimony {
    let dkim = |word: &str| {
        results
            .iter()
            .find(|r| r.method == "dkim" && r.result == word && signer(r).is_some_and(|d| is_aligned(d, domain)))
    };
    let dmarc =
        |word: &str| results.iter().find(|r| r.method == "dmarc" && r.result == word && of_author(r) == Some(domain));
    let any = |method: &str, word: &str| results.iter().any(|r| r.method == method && r.result == word);
    let proven = dkim("pass").or_else(|| dmarc("pass"));
    match proven {
        Some(_) if any("dmarc", "fail") => {
            Testimony::Denies(format!("{says} contradicts itself about {domain}: a pass beside dmarc=fail"))
        }
        Some(_) if dkim("fail").is_some() => {
            Testimony::Denies(format!("{says} contradicts itself about {domain}: a pass beside dkim=fail"))
        }
        Some(proof) => {
            let signer = signer(proof).unwrap_or(domain);
            Testimony::Proves {
                domain: signer.to_owned(),
                selector: proof.property("header.s").map(str::to_owned),
                method: proof.method.clone(),
                reason: format!("{}=pass for {signer}, says {says}", proof.method),
            }
        }
        None if any("dmarc", "fail") => Testimony::Denies(format!("claims to be {domain}, but {says} says dmarc=fail")),
        None if any("dkim", "fail") => Testimony::Denies(format!("claims to be {domain}, but {says} says dkim=fail")),
        None => {
            let saw = if any("dkim", "pass") { "another domain's signature" } else { "no signature" };
            Testimony::Silent(format!("claims to be {domain}, no proof: {says} saw {saw}"))
        }
    }
}

/// The domain that a dmarc result is about; Mail.ru writes the whole address.
fn of_author(result: &MethodResult) -> Option<&str> {
    result.property("header.from").map(|from| from.rsplit_once('@').map_or(from, |(_, domain)| domain))
}

/// The signing domain of a dkim result: `header.d`, else the domain of `header.i` (RFC 6376 §3.5). They must agree.
fn signer(result: &MethodResult) -> Option<&str> {
    let d = result.property("header.d");
    let i = result.property("header.i").map(|i| i.rsplit_once('@').map_or(i, |(_, domain)| domain));
    match (d, i) {
        (Some(d), Some(i)) => crate::mail::is_within(i, d).then_some(d),
        (d, i) => d.or(i),
    }
}

/// The Authentication-Results written by the receiving side: from the top, before anything that a stranger's server
/// or the sender wrote. A server that adds its own removes forged ones (RFC 8601 §5), but not every server does.
fn believed(mail: &Mail, trusted: &Trusted, lines: &mut Vec<String>) -> Vec<AuthRes> {
    let mut found: Vec<AuthRes> = Vec::new();
    let mut border = Border::default();
    for header in &mail.headers {
        let is_results = header.is("Authentication-Results");
        if !is_results {
            border.pass(header, trusted, !found.is_empty());
            continue;
        }
        let read = AuthRes::parse(&header.value);
        let id = read.as_ref().map_or_else(|| "?".to_owned(), named);
        let verdict = match read {
            _ if border.is_closed => Err("it may be the sender's own".to_owned()),
            // Unreadable and possibly the server's own: nothing below it may speak in its place.
            None => {
                border.is_closed = true;
                Err("it can't be read".to_owned())
            }
            Some(read) if !trusted.believes(&read.authserv_id) => Err("not by the account's provider".to_owned()),
            Some(read) if is_surplus(&read, &found, &border, trusted) => {
                border.is_closed = true;
                Err("only the topmost counts".to_owned())
            }
            Some(read) => Ok(read),
        };
        lines.push(match &verdict {
            Ok(read) => format!("Authentication-Results by {id}: believed: {}", summary(read)),
            Err(why) => format!("Authentication-Results by {id}: not believed: {why}"),
        });
        found.extend(verdict.ok());
    }
    found
}

/// Whether the provider has said all that it says. Where it writes several headers under one id, it does so before the
/// border, where no stranger's can stand.
fn is_surplus(read: &AuthRes, found: &[AuthRes], border: &Border, trusted: &Trusted) -> bool {
    if trusted.repeats {
        border.is_passed
    } else if trusted.is_divided {
        found.iter().any(|earlier| earlier.authserv_id == read.authserv_id)
    } else {
        !found.is_empty()
    }
}

/// What counts of a header, in a line.
fn summary(read: &AuthRes) -> String {
    let told = |r: &MethodResult| {
        let of = signer(r).or(r.property("header.from")).map(|domain| format!(" for {domain}")).unwrap_or_default();
        format!("{}={}{of}", r.method, r.result)
    };
    let results: Vec<String> = read.results.iter().map(told).collect();
    if results.is_empty() { "no result".to_owned() } else { results.join(", ") }
}
