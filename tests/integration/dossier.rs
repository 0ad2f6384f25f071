//! The evidence for an authority, from a run through a real server to what a browser shows.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use crate::support::dns::Dns;
use crate::support::dovecot::Dovecot;
use crate::support::sign::{Signer, rsa};
use crate::support::{Tracker, chromium, mails};

const ANNA: &str = "anna@example.org";
const REASON: &str = "My pictures show <b>other people</b>.\nThey did not agree.";

/// An objection that was verified, then refused, by way of Dovecot; the refusal's subject and body are hostile.
fn refused(hostile: &str) -> (Tracker, String) {
    let dovecot = Dovecot::start();
    let mut tracker = Tracker::new();
    tracker.config(&dovecot.account("home", ANNA));
    let add = ["add", "--platform", "facebook", "--email", ANNA, "--country", "DE", "--reason", REASON];
    tracker.ok(&[&add[..], &["--submitted", "2026-11-24T11:50:00Z"]].concat());
    dovecot.deliver(ANNA, "INBOX", &mails::code(ANNA, "271828", "2026-11-24T11:52:00Z").raw(), "2026-11-24T11:52:00Z");
    tracker.ok(&["check"]);
    tracker.ok(&["mark", "1", "verified", "--note", "typed it </td><script>document.title='owned'</script>"]);
    let subject = format!("Object to your information being used for AI at Meta #100200300400500 {hostile}");
    let mut refusal = mails::refusal(ANNA, "2026-11-26T09:00:00Z");
    refusal.subject = subject;
    refusal.body = refusal.body.replace("We will not be able to", "We won't be able to");
    refusal.body.push_str(&format!("\n{hostile}\n"));
    let raw = refusal.raw();
    dovecot.deliver(ANNA, "INBOX", &raw, "2026-11-26T09:00:00Z");
    tracker.at("2026-11-26T10:00:00Z");
    assert!(tracker.ok(&["check"]).contains("verified → refused"));
    (tracker, raw)
}

fn succeeds(program: &str, args: &[&str], folder: &Path) -> String {
    let output = Command::new(program).args(args).current_dir(folder).env("LC_ALL", "C").output().expect("it starts");
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_dossier_is_checked_with_sha256sum_and_holds_the_mails_as_they_came() {
    let (tracker, raw) = refused("x");
    assert_eq!(tracker.ok(&["dossier", "1"]), "tracker-objection-1\n");
    let folder = tracker.home().join("tracker-objection-1");
    assert_eq!(
        succeeds("sha256sum", &["-c", "SHA256SUMS"], &folder),
        "index.html: OK\ntimeline.json: OK\nreason.txt: OK\nmails/0001.eml: OK\nmails/0002.eml: OK\n"
    );
    assert_eq!(fs::read_to_string(folder.join("mails/0002.eml")).expect("the mail"), raw);
    assert_eq!(fs::read_to_string(folder.join("reason.txt")).expect("the reason"), format!("{REASON}\n"));
    let timeline: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("timeline.json")).expect("a file")).expect("JSON");
    assert_eq!((&timeline["state"], &timeline["due_on"]), (&"refused".into(), &"2026-12-24".into()));
    assert_eq!(timeline["files"][1], serde_json::json!({ "mail": 2, "file": "mails/0002.eml" }));
    assert_eq!(timeline["events"].as_array().map(Vec::len), Some(4));
    assert!(timeline["deadline"][0].as_str().expect("a step").starts_with("received on 2026-11-24"));
    // Nobody else on this machine can read it, and nothing is overwritten.
    assert_eq!((Tracker::mode(&folder), Tracker::mode(&folder.join("mails/0001.eml"))), (0o700, 0o600));
    let again = tracker.run(&["dossier", "1"]);
    assert_eq!(again.status, 1);
    assert_eq!(again.stderr, "tracker: `tracker-objection-1`: File exists (os error 17); name another with -o\n");
}

#[test]
fn a_zip_is_opened_by_unzip_and_holds_the_same() {
    let (tracker, _) = refused("x");
    tracker.ok(&["dossier", "1"]);
    assert_eq!(tracker.ok(&["dossier", "1", "-o", "one.zip"]), "one.zip\n");
    assert_eq!(Tracker::mode(&tracker.home().join("one.zip")), 0o600);
    succeeds("unzip", &["-q", "one.zip", "-d", "out"], tracker.home());
    succeeds("diff", &["-r", "tracker-objection-1", "out/tracker-objection-1"], tracker.home());
    succeeds("sha256sum", &["-c", "SHA256SUMS"], &tracker.home().join("out/tracker-objection-1"));
}

#[test]
fn in_a_browser_what_a_mail_says_stays_text_and_nothing_is_loaded() {
    let canary = TcpListener::bind("127.0.0.1:0").expect("a port");
    canary.set_nonblocking(true).expect("a listener");
    let port = canary.local_addr().expect("an address").port();
    let hostile = format!(
        "</h3></pre><img src=http://127.0.0.1:{port}/i onerror=document.title='owned'><script>document.title='owned'</script>\
         <link rel=stylesheet href=http://127.0.0.1:{port}/c><style>@import 'http://127.0.0.1:{port}/s'</style> \u{202e}gpj.exe"
    );
    let (tracker, _) = refused(&hostile);
    tracker.ok(&["dossier", "1"]);
    tracker.ok(&["report", "-o", "report.html"]);
    for name in ["tracker-objection-1/index.html", "report.html"] {
        let page = tracker.home().join(name);
        let source = fs::read_to_string(&page).expect("a page");
        let dom = chromium::dom(&page);
        assert!(!dom.contains("<img") && !dom.contains("<script") && !dom.contains("<link"), "{name}\n{dom}");
        assert!(!dom.contains("<title>owned") && !dom.contains('\u{202e}'), "{name}");
        // Nothing in the page points anywhere, and its policy would stop what did.
        for tag in source.split('<').filter_map(|rest| rest.split('>').next()) {
            let leads_away = tag.contains(" href") && !tag.contains(" href=\"#objection-");
            assert!(!tag.contains(" src") && !leads_away && !tag.contains(" on"), "{name}: <{tag}>");
        }
        assert!(source.contains("default-src 'none'; style-src 'sha256-"), "{name}");
        assert!(!source.contains("@import") || source.contains("&#60;style&#62;"), "{name}");
    }
    let index = fs::read_to_string(tracker.home().join("tracker-objection-1/index.html")).expect("a page");
    assert!(index.contains("&#60;script&#62;document.title"), "the subject is there, as text");
    assert!(canary.accept().is_err(), "a request left the page");
}

#[test]
fn a_dossier_is_drawn_and_printed() {
    let (tracker, _) = refused("x");
    tracker.ok(&["dossier", "1"]);
    let page = tracker.home().join("tracker-objection-1/index.html");
    let (picture, print) = (tracker.home().join("page.png"), tracker.home().join("page.pdf"));
    chromium::screenshot(&page, &picture);
    chromium::pdf(&page, &print);
    let (picture, print) = (fs::read(picture).expect("a picture"), fs::read(print).expect("a print"));
    assert!(picture.starts_with(b"\x89PNG") && print.starts_with(b"%PDF"));
    // Styled: an unstyled page of the same text has none of the colours of the timeline's or the quotes' lines, and
    // compresses to less than half.
    assert!(picture.len() > 50_000, "{} bytes", picture.len());
    if let Ok(keep) = std::env::var("TRACKER_KEEP_PICTURES") {
        fs::write(Path::new(&keep).join("dossier.png"), picture).expect("written");
        fs::write(Path::new(&keep).join("dossier.pdf"), print).expect("written");
    }
}

#[test]
fn a_signature_that_was_verified_is_told_as_show_tells_it() {
    const SUPPORT: &str = "support.facebook.com";
    let (dovecot, dns, tracker) = (Dovecot::start(), Dns::start(), Tracker::new());
    dns.publish("s1", SUPPORT, &rsa(2048).record());
    tracker.config(&(dovecot.account("home", ANNA) + &dns.config()));
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let mail = mails::acceptance(ANNA, "2026-11-24T11:55:00Z");
    let signed = mail.received() + &Signer::new(SUPPORT, "s1").sign(rsa(2048), &mail.message());
    dovecot.deliver(ANNA, "INBOX", &signed, "2026-11-24T11:55:00Z");
    tracker.ok(&["check"]);
    let why = format!("authentic: DKIM signature of {SUPPORT}, selector s1, verified 2026-11-24");
    assert!(tracker.ok(&["show", "1"]).contains(&why));
    // The key is gone; what was seen stays told.
    dns.clear();
    tracker.ok(&["dossier", "1", "--language", "en"]);
    let folder = tracker.home().join("tracker-objection-1");
    let page = fs::read_to_string(folder.join("index.html")).expect("a page");
    let proof = format!("by dkim, domain {SUPPORT}, selector s1, algorithm rsa-sha256, seen on 2026-11-24 12:00 UTC");
    assert!(page.contains(&why) && page.contains(&proof), "{page}");
    let timeline: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("timeline.json")).expect("a file")).expect("JSON");
    let exported = tracker.json(&["export"]);
    for mail in [&timeline["mails"][0], &exported["objections"][0]["mails"][0]] {
        assert_eq!((&mail["verdict"], &mail["algorithm"]), (&"authentic".into(), &"rsa-sha256".into()));
        let witness = mail["chain"][0].as_str().expect("a witness");
        assert!(witness.contains(SUPPORT) && page.contains(witness), "{witness}");
    }
}

#[test]
fn an_objection_that_does_not_exist_has_no_dossier() {
    let tracker = Tracker::new();
    let run = tracker.run(&["dossier", "7"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert_eq!(run.stderr, "tracker: no objection 7; `tracker list` shows those there are\n");
}

/// What each language calls the facts and the deadline of an objection.
const HEADINGS: [(&str, &str, &str); 26] = [
    ("bg", "Данни", "Срок"),
    ("cs", "Údaje", "Lhůta"),
    ("da", "Oplysninger", "Frist"),
    ("de", "Angaben", "Frist"),
    ("el", "Στοιχεία", "Προθεσμία"),
    ("en", "Facts", "Deadline"),
    ("es", "Datos", "Plazo"),
    ("et", "Andmed", "Tähtaeg"),
    ("fi", "Tiedot", "Määräaika"),
    ("fr", "Données", "Délai"),
    ("ga", "Fíricí", "Spriocdháta"),
    ("hr", "Podaci", "Rok"),
    ("hu", "Adatok", "Határidő"),
    ("is", "Upplýsingar", "Frestur"),
    ("it", "Dati", "Termine"),
    ("lt", "Duomenys", "Terminas"),
    ("lv", "Ziņas", "Termiņš"),
    ("mt", "Fatti", "Skadenza"),
    ("nb", "Opplysninger", "Frist"),
    ("nl", "Gegevens", "Termijn"),
    ("pl", "Dane", "Termin"),
    ("pt", "Dados", "Prazo"),
    ("ro", "Date", "Termen"),
    ("sk", "Údaje", "Lehota"),
    ("sl", "Podatki", "Rok"),
    ("sv", "Uppgifter", "Tidsfrist"),
];

#[test]
fn the_record_speaks_the_language_of_the_letter() {
    let mut tracker = Tracker::new();
    tracker.at("2026-11-05T12:00:00Z").add("meta", ANNA, "2026-11-01T10:00:00Z");
    tracker.config("country = \"DE\"\n[person]\nname = \"Anna Beispiel\"\naddress = \"Weg 1, 10115 Berlin\"\n");
    for state in ["verified", "needs_info", "sent", "extended", "complained"] {
        tracker.ok(&["mark", "1", state]);
    }
    tracker.ok(&["undo", "1"]);
    for (code, facts, deadline) in HEADINGS {
        tracker.ok(&["dossier", "1", "--language", code, "-o", code]);
        let page = fs::read_to_string(tracker.home().join(code).join("index.html")).expect("a page");
        assert!(page.contains(&format!("<html lang=\"{code}\">")), "{code}");
        for heading in [facts, deadline] {
            assert!(page.contains(&format!("<h2>{heading}</h2>")), "{code}: {heading}");
        }
        let (_, body) = page.split_once("<main>").expect("a landmark");
        assert!(!body.contains(['{', '}']) && body.contains("Anna Beispiel") && body.contains("UTC"), "{code}\n{body}");
        assert!(["2026-12-01", "2027-02-01", "2027-02-02"].iter().all(|day| body.contains(day)), "{code}\n{body}");
        if code != "en" {
            let english = ["Facts", "Submitted", "further information", "the answer is due", "Remark", "Made on"];
            assert!(!english.iter().any(|word| body.contains(&format!(">{word}"))), "{code}\n{body}");
        }
    }
    // Without being asked it is the authority's, by the objection's country.
    tracker.ok(&["dossier", "1"]);
    let page = fs::read_to_string(tracker.home().join("tracker-objection-1/index.html")).expect("a page");
    assert!(page.contains("<html lang=\"de\">"), "{page}");
}

#[test]
fn a_page_tells_the_time_of_the_user_and_names_the_zone() {
    let mut tracker = Tracker::new();
    tracker.at("2026-11-05T12:00:00Z").add("meta", ANNA, "2026-07-01T10:00:00Z");
    tracker.zone("Europe/Berlin").ok(&["dossier", "1", "--language", "en"]);
    let page = fs::read_to_string(tracker.home().join("tracker-objection-1/index.html")).expect("a page");
    assert!(page.contains("2026-07-01 12:00 CEST") && page.contains("2026-11-05 13:00 CET"), "{page}");
    assert!(page.contains("Times are those of Europe/Berlin."), "{page}");
}

#[test]
fn a_printed_page_has_its_number_and_heading_on_each_sheet() {
    let (tracker, _) = refused("x");
    tracker.ok(&["dossier", "1", "--language", "en"]);
    let print = tracker.home().join("page.pdf");
    chromium::pdf(&tracker.home().join("tracker-objection-1/index.html"), &print);
    let sheets = chromium::sheets(&print);
    assert!(sheets.len() > 1, "{sheets:?}");
    for (number, sheet) in (1..).zip(&sheets) {
        let lines: Vec<&str> = sheet.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let words = lines.join(" ");
        assert!(words.starts_with("Objection 1: use of personal data for AI, Facebook"), "sheet {number}\n{sheet}");
        let foot = lines.last().expect("a foot").replace(' ', "");
        assert_eq!(foot, format!("{number}/{}", sheets.len()), "{sheet}");
        // A heading is never the last line of a sheet.
        let last = lines.iter().rev().nth(1).expect("a line");
        assert!(!["Facts", "Timeline", "Deadline", "Mails", "How to check this dossier"].contains(last), "{sheet}");
    }
}

#[test]
fn pages_pass_the_accessibility_checker() {
    let (tracker, _) = refused("x");
    tracker.ok(&["dossier", "1"]);
    tracker.add("instagram", ANNA, "2026-09-01T10:00:00Z");
    tracker.ok(&["report", "-o", "report.html"]);
    for name in ["tracker-objection-1/index.html", "report.html"] {
        for (width, is_dark) in [(1000, false), (1000, true), (500, false), (500, true)] {
            let told = chromium::axe(&tracker.home().join(name), width, is_dark);
            let look = if is_dark { "dark" } else { "light" };
            let passes = told.strip_prefix(&format!("{width} {look} ")).and_then(|rest| rest.strip_suffix(" []"));
            let passes = passes.and_then(|number| number.parse::<u32>().ok());
            assert!(passes > Some(15), "{name}: {told}");
        }
    }
}

#[test]
fn pages_fit_a_phone() {
    let (tracker, _) = refused(&"x".repeat(300));
    tracker.ok(&["dossier", "1", "--language", "fi"]);
    tracker.ok(&["report", "-o", "report.html"]);
    for name in ["tracker-objection-1/index.html", "report.html"] {
        let page = tracker.home().join(name);
        assert_eq!(chromium::excess_on_a_phone(&page), 0, "{name}");
    }
}
