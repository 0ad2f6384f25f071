//! Whether a signer may speak for an author domain.

/// Relaxed alignment (RFC 7489 §3.1.1): the same organisational domain by the public suffix list.
pub fn is_aligned(signer: &str, author_domain: &str) -> bool {
    organisation(signer).is_some_and(|org| organisation(author_domain) == Some(org))
}

/// The organisational domain (RFC 7489 §3.2). What holds a blank or the like is no domain, whatever it ends with.
fn organisation(domain: &str) -> Option<&str> {
    let is_domain = domain.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
    is_domain.then(|| psl::domain_str(domain)).flatten()
}
