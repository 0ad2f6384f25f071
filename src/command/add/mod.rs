//! `tracker add`: records submitted objections.

mod columns;
mod row;
mod table;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Context, Failure, Output, complete, read_input};
use crate::config::Config;
use crate::fault::Fault;
use crate::mail::Address;
use crate::mail::relay::{self, Relay};
use crate::objection::{Objection, ObjectionId, Platform};
use crate::report;
use crate::store::{NewObjection, Records};
use row::Row;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker add --platform facebook --email me@example.org --country DE
  tracker add --platform facebook,instagram --email me@example.org --submitted 20.11.2026
  tracker add --from members.csv --dry-run
  tracker add --from members.csv --map \"Member no=label\"

A table has a header line. Its columns are platform and email and, if wanted, country, submitted, label, reason and form_url,
also by their German, French, Spanish, Italian, Polish and Dutch names. Rows that are recorded already are skipped.")]
pub struct Args {
    /// facebook, instagram, threads, whatsapp, or meta (a Meta account or Accounts Centre); several with commas between
    #[arg(long, value_name = "P", value_delimiter = ',', add = complete::words::<Platform>())]
    pub platform: Vec<Platform>,
    /// The address that you gave to the form
    #[arg(long, value_name = "ADDR")]
    pub email: Option<String>,
    /// Your country, two letters or its name [default: `country` in the configuration]
    #[arg(long, value_name = "CC", add = complete::countries())]
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
    /// With --from: the field that stands in a column (may be given several times)
    #[arg(long, value_name = "COLUMN=FIELD", requires = "from", value_parser = mapping)]
    pub map: Vec<(String, String)>,
    /// Only tell what would be recorded
    #[arg(long)]
    pub dry_run: bool,
}

fn mapping(text: &str) -> Result<(String, String), Fault> {
    let (column, field) =
        text.rsplit_once('=').ok_or_else(|| Fault::new("no `=` in it").remedy("write COLUMN=FIELD"))?;
    Ok((column.trim().to_owned(), field.trim().to_owned()))
}

/// So many warnings are told, and the number of the others.
const MAX_WARNINGS: usize = 10;

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let mut store = context.store()?;
    let (news, mut warnings) = match &args.from {
        Some(file) => from_table(store.records(), &table::read(context, file, &args.map)?)?,
        None => (from_options(context, args)?, Vec::new()),
    };
    if args.dry_run {
        warnings.push("nothing was recorded".to_owned());
        return Ok(Output { warnings, ..planned(context, &news) });
    }
    let ids = store.transaction(|records| {
        news.iter().map(|new| records.add(new, context.now)).collect::<Result<Vec<ObjectionId>, _>>()
    })?;
    let all = store.records().objections()?;
    let added: Vec<Objection> = all.iter().filter(|objection| ids.contains(&objection.id)).cloned().collect();
    warnings.extend(without_account(&added, &context.config));
    warnings.extend(at_relay(&added));
    warnings.extend(added.iter().filter_map(|new| twice(new, &all)));
    if warnings.len() > MAX_WARNINGS {
        let more = warnings.split_off(MAX_WARNINGS).len();
        warnings.push(format!("and {more} more warnings"));
    }
    if let ([only], true) = (added.as_slice(), context.console.is_terminal) {
        let id = only.id;
        warnings.push(format!("recorded as objection {id}; the code, as soon as it comes: tracker code {id} --wait"));
    }
    let json = || {
        let mut values: Vec<Value> = added.iter().map(|o| report::objection(&o.at(context.now))).collect();
        let is_one = args.from.is_none() && values.len() == 1;
        if is_one { values.pop().unwrap_or_default() } else { Value::Array(values) }
    };
    let output = context.output(json, || added.iter().map(|o| format!("{}\n", o.id)).collect());
    Ok(Output { warnings, ..output })
}

/// What would be recorded.
fn planned(context: &Context<'_>, news: &[NewObjection]) -> Output {
    let json = |new: &NewObjection| {
        json!({
            "platform": new.platform.as_str(), "email": new.email, "country": new.country, "label": new.label,
            "submitted_at": new.submitted_at.to_string(),
        })
    };
    let line = |new: &NewObjection| {
        let label = new.label.as_deref().map(|label| format!("  {}", report::line(label))).unwrap_or_default();
        let country = new.country.as_deref().unwrap_or("-");
        format!("{}  {}  {country}  {}{label}\n", new.platform, new.email, report::when(new.submitted_at))
    };
    context.output(|| news.iter().map(json).collect(), || news.iter().map(line).collect())
}

/// The rows of a table that are not recorded yet, and what is to be said of the table.
fn from_table(records: Records<'_>, table: &table::Table) -> Result<(Vec<NewObjection>, Vec<String>), Failure> {
    let (news, known) = table.fresh(&records.objections()?);
    let mut warnings = Vec::new();
    if !table.unused.is_empty() {
        let names: Vec<String> = table.unused.iter().map(|name| format!("`{}`", report::line(name))).collect();
        warnings.push(format!("not used: column {}; to use one: --map COLUMN=FIELD", names.join(", ")));
    }
    if !table.has_times && !table.unused.is_empty() {
        warnings.push(
            "no column says when they were submitted, so now is taken; to name one: --map COLUMN=submitted".to_owned(),
        );
    }
    if known > 0 {
        warnings.push(format!("{known} of {} rows are recorded already and are skipped", table.rows.len()));
    }
    Ok((news, warnings))
}

/// Warns where no account reads the mail of an objection's address.
fn without_account(added: &[Objection], config: &Config) -> Option<String> {
    let is_read = |email: &str| config.accounts.iter().any(|account| account.email.eq_ignore_ascii_case(email));
    let is_own = |email: &&str| !is_read(email) && relay_of(email).is_none();
    let mut unread: Vec<&str> = added.iter().map(|new| new.email.as_str()).filter(is_own).collect();
    unread.sort_unstable();
    unread.dedup();
    let (first, others) = unread.split_first().filter(|_| !config.accounts.is_empty())?;
    let others = if others.is_empty() { String::new() } else { format!(" and of {} other addresses", others.len()) };
    Some(format!(
        "no account is that of {first}{others}: its mail is found only if it is delivered to one that is configured; add it \
         with tracker setup --email {first}"
    ))
}

/// Warns where an address is a relay's, and says what that means.
fn at_relay(added: &[Objection]) -> Option<String> {
    let (email, relay) = added.iter().find_map(|new| relay_of(&new.email).map(|relay| (&new.email, relay)))?;
    Some(format!(
        "{email} is an alias of {}, which sends mail on in its own name: nothing can prove Meta's answers, so they are held \
         for you to judge (tracker held); give Meta's form an address of your own if you can",
        relay.name
    ))
}

fn relay_of(email: &str) -> Option<&'static Relay> {
    Address::parse(email).and_then(|address| relay::giving(&address))
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

/// An objection for each platform that the options name. On a terminal what is missing is asked for.
fn from_options(context: &Context<'_>, args: &Args) -> Result<Vec<NewObjection>, Failure> {
    let missing: Vec<&str> = [(args.platform.is_empty(), "--platform <P>"), (args.email.is_none(), "--email <ADDR>")]
        .into_iter()
        .filter_map(|(is_missing, option)| is_missing.then_some(option))
        .collect();
    if !missing.is_empty() && !context.console.can_ask() {
        return Err(Failure::usage(format!(
            "the following required arguments were not provided: {}",
            missing.join(" ")
        ))
        .remedy("see tracker add --help"));
    }
    let platforms = match args.platform.as_slice() {
        [] => platforms(&context.console.ask("The platform (facebook, instagram, threads, whatsapp, meta)", None)?)?,
        given => given.to_vec(),
    };
    let email = match &args.email {
        Some(email) => email.clone(),
        None => context.console.ask("The address that you gave to the form", None)?,
    };
    let reason = match &args.reason_file {
        Some(path) => Some(
            String::from_utf8(read_input(path)?)
                .map_err(|_| Failure::usage(format!("`{}` is not UTF-8 text", path.display())).remedy("convert it"))?,
        ),
        None => args.reason.clone(),
    };
    let row = |platform: Platform| Row {
        platform: platform.to_string(),
        email: email.clone(),
        country: args.country.clone(),
        submitted: args.submitted.clone(),
        label: args.label.clone(),
        reason: reason.clone(),
        form_url: args.form_url.clone(),
    };
    platforms.into_iter().map(|platform| row(platform).check(context)).collect()
}

fn platforms(answer: &str) -> Result<Vec<Platform>, Failure> {
    answer.split([',', ' ']).filter(|word| !word.is_empty()).map(|word| word.parse().map_err(Failure::usage)).collect()
}
