//! `tracker rules check`: whether rules are well formed, what in them can never match, and what the corpus says of them.

mod checkout;
mod corpus;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::{Context, Failure, Output, read_input};
use crate::mail::text::line;
use crate::signal::{Flaw, Rules, flaws, flaws_of_classes, never_matching};
use checkout::Checkout;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker rules check                                 ours and your own
  tracker rules check ~/.config/tracker/rules/da.toml
  tracker rules check src/signal/rules/da.toml        in a checkout: no need to build")]
pub struct Args {
    #[command(subcommand)]
    pub command: RulesCommand,
}

/// What to do about rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Say what is wrong in rules, and where
    ///
    /// Files of a checkout (`src/signal/rules`, `src/signal/words`) stand for those that came with the program, and its
    /// sample mails (`tests/corpus`) are judged anew. Any other file is a user's own.
    Check {
        /// Files of rules [default: the user's own, and in a checkout all of its]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// A file of rules, and what is wrong in it.
struct Checked {
    /// As the user knows it.
    name: String,
    text: String,
    /// Its name in the program, as `rules/da.toml`, if it stands for one of the program's.
    ours: Option<String>,
    flaws: Vec<Flaw>,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let RulesCommand::Check { files } = &args.command;
    let checkout = Checkout::find();
    let mut checked = read(context, files, checkout.as_ref())?;
    let built_in = Rules::built_in()?;
    for file in &mut checked {
        file.flaws = match &file.ours {
            Some(name) if name.starts_with("words/") => flaws_of_classes(&file.text),
            Some(_) => flaws(&file.text, None),
            None => flaws(&file.text, Some(&built_in)),
        };
    }
    let samples = if checked.iter().all(|file| file.flaws.is_empty()) {
        let rules = Rules::of(&pairs(&checked, true), &pairs(&checked, false))?;
        for file in checked.iter_mut().filter(|file| file.ours.as_ref().is_none_or(|name| name.starts_with("rules/"))) {
            file.flaws = never_matching(&file.text, &rules);
        }
        checkout.map_or_else(
            || Ok(corpus::Samples::default()),
            |checkout| corpus::judge(&checkout, &rules, &languages(&checked)),
        )?
    } else {
        corpus::Samples::default()
    };
    Ok(said(context, &checked, &samples))
}

/// The named files; without any, all of the checkout's and the user's own.
fn read(context: &Context<'_>, files: &[PathBuf], checkout: Option<&Checkout>) -> Result<Vec<Checked>, Failure> {
    let named = |path: &Path| -> Result<Checked, Failure> {
        let text = String::from_utf8(read_input(path)?)
            .map_err(|_| Failure::usage(format!("`{}` is not UTF-8", path.display())).remedy("save it as UTF-8"))?;
        let ours = checkout.and_then(|checkout| checkout.name_of(path));
        Ok(Checked { name: path.display().to_string(), text, ours, flaws: Vec::new() })
    };
    if !files.is_empty() {
        return files.iter().map(|path| named(path)).collect();
    }
    let ours = checkout.map(Checkout::files).unwrap_or_default();
    let mut checked: Vec<Checked> = ours.iter().map(|path| named(path)).collect::<Result<_, _>>()?;
    let own = context.config.own_rules()?;
    checked.extend(own.into_iter().map(|(name, text)| Checked { name, text, ours: None, flaws: Vec::new() }));
    Ok(checked)
}

/// Names and texts of the files that stand for the program's, or of the user's own.
fn pairs(checked: &[Checked], ours: bool) -> Vec<(String, String)> {
    let chosen = checked.iter().filter(|file| file.ours.is_some() == ours);
    chosen.map(|file| (file.ours.clone().unwrap_or_else(|| file.name.clone()), file.text.clone())).collect()
}

/// The languages of the files.
fn languages(checked: &[Checked]) -> Vec<String> {
    let of = |file: &Checked| match &file.ours {
        Some(name) => Some(Path::new(name).file_stem()?.to_str()?.to_owned()),
        None => toml::from_str::<toml::Table>(&file.text).ok()?.get("language")?.as_str().map(str::to_owned),
    };
    let mut languages: Vec<String> = checked.iter().filter_map(of).collect();
    languages.sort_unstable();
    languages.dedup();
    languages
}

fn said(context: &Context<'_>, checked: &[Checked], samples: &corpus::Samples) -> Output {
    let mut output = context.output(|| document(checked, samples), || text(checked, samples));
    let flaws: usize = checked.iter().map(|file| file.flaws.len()).sum();
    if flaws > 0 || !samples.faults.is_empty() {
        let what = format!("{flaws} flaws, {} sample mails not as expected", samples.faults.len());
        output.failures.push(Failure::refused(what).remedy("mend the lines; docs/rules.md explains them"));
    }
    output
}

fn text(checked: &[Checked], samples: &corpus::Samples) -> String {
    let flaws = checked.iter().flat_map(|file| {
        file.flaws
            .iter()
            .map(|flaw| format!("{}:{}:{}: {}\n", line(&file.name), flaw.line, flaw.column, line(&flaw.what)))
    });
    let faults = samples.faults.iter().map(|fault| format!("{}: {}\n", fault.file, line(&fault.what)));
    let mut text: String = flaws.chain(faults).collect();
    text.push_str(&format!("{} files checked, {} sample mails judged\n", checked.len(), samples.judged));
    text
}

fn document(checked: &[Checked], samples: &corpus::Samples) -> serde_json::Value {
    let flaw = |flaw: &Flaw| json!({ "line": flaw.line, "column": flaw.column, "message": flaw.what });
    json!({
        "files": checked.iter().map(|file| json!({
            "file": file.name, "flaws": file.flaws.iter().map(flaw).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "samples": {
            "judged": samples.judged,
            "faults": samples.faults.iter().map(|f| json!({ "file": f.file, "message": f.what })).collect::<Vec<_>>(),
        },
    })
}
