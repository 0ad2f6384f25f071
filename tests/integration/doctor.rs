//! `doctor`: what is in order, what is not, and what mends it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::dns::{Dns, Reply};
use crate::support::dovecot::Dovecot;
use crate::support::sign::{Signer, rsa};
use crate::support::{Tracker, mails};

const ANNA: &str = "anna@example.org";
const AT: &str = "2026-11-24T11:55:00Z";

#[test]
fn nothing_set_up_is_told_with_its_remedy() {
    let tracker = Tracker::new();
    let run = tracker.run(&["doctor"]);
    assert_eq!(run.status, 3);
    assert!(
        run.stdout.starts_with(
            "!!  configuration  there is none; make one with `tracker setup`, or name it with --config\n\
             ok  rules          "
        ),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("tracker.db: none yet; the first `tracker add` makes it\n"), "{}", run.stdout);
    assert!(!tracker.database().exists(), "it changes nothing");
}

#[test]
fn a_sound_account_is_green_and_a_server_to_believe_is_proposed() {
    let (dovecot, dns) = (Dovecot::start(), Dns::start());
    dns.set_others(Reply::NxDomain);
    let lines = dovecot.account("home", ANNA);
    let pinned = lines.clone() + &dns.config();
    let unpinned = pinned.lines().filter(|line| !line.starts_with("authserv_ids")).collect::<Vec<_>>().join("\n");
    let tracker = Tracker::new();
    tracker.config(&pinned);
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    for n in 0..3 {
        dovecot.deliver(ANNA, "INBOX", &mails::newsletter(ANNA, AT).id(&n.to_string()).raw(), AT);
    }
    let run = tracker.run(&["doctor"]);
    assert!(run.stdout.contains("!!  account home   was never read to the end; let the system run"), "{}", run.stdout);
    tracker.ok(&["check"]);
    let green = tracker.ok(&["doctor"]);
    let lines: Vec<&str> =
        green.lines().filter(|line| !line.contains("rules") && !line.contains("schedule ")).collect();
    assert_eq!(
        lines,
        [
            "ok  configuration  ~/.config/tracker/config.toml: 1 account(s)",
            "ok  database       ~/.local/share/tracker/tracker.db: sound",
            "ok  clock          2026-11-24T12:00:00Z",
            "ok  DNS            answers",
            "ok  account home   reads INBOX, Junk",
            "ok  account home   believes mx.example.org (3 of 3 recent mails)",
            "ok  account home   was last read on 2026-11-24 12:00",
        ]
    );
    tracker.config(&unpinned);
    dns.set_others(Reply::ServFail);
    let run = tracker.run(&["doctor"]);
    assert_eq!((run.status, run.stderr.as_str()), (3, "tracker: 2 of 9 are not in order\n"));
    let line = "!!  account home   believes none of those whose word recent mails bear: mx.example.org (3 of 3 recent mails); \
                if `mx.example.org` is your provider's server, add to [accounts.home]: authserv_ids = [\"mx.example.org\"]\n";
    assert!(run.stdout.contains(line), "{}", run.stdout);
    assert!(run.stdout.contains("!!  DNS            can't be asked: "), "{}", run.stdout);
    let json = tracker.run(&["doctor", "--json"]).stdout;
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(found[3]["ok"], true);
    assert_eq!(found[4]["check"], "DNS");
    assert_eq!(found[4]["remedy"], "check the network, or `nameserver` in [dkim]");
}

#[test]
fn a_store_that_re_encodes_mail_is_noticed() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(&(dovecot.account("home", ANNA) + "[dkim]\nverify = false\n"));
    let deliver = |id: &str, changed: &str| {
        let mail = mails::acceptance(ANNA, AT).id(id);
        let signed = Signer::new("support.facebook.com", "s1").sign(rsa(2048), &mail.message());
        let raw = format!("Authentication-Results: {}\r\n{signed}{changed}", mail.results);
        dovecot.deliver(ANNA, "INBOX", &raw, AT);
    };
    for id in ["a", "b", "c"] {
        deliver(id, "A footer.\r\n");
    }
    let line = "!!  account home   no signature of 3 recent mails fits their bodies, though the server says that all are good: mail \
                is re-encoded after its server judged it; add to [accounts.home]: rewrites = true\n";
    let told = tracker.run(&["doctor"]).stdout;
    assert!(told.contains(line), "{told}");
    // One that fits shows that it is not the store.
    deliver("d", "");
    let told = tracker.run(&["doctor"]).stdout;
    assert!(!told.contains("rewrites"), "{told}");
}

#[test]
fn a_missing_schedule_is_a_fault_while_something_is_pending_that_nobody_looks_for() {
    let mut tracker = Tracker::new();
    tracker.file("Maildir/cur/1", mails::newsletter(ANNA, AT).raw());
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nmaildir = \"~/Maildir\"\n[dkim]\nverify = false\n");
    let mark =
        |tracker: &Tracker| {
            // No cron and no systemd of this machine's.
            let output = tracker.command(&["doctor"]).env("PATH", tracker.home()).output().expect("it ends");
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let line = text.lines().find(|line| line.contains("schedule  ")).expect("a line");
            assert!(line.ends_with(
                "nothing is known to run `tracker check` by itself; `tracker schedule` lets the system do it"
            ));
            line[..2].to_owned()
        };
    assert_eq!(mark(&tracker), "ok", "nothing is pending");
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert_eq!(mark(&tracker), "!!");
    tracker.ok(&["check"]);
    assert_eq!(mark(&tracker), "ok", "somebody looks");
    tracker.at("2026-11-24T14:00:00Z");
    assert_eq!(mark(&tracker), "!!");
}

#[test]
fn a_refused_login_is_told_as_check_tells_it() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    tracker.config(
        &(dovecot.account("home", ANNA).replace("password", "password_env = \"NONE\"\n#password")
            + "[dkim]\nverify = false\n"),
    );
    let run = tracker.run(&["doctor"]);
    assert_eq!(run.status, 3);
    assert!(run.stdout.contains("!!  account home   "), "{}", run.stdout);
    assert!(run.stdout.contains("ok  DNS            not asked: `verify = false` in [dkim]\n"), "{}", run.stdout);
}

#[test]
fn files_that_others_can_read_are_told() {
    let dovecot = Dovecot::start();
    let tracker = Tracker::new();
    let secret = tracker.file("secret", "correct-horse\n");
    let config = dovecot
        .account("home", ANNA)
        .replace("password_command = \"echo correct-horse\"", "password_file = \"~/secret\"");
    tracker.config(&(config + "[dkim]\nverify = false\n"));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert!(!tracker.run(&["doctor"]).stdout.contains("chmod"));
    for (path, what) in [(&secret, "account home   `"), (&tracker.database(), "database       database `")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("permissions");
        let shown = path.display().to_string().replace(tracker.home().to_str().expect("UTF-8"), "~");
        let line = format!("!!  {what}{shown}`: others can read it (mode 644); run: chmod 600 '{shown}'\n");
        let run = tracker.run(&["doctor"]);
        assert!(run.stdout.contains(&line), "{}", run.stdout);
    }
    fs::set_permissions(tracker.database(), fs::Permissions::from_mode(0o600)).expect("permissions");
    // systemd hands secrets over in a directory of its own.
    let credential = tracker.file("credentials/secret", "correct-horse\n");
    fs::remove_file(secret).expect("removed");
    let output =
        tracker.command(&["doctor"]).env("CREDENTIALS_DIRECTORY", credential.parent().expect("a parent")).output();
    let text = String::from_utf8(output.expect("it ends").stdout).expect("UTF-8");
    assert!(text.contains("ok  account home   reads INBOX, Junk\n"), "{text}");
}

#[test]
fn with_a_configuration_that_can_t_be_read_the_rest_is_told_all_the_same() {
    let tracker = Tracker::new();
    tracker.config("[dkim]\nverify = false\ncolour = 1\n");
    tracker.file("x.db", "no database");
    let told = "!!  configuration  configuration `~/.config/tracker/config.toml` line 3: unknown field `colour`, expected `verify` \
                or `nameserver`; mend or remove it\n";
    let run = tracker.run(&["doctor"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (2, told, "tracker: 1 of 1 are not in order\n"));
    // What the configuration may have named is known where an option names it.
    let run = tracker.run(&["doctor", "--database", "x.db"]);
    let database = "!!  database       database `x.db`: it is not tracker's; name another file with --database\n";
    assert_eq!((run.status, run.stdout), (2, format!("{told}{database}")));
}
