//! Lists: a table on a terminal, lines with tabs between the columns elsewhere.

use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};

use super::line;
use super::words::{next, reason, says, when};
use crate::objection::{Standing, Turn};
use crate::store::Kept;

/// The objections, in the order given.
pub fn objections(objections: &[Standing<'_>], is_terminal: bool) -> String {
    let rows = objections.iter().map(|s| {
        let o = s.objection;
        let who =
            o.label.as_ref().map_or_else(|| line(&o.email), |label| format!("{} ({})", line(label), line(&o.email)));
        let paused = s.paused_due_on.map(|day| format!(" or {day}")).unwrap_or_default();
        let due = format!("{}{paused}{}", s.due_on, if s.is_overdue { " overdue" } else { "" });
        let style = match (s.is_overdue, s.next.turn) {
            (true, _) => Emphasis::Alarm,
            (false, Turn::You) => Emphasis::Call,
            _ => Emphasis::Plain,
        };
        let cells = [o.id.to_string(), o.platform.to_string(), who, o.state.to_string(), due, next(s)];
        (cells.to_vec(), style)
    });
    render(&["ID", "Platform", "Address", "State", "Due", "Next"], rows, is_terminal)
}

/// Held mails, in the order given.
pub(crate) fn held(mails: &[Kept], is_terminal: bool) -> String {
    let rows = mails.iter().map(|mail| {
        let cells = [mail.id.to_string(), when(mail.received_at), reason(mail).to_owned(), says(mail)];
        (cells.to_vec(), Emphasis::Plain)
    });
    render(&["Mail", "Arrived", "Held as", "What"], rows, is_terminal)
}

/// How a row stands out.
#[derive(Clone, Copy)]
enum Emphasis {
    Plain,
    /// It is the user's turn.
    Call,
    /// The answer is overdue.
    Alarm,
}

fn render(header: &[&str], rows: impl Iterator<Item = (Vec<String>, Emphasis)>, is_terminal: bool) -> String {
    if !is_terminal {
        return rows.map(|(cells, _)| format!("{}\n", cells.join("\t"))).collect();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).enforce_styling();
    table.set_header(header.iter().map(|title| Cell::new(title).add_attribute(Attribute::Underlined)));
    for (cells, style) in rows {
        table.add_row(cells.into_iter().map(|text| match style {
            Emphasis::Plain => Cell::new(text),
            Emphasis::Call => Cell::new(text).add_attribute(Attribute::Bold),
            Emphasis::Alarm => Cell::new(text).add_attribute(Attribute::Bold).fg(Color::Red),
        }));
    }
    table.lines().map(|row| format!("{}\n", row.trim_end())).collect()
}
