//! Objections from a table: a CSV file, as spreadsheets write it in any country.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use encoding_rs::{Encoding, WINDOWS_1252};
use jiff::Timestamp;

use super::columns::Columns;
use crate::command::{Context, Failure, read_input};
use crate::objection::{Objection, Platform};
use crate::store::NewObjection;

/// So many faults are told of a file, and the number of the others.
const MAX_FAULTS: usize = 10;

/// What a file says.
pub struct Table {
    /// The objection of each row, with whether the row says when it was submitted.
    pub rows: Vec<(NewObjection, bool)>,
    /// The names of the columns that are not used.
    pub unused: Vec<String>,
    /// Whether a column says when they were submitted.
    pub has_times: bool,
}

impl Table {
    /// The objections that are not recorded yet, and how many rows are. A row without a time is the same objection as any of
    /// its platform and address.
    pub fn fresh(&self, recorded: &[Objection]) -> (Vec<NewObjection>, usize) {
        let mut known: HashMap<(Platform, String), Vec<Timestamp>> = HashMap::new();
        for o in recorded {
            known.entry((o.platform, o.email.to_lowercase())).or_default().push(o.submitted_at);
        }
        let mut news = Vec::new();
        for (new, is_dated) in &self.rows {
            let times = known.entry((new.platform, new.email.to_lowercase())).or_default();
            if times.iter().any(|at| !is_dated || *at == new.submitted_at) {
                continue;
            }
            times.push(new.submitted_at);
            news.push(new.clone());
        }
        let skipped = self.rows.len().saturating_sub(news.len());
        (news, skipped)
    }
}

/// Reads all lines. If some are faulty, the failure names them.
pub fn read(context: &Context<'_>, file: &Path, map: &[(String, String)]) -> Result<Table, Failure> {
    let name = file.display();
    let bytes = read_input(file)?;
    let text = decode(&bytes);
    // Excel names the delimiter in a line of its own above the header.
    let (text, above) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_start().to_lowercase().starts_with("sep=") => (rest, 1_u64),
        _ => (&*text, 0),
    };
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| Failure::usage(format!("`{name}`: {}", message(&error))))?;
    let columns = Columns::new(header, map).map_err(|failure| failure.within(format!("`{name}`")))?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record
            .map_err(|error| (above.saturating_add(line(error.position())), Failure::usage(message(&error))))
            .and_then(|record| {
                let row = columns.row(&record);
                let is_dated = row.submitted.is_some();
                row.check(context)
                    .map(|new| (new, is_dated))
                    .map_err(|failure| (above.saturating_add(line(record.position())), failure))
            }) {
            Ok(row) => rows.push(row),
            Err((line, failure)) => faults.push(format!("line {line}: {failure}")),
        }
    }
    if !faults.is_empty() {
        let more = faults.len().saturating_sub(MAX_FAULTS);
        faults.truncate(MAX_FAULTS);
        let more = if more > 0 { format!("\n  and {more} more lines") } else { String::new() };
        return Err(Failure::usage(format!("`{name}`: {}{more}", faults.join("\n  ")))
            .remedy("nothing was recorded, mend it and run again"));
    }
    if rows.is_empty() {
        return Err(Failure::usage(format!("`{name}`: no line under the header")).remedy("add one for each objection"));
    }
    let has_times = columns.has_times();
    Ok(Table { rows, unused: columns.unused, has_times })
}

/// The text of a file in UTF-8, in UTF-16 with its mark, or in Windows' code page of western Europe.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, _)), _) => encoding.decode(bytes).0,
        (None, Ok(text)) => Cow::Borrowed(text),
        (None, Err(_)) => WINDOWS_1252.decode(bytes).0,
    }
}

/// What stands between the cells: what the header has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    // The last of equals is taken, so that a header of one column is one with commas.
    ['\t', ';', ','].into_iter().max_by_key(|delimiter| header.matches(*delimiter).count()).map_or(b',', |c| c as u8)
}

fn line(position: Option<&csv::Position>) -> u64 {
    position.map_or(1, csv::Position::line)
}

fn message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} fields, the header has {expected_len}")
        }
        _ => "it can't be read".to_owned(),
    }
}
