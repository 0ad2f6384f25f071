//! The arithmetic of the due date, step by step, so that anyone can check it.

use jiff::civil::Date;

use crate::objection::deadline::Term;
use crate::objection::{Objection, Standing};

/// How the due date comes about: a sentence for each step, with the rule that the step rests on.
pub(super) fn steps(s: &Standing<'_>) -> Vec<String> {
    let o = s.objection;
    let mut steps = term(&o.first_term(), o.is_british());
    if let Some(due) = s.extended_due_on {
        steps.push(format!(
            "the controller announced two further months, counted from receipt too: {} ({})",
            count(&o.term()),
            law(o, "Art. 12(3)")
        ));
        steps.push(format!("so the answer is due on {}", day(due)));
    }
    if let Some(paused) = s.paused_due_on {
        let since = s.paused_since.map_or_else(
            || "information was asked for in between".to_owned(),
            |since| format!("information is asked for since {}; if it were sent today", day(since)),
        );
        let by = law(o, "Art. 12(6)");
        steps.push(format!(
            "{since}: should the time stand still meanwhile, the answer is due on {} ({by})",
            day(paused)
        ));
    }
    if o.state.is_pending() {
        let on = day(s.complain_on);
        steps.push(format!(
            "a complaint waits until the reading by which the month begins a day later is over too: {on}"
        ));
    }
    steps
}

fn term(term: &Term, is_british: bool) -> Vec<String> {
    let rule = |article: &str| {
        if is_british { "the ICO's rule".to_owned() } else { format!("Regulation 1182/71 {article}") }
    };
    vec![
        format!("received on {}, a day that does not count ({})", day(term.received), rule("Art. 3(1)")),
        format!("{} ({})", count(term), rule("Art. 3(2)(c) and (4)")),
        format!("so the answer is due on {}, by the end of that day", day(term.due)),
    ]
}

/// Where the months of a term end, and the days of rest that put the end off.
fn count(term: &Term) -> String {
    let months = if term.months == 1 { "the next month".to_owned() } else { format!("{} months later", term.months) };
    let last = if term.is_shortened() {
        format!("the last day of the shorter month, {months}: {}", day(term.last))
    } else {
        format!("the same date {months}: {}", day(term.last))
    };
    let place = term.rest_in();
    let rests = term.rest.iter().map(|(rest, name)| match rest.weekday() {
        jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday => format!("{rest} is {name}"),
        _ => format!("{rest} is {name}, a public holiday in {place}"),
    });
    let rests: Vec<String> = rests.collect();
    if rests.is_empty() {
        last
    } else {
        format!("{last}; {}; the next working day: {}", rests.join("; "), day(term.due))
    }
}

fn law(o: &Objection, article: &str) -> String {
    if o.is_british() { format!("UK GDPR {article}") } else { format!("GDPR {article}") }
}

fn day(day: Date) -> String {
    day.strftime("%Y-%m-%d (%a)").to_string()
}
