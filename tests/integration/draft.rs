//! Text to send: in each language, at the right time, to the right place, and nothing that the record does not show.
//!
//! What is written in each language stands in `letters/`, to be read by people who speak it. Run with
//! `TRACKER_WRITE_LETTERS=1` to write those files anew.

use std::fs;
use std::path::Path;

use crate::support::{Run, Tracker};

const ANNA: &str = "anna@example.org";
const LANGUAGES: [&str; 26] = [
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv", "mt", "nb",
    "nl", "pl", "pt", "ro", "sk", "sl", "sv",
];
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
    let add = [
        "add",
        "-q",
        "--platform",
        "instagram",
        "--email",
        ANNA,
        "--country",
        "DE",
        "--submitted",
        "2026-11-01T10:00:00Z",
    ];
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
fn letters_under_the_law_of_the_united_kingdom_are_english_and_cite_it() {
    let mut tracker = british();
    tracker.at("2026-09-01T12:00:00Z");
    let draft = |args: &[&str]| text(tracker.run(&[&["draft"], args].concat()));
    is_as_written("en-GB-reminder.txt", &draft(&["reminder", "1"]));
    tracker.ok(&["mark", "1", "complained"]);
    tracker.at("2026-11-01T12:00:00Z");
    let draft = |args: &[&str]| text(tracker.run(&[&["draft"], args].concat()));
    is_as_written("en-GB-complaint.txt", &draft(&["complaint", "1"]));
    for code in LANGUAGES.into_iter().filter(|code| *code != "en") {
        let run = tracker.run(&["draft", "reminder", "1", "--language", code]);
        let english = "tracker: letters under the law of the United Kingdom are in English; leave out --language\n";
        assert_eq!((run.status, run.stderr.as_str()), (2, english), "{code}");
    }
    tracker.ok(&["mark", "1", "refused", "--on", "2026-10-01T10:00:00Z"]);
    let draft = |args: &[&str]| text(tracker.run(&[&["draft"], args].concat()));
    is_as_written("en-GB-refusal.txt", &draft(&["complaint", "1"]));
    assert!(["en-GB-complaint.txt", "en-GB-refusal.txt"].iter().all(|name| {
        let letter = fs::read_to_string(Path::new("tests/integration/letters").join(name)).expect("the letter");
        !letter.contains("Article 77") && letter.contains("section 165") && !letter.contains("Ireland")
    }));
}

/// One under the law of the United Kingdom that was asked who the user is, and told.
fn british() -> Tracker {
    let mut tracker = Tracker::new();
    tracker.at("2026-07-20T12:00:00Z");
    let submitted = "2026-07-01T10:00:00Z";
    tracker.ok(&["add", "-q", "--platform", "meta", "--email", ANNA, "--country", "GB", "--submitted", submitted]);
    tracker.ok(&["mark", "1", "needs_info", "--identity", "--on", "2026-07-10T10:00:00Z"]);
    tracker.ok(&["mark", "1", "sent", "--on", "2026-07-14T10:00:00Z"]);
    tracker
}

#[test]
fn every_language_names_the_law_of_the_united_kingdom_in_a_reason_and_in_older_letters() {
    let tracker = Tracker::new();
    tracker.config("country = \"GB\"\n");
    let mut old = Tracker::new();
    old.at("2025-05-01T12:00:00Z").add("facebook", ANNA, "2025-05-01T10:00:00Z");
    old.config("country = \"GB\"\n");
    old.ok(&["add", "-q", "--platform", "facebook", "--email", ANNA, "--submitted", "2025-05-01T10:00:00Z"]);
    old.at("2025-07-01T12:00:00Z");
    for code in LANGUAGES {
        let run =
            |tracker: &Tracker, args: &[&str]| text(tracker.run(&[&["draft", "--language", code], args].concat()));
        for letter in [run(&tracker, &["reason"]), run(&old, &["reminder", "2"]), run(&old, &["complaint", "2"])] {
            assert!(letter.contains("UK GDPR") && !letter.contains(['{', '}']), "{code}\n{letter}");
        }
    }
    // Of an objection that was refused before the complaint went under another law.
    old.at("2026-06-01T12:00:00Z").ok(&["mark", "2", "refused"]);
    for code in LANGUAGES {
        let letter = text(old.run(&["draft", "complaint", "2", "--language", code]));
        assert!(
            letter.contains("UK GDPR") && letter.contains("77") && !letter.contains(['{', '}']),
            "{code}\n{letter}"
        );
    }
}

#[test]
fn each_language_says_who_checked_it() {
    let tracker = Tracker::new();
    let listed = tracker.ok(&["draft", "--language", "list"]);
    assert_eq!(listed.lines().count(), LANGUAGES.len());
    assert!(listed.contains("ga  Gaeilge: written by a language model, checked by nobody else yet\n"), "{listed}");
    assert_eq!(tracker.json(&["draft", "--language", "list"])[25]["language"], "sv");
    let german = "de  Deutsch: written by a language model, checked by another session of a language model on 2026-12-01, by \
                  reading it through as a lawyer would\n";
    assert!(listed.contains(german), "{listed}");
    let only = "tracker: the wording in this language (Deutsch) is by a language model and only another session of a language \
                model has checked it: read it with care\n";
    assert!(tracker.run(&["draft", "reason", "--language", "de"]).stderr.starts_with(only));
    let unreviewed = "tracker: the wording in this language (Gaeilge) is by a language model and nobody else has checked it: \
                      read it with care\n";
    assert!(tracker.run(&["draft", "reason", "--language", "ga"]).stderr.starts_with(unreviewed));
}

#[test]
fn english_stands_below_where_it_is_wanted_and_the_person_signs() {
    let tracker = full();
    tracker.config("[person]\nname = \"Anna Beispiel\"\naddress = \"Weg 1, 10115 Berlin\"\n");
    let run = tracker.run(&["draft", "complaint", "1", "--land", "BE", "--bilingual"]);
    let (german, english) = run.stdout.split_once("\n\n* * *\n\n").expect("two letters");
    assert!(german.starts_with("Anna Beispiel\nWeg 1\n10115 Berlin\n\nBerliner Beauftragte"), "{german}");
    assert!(english.contains("for convenience; the text above (Deutsch)"), "{english}");
    assert!(english.contains("Dear Sir or Madam,") && english.contains("Anna Beispiel"), "{english}");
    assert!(!run.stdout.contains('[') || !run.stdout.contains("[Ihr"), "{}", run.stdout);
    assert!(!run.stderr.contains("put in your name"), "{}", run.stderr);
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
    let places = [("DE", "de"), ("FR", "fr"), ("PL", "pl"), ("IE", "en"), ("GB", "en"), ("SE", "sv"), ("BE", "fr")];
    for (country, _) in places {
        let add = [
            "add",
            "-q",
            "--platform",
            "meta",
            "--email",
            ANNA,
            "--submitted",
            "2026-11-01T10:00:00Z",
            "--country",
            country,
        ];
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
}

#[test]
fn where_another_law_applies_no_letter_cites_the_wrong_one() {
    let mut tracker = Tracker::new();
    for country in ["CH", "US", "BR"] {
        let add = [
            "add",
            "-q",
            "--platform",
            "meta",
            "--email",
            ANNA,
            "--submitted",
            "2026-11-01T10:00:00Z",
            "--country",
            country,
        ];
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
    let last = format!("tracker: {count} of 2000 characters; read it, and make it your own\n");
    assert!(run.stderr.ends_with(&last), "{}", run.stderr);
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
    assert_eq!(
        unknown.stderr,
        "tracker: no texts in the language `xx`; use bg, cs, da, de, el, en, es, et, fi, fr, ga, hr, hu, is, it, lt, lv, mt, nb, nl, pl, pt, ro, sk, sl, sv\n"
    );
}

#[test]
fn an_address_that_was_checked_long_ago_is_said_to_be_old() {
    let mut tracker = Tracker::new();
    for country in ["FR", "PL"] {
        let add = [
            "add",
            "-q",
            "--platform",
            "meta",
            "--email",
            ANNA,
            "--submitted",
            "2026-11-01T10:00:00Z",
            "--country",
            country,
        ];
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
        tracker.ok(&[
            "add",
            "-q",
            "--platform",
            platform,
            "--email",
            ANNA,
            "--submitted",
            submitted,
            "--country",
            country,
        ]);
    }
    tracker.at(OVER);
    for ((_, _, head), id) in heads.iter().zip(1..) {
        let letter = text(tracker.run(&["draft", "reminder", &id.to_string()]));
        assert!(letter.contains(head), "{letter}");
    }
}
