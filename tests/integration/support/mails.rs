//! Synthetic mails of `example.*` people, as their provider `mx.example.org` hands them over.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A mail that is put together header by header.
#[derive(Clone)]
pub struct Mail {
    pub results: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub id: String,
    pub date: String,
    pub body: String,
}

impl Mail {
    /// What a server delivers: with its own word on the sender on top.
    pub fn raw(&self) -> String {
        let results = &self.results;
        let results = if results.is_empty() { String::new() } else { format!("Authentication-Results: {results}\r\n") };
        format!("{results}{}{}", self.received(), self.message())
    }

    /// What its provider's server writes when it takes it in.
    pub fn received(&self) -> String {
        format!("Received: from mx-out.example.net by mx.example.org with ESMTPS; {}\r\n", self.date_header())
    }

    /// What its sender wrote.
    pub fn message(&self) -> String {
        let Self { from, to, subject, id, body, .. } = self;
        let date = self.date_header();
        let text = format!(
            "Date: {date}\nFrom: {from}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{id}>\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}"
        );
        text.replace('\n', "\r\n")
    }

    fn date_header(&self) -> String {
        let date: Timestamp = self.date.parse().expect("a time");
        jiff::fmt::rfc2822::to_string(&date.to_zoned_datetime(TimeZone::UTC)).expect("a date")
    }

    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// The same mail by somebody whom nothing vouches for.
    pub fn forged(mut self) -> Self {
        let domain = self.from.rsplit_once('@').map_or("", |(_, domain)| domain.trim_end_matches('>')).to_owned();
        self.results = format!("mx.example.org; dkim=none; dmarc=fail header.from={domain}");
        self.id = format!("forged-{}", self.id);
        self
    }
}

fn mail(from: &str, domain: &str, to: &str, date: &str, subject: &str, body: &str) -> Mail {
    Mail {
        results: format!("mx.example.org; dkim=pass header.d={domain} header.s=s1; dmarc=pass header.from={domain}"),
        from: from.to_owned(),
        to: to.to_owned(),
        subject: subject.to_owned(),
        id: format!("{subject}-{date}-{to}").replace([' ', ':'], "."),
        date: date.to_owned(),
        body: body.to_owned(),
    }
}

pub fn code(to: &str, digits: &str, date: &str) -> Mail {
    let body = format!(
        "Hi,\n\nUse this code to verify your email address on Facebook.\n\nYour email verification code\n{digits}\n\nThanks,\nFacebook\n"
    );
    let from = "Facebook <security@facebookmail.com>";
    mail(from, "facebookmail.com", to, date, "Verify your email address", &body)
}

pub fn acceptance(to: &str, date: &str) -> Mail {
    let body = "Hi,\n\nThank you for contacting us.\n\nWe've reviewed your request and will honor your objection. \
                This means your request will be applied going forward.\n\nThanks,\nPrivacy Operations\n";
    let subject = "Object to your information being used for AI at Meta #100200300400500";
    mail("Facebook <case++aBcD1234EfGh@support.facebook.com>", "support.facebook.com", to, date, subject, body)
}

pub fn refusal(to: &str, date: &str) -> Mail {
    let body = "Hi,\n\nWe've reviewed your request. We will not be able to honor your objection.\n\nThanks,\nPrivacy Operations\n";
    let subject = "Object to your information being used for AI at Meta #100200300400500";
    mail("Facebook <case++aBcD1234EfGh@support.facebook.com>", "support.facebook.com", to, date, subject, body)
}

pub fn newsletter(to: &str, date: &str) -> Mail {
    let body = "Readers report this answer: \"We've reviewed your request and will honor your objection.\"\n";
    mail("Privacy Weekly <news@example.com>", "example.com", to, date, "We will honor your objection", body)
}
