//! `tracker dossier`: the evidence for an authority.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Context, Failure, Output, Status, file, find};
use crate::cli::Dossier;
use crate::draft::{Authorities, Texts};
use crate::fault::Fault;
use crate::objection::Objection;
use crate::report::{self, Recorded};

pub fn run(context: &Context<'_>, args: &Dossier) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let objection = find(records, args.id)?;
    let events = records.events(objection.id)?;
    let mails = records.with_bytes(&records.mails_of(objection.id)?)?;
    let texts = texts(context, args.language.as_deref(), &objection)?;
    let recorded = Recorded { standing: objection.at(context.now), events, mails };
    let folder = format!("tracker-objection-{}", objection.id);
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(&folder));
    let failure =
        |fault: Fault| Failure::new(Status::Refused, &fault.within(format!("`{}`", path.display())).to_string());
    let files = report::dossier(&recorded, &texts, &context.config.person).map_err(failure)?;
    if is_zip(&path) {
        let bytes = report::zip(&folder, &files, context.now).map_err(failure)?;
        file::create(&path, &bytes)?;
    } else {
        file::create_folder(&path, &files)?;
    }
    let name = path.display().to_string();
    let names = || files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    Ok(context.output(|| json!({ "path": name, "files": names() }), || format!("{name}\n")))
}

/// The language of the record: the one asked for, else the one in which the complaint is written, else English.
fn texts(context: &Context<'_>, asked: Option<&str>, objection: &Objection) -> Result<Texts, Failure> {
    let authorities = Authorities::load()?;
    let preferred = context.config.language.as_deref();
    let own = || authorities.language_of(objection.country.as_deref()?, preferred);
    Ok(Texts::new(asked.or_else(own).unwrap_or("en"))?)
}

fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}
