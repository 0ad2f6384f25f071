//! The arithmetic of the due date, step by step, so that anyone can check it.

use jiff::civil::Date;

use crate::objection::deadline::Term;
use crate::objection::law::{Certainty, Rule, Topic, is_known};
use crate::objection::{Objection, Question, Standing};

/// How the due date comes about: a sentence for each step, with the rule that the step rests on.
pub(super) fn steps(s: &Standing<'_>) -> Vec<String> {
    let o = s.objection;
    let mut steps: Vec<String> = elsewhere(o).into_iter().chain(term(&o.first_term(), o)).collect();
    if let Some(due) = s.extended_due_on {
        steps.push(format!(
            "the controller announced two further months, counted from receipt too: {} ({})",
            counted(&o.term()),
            law(o, Topic::Month)
        ));
        steps.push(format!("so the answer is due on {}", day(due)));
    }
    steps.extend(s.paused_due_on.map(|due| later(s, due)));
    steps.extend(law_of_its_day(o));
    steps.extend(unread(o));
    if o.state.is_pending() {
        let on = day(s.complain_on);
        steps.push(format!(
            "a complaint waits until the reading by which the month begins a day later is over too: {on}"
        ));
        steps.extend(complaint(s));
    }
    steps
}

/// Under what condition the later date is the one that counts.
pub(super) fn if_paused(s: &Standing<'_>) -> &'static str {
    match s.objection.rule(Topic::Restart) {
        None => "if the time stood still",
        Some(_) if s.objection.is_restarted() => "as the month begins with proof of who you are",
        Some(_) => "if you were asked who you are",
    }
}

/// That the law is not known here, where it is not.
fn elsewhere(o: &Objection) -> Option<String> {
    let country = o.country.as_deref().filter(|country| !is_known(Some(country)))?;
    Some(format!(
        "what the law of `{country}` says of objections is not known here: these are the dates that the GDPR would set"
    ))
}

/// The date by the reading that is better for the controller.
fn later(s: &Standing<'_>, due: Date) -> String {
    let o = s.objection;
    let restart = o.rule(Topic::Restart);
    let (since, arrived) = match s.paused_since {
        Some(since) => (format!("information is asked for since {}; if it were sent today", day(since)), "arrives"),
        None => ("information was asked for in between".to_owned(), "arrived"),
    };
    let then = match restart {
        None => "should the time stand still meanwhile".to_owned(),
        Some(_) if o.is_restarted() => format!("it is about who you are, so the month begins when it {arrived}"),
        Some(_) => format!("should it be about who you are, the month begins when it {arrived}"),
    };
    let by = restart.or(o.rule(Topic::Pause)).map(cited).unwrap_or_default();
    format!("{since}: {then}, the answer is due on {} ({by})", day(due))
}

/// What a change of the law leaves as it was, and what a question that stops nothing is.
fn law_of_its_day(o: &Objection) -> Option<String> {
    let submitted = o.local_day(o.submitted_at);
    if let Some(rule) = o.regime().later(Topic::Restart, submitted) {
        let (on, article) = (rule.from, rule.article);
        return Some(format!(
            "submitted before {on}, when {article} came into force, so it is counted as the law was then"
        ));
    }
    let is_clarified = o.pauses.iter().all(|pause| pause.question == Some(Question::Clarification));
    let rule = o.rule(Topic::Restart).filter(|_| is_clarified && !o.pauses.is_empty())?;
    Some(format!("what was asked for is not about who you are, so the time runs on ({})", cited(rule)))
}

/// Which rules of the date were not read themselves.
pub(crate) fn unread(o: &Objection) -> Option<String> {
    let rules = [Topic::Month, Topic::Count].into_iter().filter_map(|topic| o.rule(topic));
    let cited: Vec<String> = rules.filter(|rule| rule.certainty != Certainty::Read).map(cited).collect();
    let page = "docs/law.md says where from";
    (!cited.is_empty()).then(|| format!("the text itself was not read: {}; {page}", cited.join("; ")))
}

/// Where a complaint goes, where that changed.
fn complaint(s: &Standing<'_>) -> Option<String> {
    let (first, then) = (s.rule_today(Topic::ComplaintToController)?, s.rule_today(Topic::Complaint)?);
    Some(format!(
        "a complaint goes to the controller first ({}, since {}; the reminder is one), then to the authority ({})",
        first.article, first.from, then.article
    ))
}

/// A rule as it is cited: what is only reported is not called certain.
fn cited(rule: &Rule) -> String {
    match rule.certainty {
        Certainty::Read => rule.article.to_owned(),
        Certainty::Reported => format!("{}, as reported", rule.article),
        Certainty::Unconfirmed => format!("{}, not confirmed", rule.article),
    }
}

fn term(term: &Term, o: &Objection) -> Vec<String> {
    let count = law(o, Topic::Count);
    let rule = |article: &str| if o.is_british() { count.clone() } else { format!("{count} {article}") };
    vec![
        format!("received on {}, a day that does not count ({})", day(term.received), rule("Art. 3(1)")),
        format!("{} ({})", counted(term), rule("Art. 3(2)(c) and (4)")),
        format!("so the answer is due on {}, by the end of that day", day(term.due)),
    ]
}

/// Where the months of a term end, and the days of rest that put the end off.
fn counted(term: &Term) -> String {
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

/// What the rule on a topic is called under which the objection is.
fn law(o: &Objection, topic: Topic) -> String {
    o.rule(topic).map(|rule| rule.article.to_owned()).unwrap_or_default()
}

fn day(day: Date) -> String {
    day.strftime("%Y-%m-%d (%a)").to_string()
}
