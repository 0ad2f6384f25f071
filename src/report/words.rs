//! Sentences for the user: what changed, what to do next, when.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::line;
use crate::intake::Doubt;
use crate::judge::Reason;
use crate::mail::text::cut;
use crate::objection::law::Topic;
use crate::objection::{Action, Standing, State, Turn};
use crate::signal::Signal;
use crate::store::{Kept, Outcome};
use crate::trust::Proof;

/// So much of a name or subject is shown in a line.
const SHOWN: usize = 120;

/// A moment in the user's own time.
pub(crate) fn when(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// What to do next, in words.
pub(crate) fn next(s: &Standing<'_>) -> String {
    let (id, due) = (s.objection.id, s.answer_due_on);
    match (s.next.action, s.objection.state) {
        (Action::EnterCode, _) => {
            let code = s.objection.code.map_or(String::new(), |code| {
                let assumed = if code.is_assumed { ", assumed" } else { "" };
                format!(" (good until {}{assumed})", when(code.expires_at))
            });
            format!("enter the code: tracker code {id}{code}")
        }
        (Action::JudgeMail, _) => "a mail that may be about it is held: tracker held".to_owned(),
        (Action::Wait, _) if !s.objection.complaints.is_empty() => complained(s),
        (Action::Wait, State::Submitted) => "wait for the mail with the code: it comes within minutes".to_owned(),
        (Action::Wait, _) => format!("wait: answers take minutes to a day; overdue after {due}"),
        (Action::SendInformation, _) => {
            format!("send what was asked for, see tracker show {id}; once it arrived: tracker mark {id} sent")
        }
        (Action::LookForMail, _) => look_for_mail(s),
        (Action::Remind, _) if s.rule_today(Topic::ComplaintToController).is_some() => format!(
            "complain to Meta, its time to answer was over on {due}: tracker draft reminder {id}; once it is sent: \
             tracker mark {id} complained"
        ),
        (Action::Remind, _) => {
            format!("remind Meta, its time to answer was over on {due}: tracker draft reminder {id}")
        }
        (Action::Complain, _) => {
            format!("complain to your supervisory authority, no answer by {due}: tracker draft complaint {id}")
        }
        (Action::None, State::Refused) if s.objection.complained_to_authority_at().is_some() => {
            "wait for what the authority says".to_owned()
        }
        (Action::None, State::Refused) => {
            format!("if you do not agree, complain to your supervisory authority: tracker draft complaint {id}")
        }
        (Action::None, _) => "nothing".to_owned(),
    }
}

/// Where to look for a mail that should be there by now.
fn look_for_mail(s: &Standing<'_>) -> String {
    let (id, due) = (s.objection.id, s.answer_due_on);
    match s.objection.state {
        State::Submitted => format!(
            "no mail yet: look in the junk folder, at the address given, and for a code in the app; entered it, or none was asked for? tracker mark {id} verified"
        ),
        State::CodeReceived => {
            format!("the code expired: ask for a new one in the form; entered it in time? tracker mark {id} verified")
        }
        _ => format!("no answer in 3 days: look in the junk folder and at your other accounts; overdue after {due}"),
    }
}

/// For what to wait once a complaint was sent.
fn complained(s: &Standing<'_>) -> String {
    match (s.next.turn, s.next.on, s.rule_today(Topic::Progress)) {
        (Turn::Authority, Some(on), Some(rule)) => {
            format!("wait: the authority must tell you of progress by {on} ({})", rule.article)
        }
        (Turn::Controller, Some(on), _) => format!("wait: Meta must confirm by {on} that it has your complaint"),
        _ => "wait for what the authority says".to_owned(),
    }
}

/// What a newly judged mail changed, in a line.
pub(crate) fn change(mail: &Kept, objection: Option<&Standing<'_>>) -> String {
    let (Outcome::Applied(id), Some(s)) = (mail.outcome, objection) else {
        // The way to take it so, where it is clear to which objection it belongs.
        let can_apply = reads_as(mail).is_some() && mail.candidates.len() == 1;
        let apply = if can_apply { format!("; tracker held apply {}", mail.id) } else { String::new() };
        let (id, reason, says) = (mail.id, reason(mail), says(mail));
        return format!("mail {id} held ({reason}): {says}{apply}; see: tracker held show {id}");
    };
    let o = s.objection;
    let moved = match mail.states {
        Some((before, after)) if before != after => format!("{before} → {after}"),
        _ => format!("{} added, still {}", mail.signal, o.state),
    };
    let next = next(s);
    format!("objection {id} ({}, {}): {moved}; next: {next}", o.platform, line(&o.email))
}

/// What to do about an objection whose mail did not come, in a line.
pub(crate) fn missing(s: &Standing<'_>) -> String {
    let o = s.objection;
    format!("objection {} ({}, {}): {}", o.id, o.platform, line(&o.email), next(s))
}

/// A decision that would no longer be applied, in a line.
pub(crate) fn doubt(doubt: &Doubt) -> String {
    let mail = &doubt.mail;
    let of = mail.outcome.objection().map(|id| format!(" of objection {id}")).unwrap_or_default();
    let now = match doubt.against.first() {
        Some(first) => format!("would be held now, because it says: \"{}\"", line(first)),
        None => "is no longer read so".to_owned(),
    };
    format!("mail {}, taken for `{}`{of}, {now}; judge again what is kept: tracker recheck", mail.id, mail.signal)
}

/// What a mail was taken for before it was judged again, in a few words.
pub(crate) fn was(mail: &Kept) -> String {
    match mail.outcome {
        Outcome::Applied(_) => format!("`{}`", mail.signal),
        Outcome::Held => format!("held ({})", reason(mail)),
        Outcome::Ignored => "ignored".to_owned(),
    }
}

/// What a held mail says, and what in it speaks against that.
pub(super) fn says(mail: &Kept) -> String {
    reads_as(mail).unwrap_or_else(|| held_as(mail))
}

fn reads_as(mail: &Kept) -> Option<String> {
    let (signal, first) = mail.suggestion.zip(mail.against.first())?;
    Some(format!("reads as {signal}, but: \"{}\"", line(first)))
}

/// What a held mail is, in words. One whose sender is false is called forged.
pub(crate) fn held_as(mail: &Kept) -> String {
    let from = cut(&line(&mail.from), SHOWN);
    let says = match mail.signal {
        Signal::None | Signal::Announcement => "a mail".to_owned(),
        signal => format!("`{signal}`"),
    };
    match mail.verdict.result {
        Proof::Failed => format!("forged: {says} from {from}, {}", line(&mail.verdict.reason)),
        Proof::Unverified => format!("not proven: {says} from {from}, {}", line(&mail.verdict.reason)),
        Proof::Authentic => format!("{says} from {from}, \"{}\"", cut(&line(&mail.subject), SHOWN)),
    }
}

/// Why a mail is held, as a word.
pub(super) fn reason(mail: &Kept) -> &'static str {
    mail.held_reason.map_or("held", Reason::as_str)
}

/// Why a mail is held, and what that means, in words.
pub(super) fn meaning(reason: Reason) -> &'static str {
    match reason {
        Reason::SenderUnverified => "nothing proves who sent it",
        Reason::SenderFailed => "its sender is shown to be false",
        Reason::WrongRecipient => "it is addressed to nobody who objected",
        Reason::BeforeSubmission => "it is older than the objection that it would answer",
        Reason::NoObjection => "no recorded objection fits it",
        Reason::SeveralObjections => "several objections fit it",
        Reason::Unrecognised => "it is genuine, but no rule explains it",
        Reason::Unclear => "it can be read as a decision, but something in it speaks against that",
        Reason::ContradictsState => "it contradicts a state that is final",
        Reason::SeveralCodes => "it holds several codes that differ",
        Reason::TooLarge => "it is too large to be read",
        Reason::Unreadable => "it can't be parsed, or is encrypted",
    }
}
