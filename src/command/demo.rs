//! `tracker demo`: the main job on a sample inbox, in a database that exists in memory only.

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;

use super::{Context, Failure, Output};
use crate::config::Dkim;
use crate::intake::{Basis, Delivery};
use crate::net::dns::Dns;
use crate::objection::Platform;
use crate::report;
use crate::store::{Kept, NewObjection, Outcome, Place, Store};
use crate::trust::Trusted;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker demo")]
pub struct Args {}

/// The sample inbox in the order of arrival: for each synthetic mail, what it is and its text.
const INBOX: [(&str, &str); 6] = [
    ("the code for Facebook's form", include_str!("demo/code.eml")),
    ("a login code, which is none of our business", include_str!("demo/login_code.eml")),
    ("an announcement, which decides nothing", include_str!("demo/announcement.eml")),
    ("a newsletter", include_str!("demo/newsletter.eml")),
    ("Instagram's acceptance", include_str!("demo/acceptance.eml")),
    ("a forged acceptance for Facebook", include_str!("demo/forged.eml")),
];

const HEAD: &str = "Two objections are recorded, then six mails arrive:\n";
const TAIL: &str = "
Now for real:
  tracker add --platform facebook --email you@example.org     after you sent the form
  tracker check                                               looks at the inbox (tracker setup adds your account)
";

pub fn run(context: &Context<'_>) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let trusted = Trusted { authserv_ids: vec!["mx.example.org".to_owned()], ..Trusted::default() };
    let mut store = Store::in_memory()?;
    let start = context.now.saturating_sub(SignedDuration::from_mins(20)).unwrap_or(context.now);
    let (mut mails, mut tale) = (Vec::new(), String::from(HEAD));
    store.transaction::<_, Failure>(|records| {
        for platform in [Platform::Facebook, Platform::Instagram] {
            records.add(&objection(platform, start), start)?;
        }
        Ok::<_, Failure>(())
    })?;
    for (minute, (what, text)) in (1..).zip(INBOX) {
        let at = start.saturating_add(SignedDuration::from_mins(minute)).unwrap_or(start);
        let raw = dated(text, at).into_bytes();
        let mail = Delivery { place: Place::default(), raw, arrived_at: Some(at), waits_since: None };
        let basis = Basis::new(&rules, at, Dns::new(&Dkim { verify: false, ..Dkim::default() }));
        let taken = basis.take_in(&mut store, &trusted, vec![mail], |_, _| Ok(()))?.mails.pop();
        tale.push_str(&format!("  {what}\n    → {}\n", outcome(taken.as_ref())));
        mails.extend(taken);
    }
    let records = store.records();
    let objections = records.objections()?;
    let standings: Vec<_> = objections.iter().map(|o| o.at(context.now)).collect();
    let held = records.held()?;
    let code = records.usable_code(None, context.now)?;
    let text = || {
        let list = report::objections(&standings, context.console.is_terminal);
        let code = code.as_ref().map_or("", |code| code.digits.expose_secret());
        let held = report::held(&held, context.console.is_terminal);
        format!("{tale}\n$ tracker list\n{list}\n$ tracker code\n{code}\n\n$ tracker held\n{held}{TAIL}")
    };
    Ok(context.output(|| report::run(context.now, &[], &mails, &[], &[]), text))
}

/// A sample mail with a date filled in.
fn dated(text: &str, at: Timestamp) -> String {
    let date = jiff::fmt::rfc2822::to_string(&at.to_zoned_datetime(jiff::tz::TimeZone::UTC)).unwrap_or_default();
    text.replace("{date}", &date)
}

fn objection(platform: Platform, submitted_at: Timestamp) -> NewObjection {
    NewObjection {
        platform,
        email: "anna@example.org".to_owned(),
        country: Some("DE".to_owned()),
        label: None,
        reason: None,
        form_url: None,
        submitted_at,
    }
}

fn outcome(taken: Option<&Kept>) -> String {
    match taken {
        None => "ignored".to_owned(),
        Some(Kept { outcome: Outcome::Applied(id), states: Some((before, after)), .. }) => {
            format!("objection {id}: {before} → {after}")
        }
        Some(kept) => format!("held: {}", report::held_as(kept)),
    }
}
