//! Objections as CSV (RFC 4180), safe to open in a spreadsheet.

use ::csv::Writer;
use jiff::civil::Date;

use crate::objection::Standing;

const HEADER: [&str; 18] = [
    "id",
    "platform",
    "email",
    "country",
    "label",
    "state",
    "submitted_at",
    "due_on",
    "overdue",
    "case_number",
    "turn",
    "next",
    "next_on",
    "extended_due_on",
    "paused_due_on",
    "form_url",
    "reason",
    "updated_at",
];

/// The objections, in the order given, under a header line.
pub fn objections(objections: &[Standing<'_>]) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    // Writing to memory can't fail.
    let _ = writer.write_record(HEADER);
    for standing in objections {
        let _ = writer.write_record(row(standing));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn row(s: &Standing<'_>) -> [String; HEADER.len()] {
    let o = s.objection;
    [
        o.id.to_string(),
        o.platform.to_string(),
        inert(&o.email),
        o.country.clone().unwrap_or_default(),
        inert(o.label.as_deref().unwrap_or_default()),
        o.state.to_string(),
        o.submitted_at.to_string(),
        s.due_on.to_string(),
        s.is_overdue.to_string(),
        inert(o.case_numbers.first().map_or("", String::as_str)),
        s.next.turn.as_str().to_owned(),
        s.next.action.as_str().to_owned(),
        date(s.next.on),
        date(s.extended_due_on),
        date(s.paused_due_on),
        inert(o.form_url.as_deref().unwrap_or_default()),
        inert(o.reason.as_deref().unwrap_or_default()),
        o.updated_at.to_string(),
    ]
}

fn date(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Text that a spreadsheet does not take for a formula (OWASP, CSV injection): the signs that start one, also in their
/// wide forms, and after spaces and invisible characters that a spreadsheet may drop.
fn inert(text: &str) -> String {
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '|', '%', '＝', '＋', '－', '＠'];
    let is_dropped = |c: char| c.is_whitespace() || c.is_control() || is_invisible(c);
    let is_formula = text.starts_with(signs) || text.trim_start_matches(is_dropped).starts_with(signs);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// Whether a character shows nothing: soft hyphen, joiners, marks of direction, fillers, tags (Unicode's
/// `Default_Ignorable_Code_Point`).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn what_a_spreadsheet_would_run_is_made_text() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u{a0}=1",
            "＝1",
            "|cmd",
            "\u{feff}=1",
            "\u{200b} \u{202e}=1",
            "\0=1",
        ] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        assert_eq!(inert("a=b"), "a=b");
    }
}
