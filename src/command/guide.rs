//! `tracker guide`: the steps to the form, and its address.

use std::fmt::Write;

use serde_json::{Value, json};
use strum::VariantArray;

use super::{Context, Failure, Output};
use crate::draft::{Form, FormGuide};
use crate::objection::Platform;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker guide
  tracker guide instagram")]
pub struct Args {
    /// facebook, instagram, threads, whatsapp, or meta (a Meta account or Accounts Centre) [default: which is which]
    pub platform: Option<Platform>,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let guide = FormGuide::load()?;
    let chosen: Vec<Platform> = args.platform.map_or_else(|| Platform::VARIANTS.to_vec(), |platform| vec![platform]);
    let forms: Vec<(Platform, &Form)> = chosen.into_iter().filter_map(|p| Some((p, guide.form(p)?))).collect();
    let json = || {
        let mut values: Vec<Value> = forms.iter().map(|(platform, form)| value(&guide, *platform, form)).collect();
        if args.platform.is_some() { values.pop().unwrap_or_default() } else { Value::Array(values) }
    };
    Ok(context.output(json, || match (args.platform, forms.as_slice()) {
        (Some(platform), [(_, form)]) => steps(&guide, platform, form),
        _ => overview(&guide, &forms),
    }))
}

/// The command that records the objection after the form is sent.
fn add(platform: Platform, form: &Form) -> String {
    format!("tracker add --platform {platform} --email YOUR@ADDRESS --country CC --form-url {}", form.url)
}

fn steps(guide: &FormGuide, platform: Platform, form: &Form) -> String {
    let mut out = format!("How to object: {}\n\n", form.name);
    for (number, step) in (1..).zip(guide.steps(form)) {
        let _ = writeln!(out, "  {number}. {step}");
    }
    let _ = writeln!(out, "\n       {}", add(platform, form));
    let mut list = |title: &str, lines: &[String]| {
        let _ = writeln!(out, "\n{title}");
        for line in lines {
            let _ = writeln!(out, "  - {line}");
        }
    };
    list("The form asks for", &form.asks);
    list("One objection covers", &form.covers);
    if !form.others.is_empty() {
        list("Other addresses that were in use", &form.others);
    }
    let _ = writeln!(out, "\n{}", guide.rights);
    let _ = writeln!(out, "\n{}\nMeta's own page: {}", guide.way, guide.help);
    let _ = writeln!(out, "Addresses checked on {}; this form was last seen in use in {}.", guide.checked, form.seen);
    out
}

/// All forms, with what each of them covers.
fn overview(guide: &FormGuide, forms: &[(Platform, &Form)]) -> String {
    let mut out = String::from("Which form is for what:\n");
    for (platform, form) in forms {
        let _ = writeln!(out, "\n{platform}: {}\n  {}", form.name, form.url);
        for line in &form.covers {
            let _ = writeln!(out, "  - {line}");
        }
    }
    let _ = writeln!(out, "\nThe steps: tracker guide facebook (or another). Addresses checked on {}.", guide.checked);
    out
}

fn value(guide: &FormGuide, platform: Platform, form: &Form) -> Value {
    json!({
        "platform": platform.as_str(),
        "name": form.name,
        "form_url": form.url,
        "other_urls": form.others,
        "seen": form.seen,
        "checked_on": guide.checked,
        "help_url": guide.help,
        "rights": guide.rights,
        "steps": guide.steps(form),
        "asks": form.asks,
        "covers": form.covers,
        "add": add(platform, form),
    })
}
