//! `tracker add`: records a submitted objection.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::{Context, Failure, Output, find, parse_when, read_input, typed};
use crate::config::{Config, parse_country};
use crate::fault::Fault;
use crate::objection::{Objection, ObjectionId, Platform};
use crate::report;
use crate::store::NewObjection;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker add --platform facebook --email me@example.org --country DE
  tracker add --platform instagram --email me@example.org --submitted 2026-11-20
  tracker add --from members.csv     columns platform,email[,country,submitted,label,reason,form_url]")]
pub struct Args {
    /// facebook, instagram, threads, whatsapp, or meta (a Meta account or Accounts Centre)
    #[arg(long, value_name = "P", required_unless_present = "from")]
    pub platform: Option<Platform>,
    /// The address that you gave to the form
    #[arg(long, value_name = "ADDR", required_unless_present = "from")]
    pub email: Option<String>,
    /// Your country, two letters [default: `country` in the configuration]
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// When you sent the form, such as 2026-11-24, 24.11.2026 14:30, yesterday or `2 weeks ago` [default: now]
    #[arg(long, value_name = "WHEN")]
    pub submitted: Option<String>,
    /// The reason that you gave
    #[arg(long, value_name = "TEXT", conflicts_with = "reason_file")]
    pub reason: Option<String>,
    /// A file with the reason that you gave
    #[arg(long, value_name = "F")]
    pub reason_file: Option<PathBuf>,
    /// Your own name for it
    #[arg(long, value_name = "L")]
    pub label: Option<String>,
    /// The address of the form
    #[arg(long, value_name = "U")]
    pub form_url: Option<String>,
    /// Record many from a CSV file with a header line, all or none
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["platform", "email", "country", "submitted", "reason", "reason_file", "label", "form_url"])]
    pub from: Option<PathBuf>,
}

/// The longest reason that is kept, in characters.
const MAX_REASON: usize = 20_000;

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let news = match &args.from {
        Some(file) => read_csv(context, file)?,
        None => vec![from_options(context, args)?],
    };
    let mut store = context.store()?;
    let ids = store.transaction(|records| {
        news.iter().map(|new| records.add(new, context.now)).collect::<Result<Vec<ObjectionId>, _>>()
    })?;
    let records = store.records();
    let added = ids.iter().map(|id| find(records, id.0)).collect::<Result<Vec<_>, _>>()?;
    let json = || {
        let mut values: Vec<Value> = added.iter().map(|o| report::objection(&o.at(context.now))).collect();
        if args.from.is_some() { Value::Array(values) } else { values.pop().unwrap_or_default() }
    };
    let mut output = context.output(json, || added.iter().map(|o| format!("{}\n", o.id)).collect());
    let all = records.objections()?;
    for new in &added {
        let unread = without_account(new, &context.config).filter(|warning| !output.warnings.contains(warning));
        output.warnings.extend(unread.into_iter().chain(twice(new, &all)));
    }
    if let ([only], true) = (added.as_slice(), context.console.is_terminal) {
        let id = only.id;
        output
            .warnings
            .push(format!("recorded as objection {id}; the code, as soon as it comes: tracker code {id} --wait"));
    }
    Ok(output)
}

/// Warns where no account reads the mail of an objection's address.
fn without_account(new: &Objection, config: &Config) -> Option<String> {
    let is_read = config.accounts.iter().any(|account| account.email.eq_ignore_ascii_case(&new.email));
    (!config.accounts.is_empty() && !is_read).then(|| {
        format!(
            "no account is that of {}: its mail is found only if it is delivered to one that is configured; add it with \
             tracker setup --email {}",
            new.email, new.email
        )
    })
}

/// Warns where an older objection waits for the same answer.
fn twice(new: &Objection, all: &[Objection]) -> Option<String> {
    let is_same =
        |o: &&Objection| o.id < new.id && o.state.is_pending() && o.platform == new.platform && o.email == new.email;
    all.iter().find(is_same).map(|old| {
        format!(
            "objection {} is pending for {} and {} too, and an answer that fits both is held; if it is the same one: \
             tracker forget {}",
            old.id, new.platform, new.email, new.id
        )
    })
}

fn from_options(context: &Context<'_>, args: &Args) -> Result<NewObjection, Failure> {
    let (Some(platform), Some(email)) = (args.platform, &args.email) else {
        return Err(Failure::usage("--platform and --email are missing").remedy("see tracker add --help"));
    };
    let reason = match &args.reason_file {
        Some(path) => Some(
            String::from_utf8(read_input(path)?)
                .map_err(|_| Failure::usage(format!("`{}` is not UTF-8 text", path.display())).remedy("convert it"))?,
        ),
        None => args.reason.clone(),
    };
    let row = Row {
        platform: platform.to_string(),
        email: email.clone(),
        country: args.country.clone(),
        submitted: args.submitted.clone(),
        label: args.label.clone(),
        reason,
        form_url: args.form_url.clone(),
    };
    row.check(context)
}

/// An objection as the user writes it, on the command line or in a line of the CSV file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    platform: String,
    email: String,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    submitted: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    form_url: Option<String>,
}

impl Row {
    fn check(self, context: &Context<'_>) -> Result<NewObjection, Failure> {
        let given = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let platform: Platform = self.platform.trim().parse().map_err(|fault: Fault| Failure::usage(fault))?;
        let email = typed::address(&self.email)?;
        let country = match given(self.country) {
            Some(code) => Some(parse_country(&code)?),
            None => context.config.country.clone(),
        };
        let submitted_at = match self.submitted {
            Some(text) => parse_when("submitted", &text, country.as_deref(), context.now)?,
            None => context.now,
        };
        let reason = given(self.reason);
        if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
            return Err(
                Failure::usage(format!("the reason is longer than {MAX_REASON} characters")).remedy("shorten it")
            );
        }
        Ok(NewObjection {
            platform,
            email: email.to_string(),
            country,
            label: given(self.label),
            reason,
            form_url: given(self.form_url),
            submitted_at,
        })
    }
}

/// Reads all lines. If some are faulty, the failure names every one of them.
fn read_csv(context: &Context<'_>, file: &Path) -> Result<Vec<NewObjection>, Failure> {
    let bytes = read_input(file)?;
    // Spreadsheets put a byte order mark first, which would become part of the first column's name.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let mut news = Vec::new();
    let mut faults = Vec::new();
    for row in reader.deserialize::<Row>() {
        let line = match &row {
            Err(error) => error.position().map_or(1, csv::Position::line),
            Ok(_) => 0,
        };
        match row.map_err(|error| Failure::usage(csv_message(&error))) {
            Ok(row) => match row.check(context) {
                Ok(new) => news.push(new),
                // The header is line 1, so the first objection is in line 2.
                Err(fault) => {
                    let line = news.len().saturating_add(faults.len()).saturating_add(2);
                    faults.push(format!("line {line}: {fault}"));
                }
            },
            Err(fault) => faults.push(format!("line {line}: {fault}")),
        }
    }
    let name = file.display();
    if !faults.is_empty() {
        return Err(Failure::usage(format!("`{name}`: {}", faults.join("\n  ")))
            .remedy("nothing was recorded, mend it and run again"));
    }
    if news.is_empty() {
        return Err(Failure::usage(format!("`{name}`: no line under the header")).remedy("add one for each objection"));
    }
    Ok(news)
}

fn csv_message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} fields, the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        _ => "it can't be read".to_owned(),
    }
}
