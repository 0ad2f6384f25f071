//! Text to send: in each language, at the right time, to the right place, and nothing that the record does not show.
//!
//! What is written in each language stands in `letters/`, to be read by people who speak it. Run with
//! `TRACKER_WRITE_LETTERS=1` to write those files anew.

use std::fs;
use std::path::Path;

use crate::support::{Run, Tracker};

const ANNA: &str = "anna@example.org";
const LANGUAGES: [&str; 8] = ["de", "en", "es", "fr", "it", "nl", "pl", "pt"];
const OVER: &str = "2027-03-01T12:00:00Z";

/// Compares a text with the file that holds what is expected.
fn is_as_written(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/letters").join(name);
    if std::env::var_os("TRACKER_WRITE_LETTERS").is_some() {
        fs::write(&path, text).expect("written");
    }
    assert_eq!(text, fs::read_to_string(&path).expect("the letter"), "{name}");
}

/// An objection with all that a letter can tell: form, reason, extension, a pause.
fn full() -> Tracker {
    let mut tracker = Tracker::new();
    let add =
        ["add", "--platform", "instagram", "--email", ANNA, "--country", "DE", "--submitted", "2026-11-01T10:00:00Z"];
    let form = ["--form-url", "https://help.instagram.com/contact/767264225370182", "--reason", "My {email} is\nmine."];
    tracker.ok(&[&add[..], &form].concat());
    let mark = |tracker: &Tracker, state: &str, on: &str| tracker.ok(&["mark", "1", state, "--on", on]);
    mark(&tracker, "verified", "2026-11-01T10:10:00Z");
    mark(&tracker, "needs_info", "2026-11-05T10:00:00Z");
    mark(&tracker, "acknowledged", "2026-11-12T10:00:00Z");
    mark(&tracker, "extended", "2026-11-20T10:00:00Z");
    tracker.at(OVER);
    tracker
}

fn text(run: Run) -> String {
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn letters_read_as_written_in_each_language() {
    for code in LANGUAGES {
        let tracker = full();
        let draft = |args: &[&str]| text(tracker.run(&[&["draft"], args, &["--language", code]].concat()));
        is_as_written(&format!("{code}-reason.txt"), &draft(&["reason", "--add", "+++"]));
        is_as_written(&format!("{code}-reminder.txt"), &draft(&["reminder", "1"]));
        is_as_written(&format!("{code}-complaint.txt"), &draft(&["complaint", "1", "--land", "BE"]));
        tracker.ok(&["mark", "1", "refused", "--on", "2027-02-01T10:00:00Z"]);
        is_as_written(&format!("{code}-refusal.txt"), &draft(&["complaint", "1", "--land", "BE"]));
    }
}

#[test]
fn nothing_is_claimed_that_the_record_does_not_show() {
    let mut tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T10:00:00Z");
    tracker.at(OVER);
    let letter = text(tracker.run(&["draft", "complaint", "1", "--land", "Bayern", "--language", "en"]));
    for claim in ["form:", "Case number", "extended", "suspended", "reason:", "code", "{", "}"] {
        assert!(!letter.contains(claim), "{claim}\n{letter}");
    }
    assert!(letter.contains("Since then, my records show no message about it."), "{letter}");
    // An event that was taken back did not happen.
    tracker.ok(&["mark", "1", "acknowledged"]);
    tracker.ok(&["undo", "1"]);
    let again = text(tracker.run(&["draft", "complaint", "1", "--land", "Bayern", "--language", "en"]));
    assert_eq!(again, letter);
}

#[test]
fn a_reminder_and_a_complaint_are_refused_the_day_before_and_given_the_day_after() {
    let mut tracker = Tracker::new();
    // Due on Thursday 25 July 2024; the rival reading ends on the Friday.
    tracker.at("2024-06-25T12:00:00Z").add("facebook", ANNA, "2024-06-25T10:00:00Z");
    let refused = |run: Run, what: &str, from: &str| {
        assert_eq!((run.status, run.stdout.as_str()), (1, ""));
        let due = "the answer is due on 2024-07-25";
        assert_eq!(
            run.stderr,
            format!("tracker: objection 1: too early for {what}, {due}; run again from {from} on\n")
        );
    };
    // The last moment of the day in Dublin, and the next one.
    let last = "2024-07-25T22:59:59Z";
    refused(tracker.at(last).run(&["draft", "reminder", "1"]), "a reminder", "2024-07-26");
    assert_eq!(tracker.at("2024-07-25T23:00:00Z").run(&["draft", "reminder", "1"]).status, 0);
    let last = "2024-07-26T22:59:59Z";
    refused(tracker.at(last).run(&["draft", "complaint", "1", "--land", "BE"]), "a complaint", "2024-07-27");
    assert_eq!(tracker.at("2024-07-26T23:00:00Z").run(&["draft", "complaint", "1", "--land", "BE"]).status, 0);
}

#[test]
fn while_information_is_asked_for_the_time_stands_still() {
    let mut tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-01T10:00:00Z");
    tracker.ok(&["mark", "1", "needs_info", "--on", "2026-11-05T10:00:00Z"]);
    let run = tracker.at(OVER).run(&["draft", "complaint", "1", "--land", "BE"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert_eq!(
        run.stderr,
        "tracker: objection 1: too early for a complaint, information was asked for on 2026-11-05 and the time stands \
         still; send it, then: tracker mark 1 sent\n"
    );
}

#[test]
fn the_authority_is_the_one_of_the_country_and_in_germany_of_the_land() {
    let mut tracker = Tracker::new();
    let places = [("DE", "de"), ("FR", "fr"), ("PL", "pl"), ("IE", "en"), ("GB", "en"), ("SE", "en"), ("BE", "fr")];
    for (country, _) in places {
        let add =
            ["add", "--platform", "meta", "--email", ANNA, "--submitted", "2026-11-01T10:00:00Z", "--country", country];
        tracker.ok(&add);
    }
    tracker.at(OVER);
    let asked = tracker.run(&["draft", "complaint", "1"]);
    assert_eq!((asked.status, asked.stdout.as_str()), (2, ""));
    assert!(asked.stderr.starts_with(
        "tracker: Germany has an authority in each Land; name yours with --land: BW Baden-Württemberg, BY Bayern, BE Berlin, "
    ));
    let names = [
        "Der Hessische Beauftragte für Datenschutz und Informationsfreiheit",
        "Commission Nationale de l'Informatique et des Libertés – CNIL",
        "UODO – Urząd Ochrony Danych Osobowych",
        "Irish Data Protection Commission",
        "The Information Commission (ICO)",
        "Integritetsskyddsmyndigheten",
        "Autorité de protection des données de Belgique, Gegevensbeschermingsautoriteit van België",
    ];
    for ((id, (_, language)), name) in (1..).zip(places).zip(names) {
        let id = id.to_string();
        let land: &[&str] = if id == "1" { &["--land", "hessen"] } else { &[] };
        let drafted = tracker.json(&[&["draft", "complaint", &id], land].concat());
        assert_eq!((&drafted["to"], &drafted["language"]), (&name.into(), &language.into()));
        let checked = if ["1", "2", "7"].contains(&id.as_str()) { "2026-07-21" } else { "2026-11-30" };
        assert_eq!(drafted["checked_on"], checked);
    }
    // In the language asked for, to the authority of another place.
    let elsewhere = tracker.json(&["draft", "complaint", "1", "--authority", "de-by", "--language", "it"]);
    assert_eq!(elsewhere["to"], "Bayerisches Landesamt für Datenschutzaufsicht (BayLDA)");
    assert!(elsewhere["subject"].as_str().expect("text").starts_with("Reclamo ai sensi dell’art. 77 del GDPR"));
    let british = tracker.json(&["draft", "complaint", "5"]);
    let british = british["text"].as_str().expect("text");
    assert!(
        british.contains("section 165 of the Data Protection Act 2018")
            && !british.contains("Article 77")
            && british.contains("Meta Platforms, Inc.")
            && !british.contains("Ireland")
    );
    let swedish = tracker.run(&["draft", "complaint", "6"]);
    assert!(swedish.stderr.starts_with("tracker: no texts in the authority's language, so this is English\n"));
}

#[test]
fn where_another_law_applies_no_letter_cites_the_wrong_one() {
    let mut tracker = Tracker::new();
    for country in ["CH", "US", "BR"] {
        let add =
            ["add", "--platform", "meta", "--email", ANNA, "--submitted", "2026-11-01T10:00:00Z", "--country", country];
        tracker.ok(&add);
    }
    tracker.at(OVER);
    for (id, what) in [
        ("1", "Switzerland: its own law applies"),
        ("2", "`US`: the GDPR does not apply there"),
        ("3", "Brazil: its own law applies"),
    ] {
        let shown = tracker.ok(&["show", id]);
        assert!(shown.contains("is not known here: these are the dates that the GDPR would set"), "{shown}");
        for kind in ["reason", "reminder", "complaint"] {
            let run = tracker.run(&["draft", kind, id]);
            assert_eq!((run.status, run.stdout.as_str()), (1, ""));
            assert!(run.stderr.contains(what), "{}", run.stderr);
        }
    }
}

#[test]
fn what_is_decided_is_not_asked_for_again() {
    let mut tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-01T10:00:00Z");
    tracker.ok(&["mark", "1", "accepted"]);
    tracker.at(OVER);
    assert_eq!(
        tracker.run(&["draft", "reminder", "1"]).stderr,
        "tracker: objection 1 is `accepted`, so there is no answer to ask for; `tracker show 1` tells its history\n"
    );
    assert_eq!(
        tracker.run(&["draft", "complaint"]).stderr,
        "tracker: no objection is overdue; `tracker list` shows the due dates\n"
    );
}

#[test]
fn without_a_number_the_only_overdue_objection_is_meant() {
    let mut tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-01T10:00:00Z");
    tracker.at(OVER);
    tracker.add("instagram", ANNA, OVER);
    assert_eq!(tracker.json(&["draft", "reminder"])["objection"], 1);
    tracker.add("meta", ANNA, "2026-11-02T10:00:00Z");
    let run = tracker.run(&["draft", "reminder"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stderr,
        "tracker: several objections are overdue; give the number of one, see tracker list --overdue\n"
    );
}

#[test]
fn a_reason_has_the_grounds_that_were_picked_and_fits_its_field() {
    let tracker = Tracker::new();
    let run =
        tracker.run(&["draft", "reason", "--ground", "others", "--ground", "consent", "--add", " I teach children. "]);
    let paragraphs: Vec<&str> = run.stdout.trim_end().split("\n\n").collect();
    let starts = ["I object under", "No consent:", "Other people's content:", "I teach children.", "My interests"];
    assert_eq!(paragraphs.len(), starts.len());
    assert!(paragraphs.iter().zip(starts).all(|(paragraph, start)| paragraph.starts_with(start)), "{}", run.stdout);
    let count = run.stdout.trim_end().chars().count();
    assert_eq!(run.stderr, format!("tracker: {count} of 2000 characters; read it, and make it your own\n"));
    let long = tracker.run(&["draft", "reason", "--add", &"x".repeat(600)]);
    assert_eq!((long.status, long.stdout.as_str()), (2, ""));
    assert!(long.stderr.contains("characters, the limit is 2000; leave out a --ground"), "{}", long.stderr);
    assert_eq!(tracker.run(&["draft", "reason", "--add", &"x".repeat(600), "--limit", "3000"]).status, 0);
}

#[test]
fn the_language_is_the_one_asked_for_or_configured_or_of_the_country() {
    let tracker = Tracker::new();
    let language =
        |tracker: &Tracker, args: &[&str]| tracker.json(&[&["draft", "reason"], args].concat())["language"].clone();
    assert_eq!(language(&tracker, &[]), "en");
    tracker.add("facebook", ANNA, "2026-11-01T10:00:00Z");
    assert_eq!(language(&tracker, &["1"]), "de");
    tracker.config("country = \"ES\"\n");
    assert_eq!(language(&tracker, &[]), "es");
    tracker.config("country = \"ES\"\nlanguage = \"NL\"\n");
    assert_eq!(language(&tracker, &["1"]), "nl");
    assert_eq!(language(&tracker, &["1", "--language", "pt-BR"]), "pt");
    let unknown = tracker.run(&["draft", "reason", "--language", "xx"]);
    assert_eq!(unknown.status, 2);
    assert_eq!(unknown.stderr, "tracker: no texts in the language `xx`; use de, en, es, fr, it, nl, pl, pt\n");
}

#[test]
fn an_address_that_was_checked_long_ago_is_said_to_be_old() {
    let mut tracker = Tracker::new();
    for country in ["FR", "PL"] {
        let add =
            ["add", "--platform", "meta", "--email", ANNA, "--submitted", "2026-11-01T10:00:00Z", "--country", country];
        tracker.ok(&add);
    }
    let note = |tracker: &Tracker, id: &str| tracker.run(&["draft", "complaint", id]).stderr;
    tracker.at("2027-07-21T12:00:00Z");
    assert!(!note(&tracker, "1").contains("a year ago"));
    let polish = note(&tracker, "2");
    assert!(polish.contains("a complaint by plain e-mail is not formal: use ePUAP, or post"), "{polish}");
    tracker.at("2027-07-22T12:00:00Z");
    let old =
        "that was checked on 2026-07-21, more than a year ago: look at https://www.cnil.fr/ whether it still holds";
    assert!(note(&tracker, "1").contains(old), "{}", note(&tracker, "1"));
    assert!(!note(&tracker, "2").contains("a year ago"));
}

#[test]
fn a_letter_to_the_controller_is_for_its_privacy_operations_in_the_user_s_country() {
    let mut tracker = Tracker::new();
    let heads = [
        (
            "facebook",
            "IE",
            "Meta Platforms Ireland Limited\nFAO: Privacy Operations\nMerrion Road\nDublin 4\nD04 X2K5\nIreland\n",
        ),
        ("whatsapp", "IE", "WhatsApp Ireland Limited\nAttn: Privacy Policy\nMerrion Road\n"),
        ("instagram", "GB", "Meta Platforms, Inc.\nFAO: Privacy Operations\n1 Meta Way\nMenlo Park, CA 94025\nUSA\n"),
        ("whatsapp", "GB", "WhatsApp LLC\nAttn: Privacy Policy\n1 Meta Way\n"),
    ];
    for (platform, country, _) in heads {
        let submitted = "2026-11-01T10:00:00Z";
        tracker.ok(&["add", "--platform", platform, "--email", ANNA, "--submitted", submitted, "--country", country]);
    }
    tracker.at(OVER);
    for ((_, _, head), id) in heads.iter().zip(1..) {
        let letter = text(tracker.run(&["draft", "reminder", &id.to_string()]));
        assert!(letter.contains(head), "{letter}");
    }
}
