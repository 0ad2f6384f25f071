//! The way to the form.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use crate::support::Tracker;

#[test]
fn a_guide_tells_the_steps_the_form_and_the_line_to_run() {
    let guide = Tracker::new().ok(&["guide", "facebook"]);
    let expected = "\
How to object: Facebook

  1. Log in to the account in the browser in which you open the form: without that it shows an error.
  2. Open the form: https://www.facebook.com/help/contact/6359191084165019
  3. Fill it in and submit it.
  4. Record the objection here with the line below, so that the code, the answer and its deadline are watched.
  5. If a code is mailed to you, `tracker code --wait` shows it: enter it where the form or the app asks for it, which proves the address, and say so: tracker mark NUMBER verified

       tracker add --platform facebook --email YOUR@ADDRESS --country CC --form-url https://www.facebook.com/help/contact/6359191084165019

The form asks for
  - country, and the address that the account uses (often filled in already)
  - the reason: how the processing affects you; optional in the EU since 2025, but give one (tracker draft reason)

One objection covers
  - every account in the same Accounts Centre
  - not: accounts that are not linked there; object once for each, and record each
  - not: pages and business accounts; a page can't object, each author does so for what they wrote
  - not: what others post about you; for that there is a form on third-party information, https://www.facebook.com/help/contact/1266025207620918

Other addresses that were in use
  - https://www.facebook.com/help/contact/712876720715583

The right: Art. 21 GDPR; in the United Kingdom Art. 21 UK GDPR. If no answer comes in time, a complaint goes to your \
supervisory authority (Art. 77 GDPR); in the United Kingdom, since 19 June 2026, to Meta first (s. 164A Data Protection \
Act 2018), then to the Information Commission (s. 165).

If the address no longer works: in the app or on the site open the menu, then Settings & privacy, the Privacy Centre, \
the topic AI at Meta or the privacy policy, and there the right to object.
Meta's own page: https://www.facebook.com/help/2069235856423257
Addresses checked on 2026-11-30; this form was last seen in use in 2026-10.
";
    assert_eq!(guide, expected);
}

#[test]
fn every_platform_has_a_guide_and_its_line_works() {
    let tracker = Tracker::new();
    let guides = tracker.json(&["guide"]);
    let guides = guides.as_array().expect("an array");
    assert_eq!(guides.len(), 5);
    for guide in guides {
        let platform = guide["platform"].as_str().expect("a word");
        assert_eq!(&tracker.json(&["guide", platform]), guide);
        assert!(tracker.ok(&["guide"]).contains(guide["form_url"].as_str().expect("an address")));
        let line =
            guide["add"].as_str().expect("a line").replace("YOUR@ADDRESS", "anna@example.org").replace(" CC", " DE");
        let args: Vec<&str> = line.split(' ').skip(1).collect();
        tracker.ok(&args);
    }
    assert_eq!(tracker.states().len(), 5);
}

#[test]
fn the_form_opens_with_a_reason_on_the_clipboard_where_there_is_a_desktop() {
    let tracker = Tracker::new();
    let plain = tracker.ok(&["guide", "facebook"]);
    let run = tracker.run(&["guide", "facebook", "--open"]);
    let reason = tracker.run(&["draft", "reason"]).stdout;
    assert_eq!(
        (run.status, run.stdout),
        (0, format!("{plain}\nA reason for its field; make it your own:\n\n{reason}"))
    );
    assert_eq!(run.stderr, "tracker: no browser here: open https://www.facebook.com/help/contact/6359191084165019\n");
    let programs = tracker.home().join("bin");
    std::fs::create_dir(&programs).expect("a directory");
    for (name, text) in [("xdg-open", "echo \"$1\" > opened"), ("xclip", "cat > copied")] {
        let program = tracker.file(&format!("bin/{name}"), format!("#!/bin/sh\n{text}\n"));
        std::fs::set_permissions(program, Permissions::from_mode(0o700)).expect("a mode");
    }
    let mut command = tracker.command(&["guide", "facebook", "--open"]);
    let path = format!("{}:/usr/bin:/bin", programs.display());
    let output = command.env("DISPLAY", ":7").env("PATH", path).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), plain);
    let said = "tracker: the form opens in your browser\n\
                tracker: a reason for its field is on the clipboard; make it your own\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), said);
    let read = |name: &str| std::fs::read_to_string(tracker.home().join(name)).expect(name);
    assert_eq!(read("opened"), "https://www.facebook.com/help/contact/6359191084165019\n");
    assert_eq!(format!("{}\n", read("copied")), reason);
    assert_eq!(tracker.run(&["guide", "--open"]).status, 2);
}
