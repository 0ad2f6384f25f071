//! `tracker code`: the digits to type, and nothing else.

use secrecy::ExposeSecret;

use super::{Context, Failure, Output, Status, find};
use crate::cli::Code;
use crate::objection::ObjectionId;
use crate::report;

pub fn run(context: &Context<'_>, args: &Code) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let objection = args.id.map(|id| find(records, id)).transpose()?;
    let Some(code) = records.usable_code(args.id.map(ObjectionId), context.now)? else {
        let (which, known) = match &objection {
            Some(o) => (format!(" for objection {}", o.id), o.code),
            None => (String::new(), None),
        };
        let why = match known {
            Some(code) if code.is_used => "it was used".to_owned(),
            Some(code) => format!("it expired at {}", report::when(code.expires_at)),
            None => "none came".to_owned(),
        };
        let message = format!("no usable code{which}: {why}; run tracker check, or ask for a new one in the form");
        return Err(Failure::new(Status::Refused, &message));
    };
    Ok(context.output(|| report::code(&code), || format!("{}\n", code.digits.expose_secret())))
}
