//! `tracker dossier`: the evidence for an authority.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Context, Failure, Output, complete, file, find, number};
use crate::draft::{Authorities, Texts};
use crate::fault::Fault;
use crate::objection::Objection;
use crate::report::{self, Recorded};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker dossier 3
  tracker dossier 3 -o evidence.zip
  tracker dossier 3 --language de
  cd tracker-objection-3 && sha256sum -c SHA256SUMS       anyone can check it")]
pub struct Args {
    /// The objection's number
    #[arg(value_parser = number, add = complete::objections())]
    pub id: i64,
    /// The language's code; tracker draft --language list tells all [default: the authority's]
    #[arg(long, value_name = "L")]
    pub language: Option<String>,
    /// A folder to make, or a file ending in .zip [default: tracker-objection-ID]
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let store = context.store()?;
    let records = store.records();
    let objection = find(records, args.id)?;
    let events = records.events(objection.id)?;
    let mails = records.with_bytes(&records.mails_of(objection.id)?)?;
    let texts = texts(context, args.language.as_deref(), &objection)?;
    let recorded = Recorded { standing: objection.at(context.now), events, mails };
    let folder = format!("tracker-objection-{}", objection.id);
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(&folder));
    let failure = |fault: Fault| Failure::refused(fault.within(format!("`{}`", path.display())));
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
