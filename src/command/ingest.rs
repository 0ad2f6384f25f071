//! `tracker ingest`: the same judgement on mail from files.

use super::{Context, Failure, Output, Status, check, read_input, trusted};
use crate::cli::Ingest;
use crate::intake::Intake;
use crate::mail::header;
use crate::store::Place;

pub fn run(context: &Context<'_>, args: &Ingest) -> Result<Output, Failure> {
    let rules = context.rules()?;
    let account = context.account(args.account.as_deref())?;
    let trusted = trusted(account);
    let place = Place { account: account.map(|a| a.name.clone()), ..Place::default() };
    let mut store = context.store()?;
    let mut failures = Vec::new();
    let mut mails = store.transaction(|records| Intake::new(records, &rules, &trusted, context.now)?.reconsider())?;
    for path in &args.paths {
        let raw = match read_input(path) {
            Ok(raw) => raw,
            Err(failure) => {
                failures.push(failure);
                continue;
            }
        };
        if header::scan(&raw).0.is_empty() {
            let message = format!("`{}` is not a mail: it has no header; give a file in RFC 5322 form", path.display());
            failures.push(Failure::new(Status::Refused, &message));
            continue;
        }
        let taken = store
            .transaction(|records| Intake::new(records, &rules, &trusted, context.now)?.take(&place, &raw, None))?;
        mails.extend(taken);
    }
    let mut output = check::report(context, store.records(), &[], &mails)?;
    output.failures = failures;
    Ok(output)
}
