//! Whether a store re-encoded a mail after its server judged it: any mail tells, whoever sent it.

use super::authres::AuthRes;
use super::border::Trusted;
use super::canonical;
use super::dkim::as_sent;
use super::signature::Signature;
use crate::mail::{Mail, is_within};

/// Whether the body of a mail is another than was signed, though its provider says that the signature was good; `None`
/// where the provider says nothing of a signature that the mail bears.
pub fn is_rewritten(raw: &[u8], trusted: &Trusted) -> Option<bool> {
    let mail = Mail::parse(raw).ok()?;
    let topmost = mail.values("Authentication-Results").next().and_then(AuthRes::parse)?;
    if !trusted.believes(&topmost.authserv_id) {
        return None;
    }
    let passed = topmost.results.iter().filter(|r| r.method == "dkim" && r.result == "pass");
    let domains: Vec<&str> = passed
        .filter_map(|r| r.property("header.d").or_else(|| r.property("header.i")?.rsplit_once('@').map(|(_, d)| d)))
        .collect();
    let wire = as_sent(raw);
    let body = wire.get(as_sent(raw.get(..mail.body_at)?).len()..)?;
    let is_passed = |s: &Signature| domains.iter().any(|domain| is_within(domain, &s.domain)) && s.is_of_whole_body();
    let is_other = |s: Signature| Some(s.bytes("bh")? != canonical::body_hash(s.forms()?.1, body));
    let signatures = mail.values("DKIM-Signature").filter_map(|value| Signature::parse(value).ok());
    let others: Vec<bool> = signatures.filter(is_passed).filter_map(is_other).collect();
    (!others.is_empty()).then(|| others.iter().all(|is_other| *is_other))
}
