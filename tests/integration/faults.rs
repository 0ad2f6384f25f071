//! What a server must not be able to do: crash us, keep us, fill the memory, or make us lose or double a mail.

use crate::support::peer::{Answer, Peer};
use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";

fn inbox() -> Vec<(&'static str, &'static str, String)> {
    let forged = mails::acceptance(ANNA, "2026-11-24T11:53:00Z").forged();
    let refused = mails::refusal(ANNA, "2026-11-24T11:56:00Z").id("refusal@support.facebook.com");
    vec![
        ("INBOX", "2026-11-24T11:52:00Z", mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw()),
        ("INBOX", "2026-11-24T11:53:00Z", forged.raw()),
        ("INBOX", "2026-11-24T11:54:00Z", mails::newsletter(ANNA, "2026-11-24T11:54:00Z").raw()),
        ("INBOX", "2026-11-24T11:55:00Z", mails::acceptance(ANNA, "2026-11-24T11:55:00Z").raw()),
        ("Spam", "2026-11-24T11:56:00Z", refused.raw()),
    ]
}

fn tracker(peer: &Peer) -> Tracker {
    let tracker = Tracker::new();
    tracker.config(&peer.account("home", ANNA));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    tracker
}

/// What the inbox comes to when nothing disturbs.
fn undisturbed(peer: &Peer) -> Vec<String> {
    let tracker = tracker(peer);
    let changes = tracker.ok(&["check"]);
    let starts: Vec<&str> = changes.lines().map(|line| line.split([':', ')']).next().expect("a start")).collect();
    assert_eq!(
        starts,
        [
            "objection 1 (facebook, anna@example.org",
            "mail 2 held (sender_failed",
            "objection 1 (facebook, anna@example.org",
            "mail 4 held (contradicts_state"
        ]
    );
    assert_eq!(tracker.states(), ["accepted"]);
    tracker.dump()
}

#[test]
fn a_connection_that_is_cut_anywhere_loses_and_doubles_nothing() {
    let peer = Peer::start(&inbox());
    let expected = undisturbed(&peer);
    let mut cuts = 0;
    loop {
        let tracker = tracker(&peer);
        peer.cut_after(cuts);
        let run = tracker.run(&["check"]);
        peer.cut_after(usize::MAX);
        tracker.ok(&["check"]);
        assert_eq!(tracker.dump(), expected, "after {cuts} replies: {run:?}");
        if run.status == 0 {
            break;
        }
        let place = format!("`127.0.0.1:{}`", peer.port);
        assert_eq!(run.stderr, format!("tracker: account `home`: {place} closed the connection; run again later\n"));
        cuts += 1;
    }
    // Greeting, CAPABILITY, two of AUTHENTICATE, LIST; in each mailbox EXAMINE, SEARCH, headers and bodies.
    assert_eq!(cuts, 5 + (3 + 3) + (3 + 1));
}
