//! What the account's own provider says of a sender: its Authentication-Results (RFC 8601), and nobody else's.

use super::alignment::is_aligned;
use super::authres::{AuthRes, MethodResult};
use super::border::{self, Border, Trusted};
use super::signature::Signature;
use crate::mail::{Address, Mail, is_within};

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
            weigh(mail, &results, author.domain(), &named(first))
        }
    };
    (testimony, lines)
}

fn named(header: &AuthRes) -> String {
    if header.authserv_id.is_empty() { "the server".to_owned() } else { header.authserv_id.clone() }
}

/// What the results say about the author domain.
fn weigh(mail: &Mail, results: &[&MethodResult], domain: &str, says: &str) -> Testimony {
    let dkim = |word: &str| {
        results
            .iter()
            .find(|r| r.method == "dkim" && r.result == word && signer(r).is_some_and(|d| is_aligned(d, domain)))
    };
    let dmarc =
        |word: &str| results.iter().find(|r| r.method == "dmarc" && r.result == word && of_author(r) == Some(domain));
    let any = |method: &str, word: &str| results.iter().any(|r| r.method == method && r.result == word);
    let by_author = dmarc("pass");
    let proven = dkim("pass").filter(|r| by_author.is_some() || bears_signature(mail, r)).or(by_author);
    match proven {
        Some(_) if is_nothing_beside(results, domain) => {
            Testimony::Silent(format!("claims to be {domain}, no proof: {says} says both pass and none"))
        }
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

/// Whether the mail bears a signature that a server can have verified: no server is known that takes them out, so a pass
/// for one that is not there came into the results another way.
fn bears_signature(mail: &Mail, result: &MethodResult) -> bool {
    let domains = mail.values("DKIM-Signature").filter_map(|value| match Signature::parse(value) {
        Ok(signature) => Some(signature.domain),
        Err(domain) => domain,
    });
    signer(result).is_some_and(|signer| domains.into_iter().any(|domain| is_within(signer, &domain)))
}

/// Whether nothing was found beside what passed: words of the sender's that stand among the server's own.
fn is_nothing_beside(results: &[&MethodResult], domain: &str) -> bool {
    let is_both = |method: &str, of: fn(&MethodResult) -> Option<&str>| {
        let has = |word: &str| {
            let mut said = results.iter().filter(|r| r.method == method && r.result == word);
            said.any(|r| of(r).is_none_or(|named| is_aligned(named, domain)))
        };
        has("pass") && has("none")
    };
    is_both("dkim", signer) || is_both("dmarc", of_author)
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
        (Some(d), Some(i)) => is_within(i, d).then_some(d),
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
            Some(read) if greets_strangely(&read, mail, trusted) => {
                border.is_closed = true;
                Err("words of the sender's own greeting may stand in it".to_owned())
            }
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

/// Whether the host that sent the mail may have put words into the results by how it greeted: they tell the greeting
/// (`smtp.helo`), and not the one word by which the receiving host knows it.
fn greets_strangely(read: &AuthRes, mail: &Mail, trusted: &Trusted) -> bool {
    let is_greeting = |name: &str| name.rsplit('.').next().is_some_and(|name| name == "helo" || name == "ehlo");
    let properties = read.results.iter().flat_map(|r| &r.properties).map(|(name, value)| (name, value));
    let methods = read.results.iter().map(|r| (&r.method, &r.result));
    let mut greetings = properties.chain(methods).filter(|(name, _)| is_greeting(name)).map(|(_, value)| value);
    let known = border::greeting(mail, trusted);
    let can_prove = read.results.iter().any(|r| r.method == "dkim" || r.method == "dmarc");
    can_prove && greetings.any(|greeting| known.as_ref().is_none_or(|known| !known.contains(greeting)))
}

/// Whether the provider has said all that it says. Where it writes several headers under one id, it does so before the
/// border, where no stranger's can stand; so may another of its programs that speaks of neither DKIM nor DMARC, as
/// pypolicyd-spf's (SPF) and `OpenARC`'s do.
fn is_surplus(read: &AuthRes, found: &[AuthRes], border: &Border, trusted: &Trusted) -> bool {
    if trusted.repeats {
        border.is_passed
    } else if trusted.is_divided {
        found.iter().any(|earlier| earlier.authserv_id == read.authserv_id)
    } else {
        let is_spoken = found.iter().flat_map(|h| &h.results).any(|r| r.method == "dkim" || r.method == "dmarc");
        is_spoken || !found.is_empty() && border.is_passed
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
