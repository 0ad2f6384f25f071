//! `tracker guide`: the steps to the form, and its address.

use std::fmt::Write;

use serde_json::{Value, json};
use strum::VariantArray;

use super::draft::usual_reason;
use super::{Context, Failure, Output, complete};
use crate::draft::{Form, FormGuide};
use crate::objection::Platform;
use crate::system::desktop;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker guide
  tracker guide instagram
  tracker guide facebook --open")]
pub struct Args {
    /// facebook, instagram, threads, whatsapp, or meta (a Meta account or Accounts Centre) [default: which is which]
    #[arg(add = complete::words::<Platform>())]
    pub platform: Option<Platform>,
    /// Open the form in the browser, with a reason for it on the clipboard
    #[arg(long, requires = "platform")]
    pub open: bool,
}

pub fn run(context: &Context<'_>, args: &Args) -> Result<Output, Failure> {
    let guide = FormGuide::load()?;
    let chosen: Vec<Platform> = args.platform.map_or_else(|| Platform::VARIANTS.to_vec(), |platform| vec![platform]);
    let forms: Vec<(Platform, &Form)> = chosen.into_iter().filter_map(|p| Some((p, guide.form(p)?))).collect();
    if let ([(platform, form)], true) = (forms.as_slice(), args.open) {
        return Ok(opened(context, &guide, *platform, form));
    }
    let json = || {
        let mut values: Vec<Value> = forms.iter().map(|(platform, form)| value(&guide, *platform, form)).collect();
        if args.platform.is_some() { values.pop().unwrap_or_default() } else { Value::Array(values) }
    };
    Ok(context.output(json, || match (args.platform, forms.as_slice()) {
        (Some(platform), [(_, form)]) => steps(&guide, platform, form),
        _ => overview(&guide, &forms),
    }))
}

/// The guide to a form that is opened, if there is a browser, with a reason on the clipboard, if there is one.
fn opened(context: &Context<'_>, guide: &FormGuide, platform: Platform, form: &Form) -> Output {
    let Opening { reason, is_copied, is_open, warnings } = open(context, form);
    let json = || {
        let mut value = value(guide, platform, form);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("opened".to_owned(), is_open.into());
            fields.insert("copied".to_owned(), is_copied.into());
            fields.insert("reason".to_owned(), reason.clone().into());
        }
        value
    };
    let text = || {
        let reason = reason.as_ref().filter(|_| !is_copied);
        let reason = reason.map(|text| format!("\nA reason for its field; make it your own:\n\n{text}\n"));
        format!("{}{}", steps(guide, platform, form), reason.unwrap_or_default())
    };
    Output { warnings, ..context.output(json, text) }
}

/// What came of opening a form.
pub struct Opening {
    /// A reason for its field, if one can be made for the user's country.
    pub reason: Option<String>,
    pub is_copied: bool,
    pub is_open: bool,
    /// What the user is to know of it.
    pub warnings: Vec<String>,
}

/// Opens a form in the browser, and puts a reason on the clipboard.
pub fn open(context: &Context<'_>, form: &Form) -> Opening {
    let (reason, why) = match usual_reason(context) {
        Ok(reason) => (Some(reason), None),
        Err(failure) => (None, Some(format!("no reason was made: {failure}"))),
    };
    let is_copied = reason.as_ref().is_some_and(|reason| desktop::copy(reason));
    let is_open = desktop::open(&form.url);
    let opening = if is_open {
        "the form opens in your browser".to_owned()
    } else {
        format!("no browser here: open {}", form.url)
    };
    let copied = is_copied.then(|| "a reason for its field is on the clipboard; make it your own".to_owned());
    let warnings = [Some(opening), copied, why].into_iter().flatten().collect();
    Opening { reason, is_copied, is_open, warnings }
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
