//! `add`, `list`, `show`, `mark`, `undo`, `code`: what the user records, and is told.

use serde_json::json;

use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";

fn refused(status: i32, stderr: &str) -> Run {
    Run { status, stdout: String::new(), stderr: format!("tracker: {stderr}\n") }
}

#[test]
fn an_empty_list_says_how_to_begin() {
    let begin = "nothing recorded yet; after you sent an objection form: tracker add --platform facebook --email you@example.org";
    assert_eq!(Tracker::new().run(&["list"]), refused(0, begin));
    assert_eq!(Tracker::new().json(&["list"]), json!([]));
}

#[test]
fn an_objection_is_recorded_as_it_was_said() {
    let tracker = Tracker::new();
    let added = tracker.json(&[
        "add",
        "--platform",
        "instagram",
        "--email",
        ANNA,
        "--country",
        "fr",
        "--submitted",
        "2026-11-20",
        "--label",
        "mine",
        "--reason",
        "because",
    ]);
    let expected = json!({
        "id": 1, "platform": "instagram", "email": ANNA, "country": "FR", "label": "mine", "state": "submitted",
        "pending": true, "submitted_at": "2026-11-20T00:00:00Z", "due_on": "2026-12-21", "extended_due_on": null,
        "overdue": false, "case_number": null, "turn": "you", "next": "look_for_mail", "next_on": "2026-11-20",
        "code": null, "updated_at": "2026-11-24T12:00:00Z", "paused_due_on": null, "paused_since": null,
    });
    assert_eq!(added, expected);
    assert_eq!(tracker.json(&["list"]), json!([expected]));
    let mut shown = tracker.json(&["show", "1"]);
    let events = shown["events"].take();
    assert_eq!(
        events,
        json!([{
            "id": 1, "at": "2026-11-20T00:00:00Z", "kind": "submitted", "state": "submitted", "cause": "user",
            "mail": null, "note": null, "undoes": null, "question": null,
        }])
    );
    assert_eq!(shown["mails"], json!([]));
}

#[test]
fn what_can_t_be_recorded_is_said_with_its_remedy() {
    let tracker = Tracker::new();
    let add = |args: &[&str]| tracker.run(&[&["add", "--platform", "facebook", "--email"], args].concat());
    assert_eq!(add(&["anna"]), refused(2, "`anna` is not a mail address; write it as name@domain"));
    assert_eq!(
        add(&[ANNA, "--country", "Europe"]),
        refused(2, "`Europe` is no country; use its two letters (ISO 3166), such as DE, or its name")
    );
    let times = "write a date such as 2026-11-24 or 24.11.2026, a time such as 2026-11-24 14:30, or `2 days ago`";
    for (submitted, wrong) in [
        ("soon", "is neither a time nor a date"),
        ("", "is empty"),
        ("3/4/2026", "may be two days, for countries differ in what comes first"),
        ("2026-11-25", "is in the future"),
    ] {
        let what = format!("`submitted`: `{submitted}` {wrong}; {times}");
        assert_eq!(add(&[ANNA, "--submitted", submitted]), refused(2, &what));
    }
    assert_eq!(tracker.json(&["list"]), json!([]));
    assert_eq!(tracker.run(&["show", "7"]), refused(1, "no objection 7; `tracker list` shows those there are"));
}

#[test]
fn a_time_is_written_as_people_of_the_country_write_it() {
    let tracker = Tracker::new();
    for (country, when, at) in [
        ("DE", "3/4/2026", "2026-04-03T00:00:00Z"),
        ("DE", "20.11.2026 14:30", "2026-11-20T14:30:00Z"),
        ("US", "3/4/2026", "2026-03-04T00:00:00Z"),
        ("FR", "yesterday", "2026-11-23T00:00:00Z"),
    ] {
        let added = tracker.json(&[
            "-q",
            "add",
            "--platform",
            "facebook",
            "--email",
            ANNA,
            "--country",
            country,
            "--submitted",
            when,
        ]);
        assert_eq!(added["submitted_at"], at, "{when}");
    }
    tracker.ok(&["mark", "1", "acknowledged", "--on", "4/4/2026"]);
    tracker.ok(&["mark", "1", "refused", "--on", "5/4/2026"]);
    assert_eq!(tracker.json(&["show", "1"])["events"][2]["at"], "2026-04-05T00:00:00Z");
    assert_eq!(tracker.run(&["mark", "1", "refused", "--on", ""]).status, 2);
}

#[test]
fn many_are_recorded_from_a_file_all_or_none() {
    let tracker = Tracker::new();
    let rows =
        "platform,email,country,submitted\nfacebook,anna@example.org,DE,2026-11-20\n\"meta\",ben@example.org,,\n";
    tracker.file("members.csv", rows);
    assert_eq!(tracker.ok(&["add", "--from", "members.csv"]), "1\n2\n");
    tracker.file("bad.csv", format!("{rows}facebook,nobody,,\nfacebook,c@example.org,DE\nmyspace,c@example.org,,\n"));
    let run = tracker.run(&["add", "--from", "bad.csv"]);
    let faults = "`bad.csv`: line 4: `nobody` is not a mail address; write it as name@domain\n  \
                  line 5: it has 3 fields, the header has 4\n  \
                  line 6: unknown platform `myspace`: use facebook, instagram, threads, whatsapp or meta; \
                  nothing was recorded, mend it and run again";
    assert_eq!(run, refused(2, faults));
    assert_eq!(tracker.states().len(), 2);
}

#[test]
fn what_may_not_have_been_meant_is_said_on_no_terminal_too() {
    let tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"localhost\"\npassword_env = \"X\"\n");
    let add = |email: &str| tracker.run(&["add", "--platform", "facebook", "--email", email]);
    assert_eq!(add(ANNA), Run { status: 0, stdout: "1\n".to_owned(), stderr: String::new() });
    let twice = "tracker: objection 1 is pending for facebook and anna@example.org too, and an answer that fits both is held; \
                 if it is the same one: tracker forget 2\n";
    assert_eq!(add(ANNA), Run { status: 0, stdout: "2\n".to_owned(), stderr: twice.to_owned() });
    let unread = "tracker: no account is that of ben@example.org: its mail is found only if it is delivered to one that is \
                  configured; add it with tracker setup --email ben@example.org\n";
    assert_eq!(add("ben@example.org"), Run { status: 0, stdout: "3\n".to_owned(), stderr: unread.to_owned() });
    let relayed = "tracker: nora@duck.com is an alias of DuckDuckGo, which sends mail on in its own name: nothing can prove \
                   Meta's answers, so they are held for you to judge (tracker held); give Meta's form an address of your own \
                   if you can\n";
    assert_eq!(add("nora@duck.com"), Run { status: 0, stdout: "4\n".to_owned(), stderr: relayed.to_owned() });
    let quiet = ["add", "--quiet", "--platform", "threads", "--email", "ben@example.org"];
    assert_eq!(tracker.ok(&quiet), "5\n");
}

#[test]
fn marks_move_a_state_and_undo_takes_them_back() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    assert_eq!(
        tracker.ok(&["mark", "1", "verified"]),
        "objection 1: verified; next: wait: answers take minutes to a day; overdue after 2026-12-24\n"
    );
    let told = "objection 1: refused; next: if you do not agree, complain to your supervisory authority: tracker draft complaint \
                1\n";
    assert_eq!(tracker.ok(&["mark", "1", "refused", "--note", "by post"]), told);
    assert_eq!(
        tracker.run(&["mark", "1", "verified"]),
        refused(1, "objection 1 is `refused`, which is final; `tracker undo 1` takes back a mark")
    );
    assert_eq!(tracker.ok(&["undo", "1"]), "objection 1: took back `refused`; verified\n");
    assert_eq!(tracker.ok(&["undo", "1"]), "objection 1: took back `verified`; submitted\n");
    assert_eq!(tracker.run(&["undo", "1"]), refused(1, "objection 1: you decided nothing that could be taken back"));
    let shown = tracker.ok(&["show", "1"]);
    let timeline: Vec<&str> = shown.lines().skip_while(|line| *line != "Timeline").skip(1).collect();
    assert_eq!(
        timeline,
        [
            "  2026-11-24 11:50  submitted          → submitted     (you)",
            "  2026-11-24 12:00  verified           → verified      (you)",
            "  2026-11-24 12:00  refused            → refused       (you): by post",
            "  2026-11-24 12:00  took back `refused` of 2026-11-24 12:00 → verified      (you)",
            "  2026-11-24 12:00  took back `verified` of 2026-11-24 12:00 → submitted     (you)",
        ]
    );
    assert_eq!(tracker.run(&["mark", "1", "happy"]).status, 2);
}

#[test]
fn an_extension_moves_the_due_date_to_three_months() {
    let mut tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    // The reading by which the month begins a day later ends on Christmas Day, so on Monday the 28th.
    tracker.at("2026-12-29T12:00:00Z");
    let listed = |tracker: &Tracker| tracker.json(&["list", "--overdue"]);
    assert_eq!(listed(&tracker)[0]["next"], "complain");
    tracker.ok(&["mark", "1", "extended"]);
    assert_eq!(listed(&tracker), json!([]));
    let all = tracker.json(&["list"]);
    assert_eq!((&all[0]["due_on"], &all[0]["extended_due_on"]), (&json!("2026-12-24"), &json!("2027-02-24")));
}

#[test]
fn the_list_can_be_narrowed() {
    let tracker = Tracker::new();
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z").add("instagram", ANNA, "2026-11-24T11:50:00Z").add(
        "facebook",
        "ben@example.org",
        "2026-10-01",
    );
    tracker.ok(&["mark", "2", "accepted"]);
    let ids = |args: &[&str]| -> Vec<i64> {
        let list = tracker.json(&[&["list"], args].concat());
        list.as_array().expect("an array").iter().map(|o| o["id"].as_i64().expect("a number")).collect()
    };
    assert_eq!(ids(&[]), [3, 1, 2], "what needs the user comes first");
    assert_eq!(ids(&["--pending"]), [3, 1]);
    assert_eq!(ids(&["--overdue"]), [3]);
    assert_eq!(ids(&["--state", "accepted", "--state", "refused"]), [2]);
    assert_eq!(ids(&["--platform", "facebook", "--email", "ANNA@example.org"]), [1]);
    assert_eq!(
        tracker.run(&["list", "--platform", "threads"]),
        refused(0, "no objection matches; `tracker list` shows all")
    );
    let csv = tracker.ok(&["list", "--csv", "--state", "accepted"]);
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let more = ["--label", "M-12 Müller", "--country", "Austria", "--reason", "My Photos", "--submitted", "2026-11-01"];
    tracker.ok(&[&["add", "--platform", "threads", "--email", "cleo@example.org"], more.as_slice()].concat());
    assert_eq!(ids(&["--label", "M-1*"]), [4]);
    assert_eq!(ids(&["--label", "M-1"]), [0; 0]);
    assert_eq!(ids(&["--country", "at", "--country", "FR"]), [4]);
    assert_eq!(ids(&["--search", "MÜLLER"]), [4]);
    assert_eq!(ids(&["--search", "photos"]), [4]);
    assert_eq!(ids(&["--search", "anna@"]), [1, 2]);
    assert_eq!(ids(&["--next", "remind", "--next", "complain"]), [3]);
    assert_eq!(ids(&["--limit", "1"]), [3]);
    assert_eq!(tracker.ok(&["list", "--count", "--pending"]), "3\n");
    assert_eq!(tracker.json(&["list", "--count"]), json!(4));
    let unknown = tracker.run(&["list", "--next", "dance"]);
    assert!(unknown.status == 2 && unknown.stderr.contains("unknown action `dance`"), "{unknown:?}");
}

#[test]
fn a_code_is_the_newest_that_can_be_used() {
    let mut tracker = Tracker::new();
    tracker.config("[accounts.home]\nemail = \"anna@example.org\"\nhost = \"localhost\"\npassword_env = \"X\"\nauthserv_ids = [\"mx.example.org\"]\n");
    tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
    let none = "no usable code: none came; run tracker check, or ask for a new one in the form";
    assert_eq!(tracker.run(&["code"]), refused(1, none));
    for (digits, at) in [("271828", "2026-11-24T11:52:00Z"), ("314159", "2026-11-24T11:55:00Z")] {
        tracker.run_with(&["ingest", "-"], mails::code(ANNA, digits, at).raw().as_bytes());
    }
    assert_eq!(tracker.ok(&["code"]), "314159\n");
    let expected = json!({
        "objection": 1, "code": "314159", "received_at": "2026-11-24T11:55:00Z",
        "expires_at": "2026-11-25T11:55:00Z", "mail": 2,
    });
    assert_eq!(tracker.json(&["code", "1"]), expected);
    tracker.at("2026-11-25T11:55:00Z");
    let expired = "no usable code for objection 1: it expired at 2026-11-25 11:55; run tracker check, or ask for a new one in the form";
    assert_eq!(tracker.run(&["code", "1"]), refused(1, expired));
    tracker.at("2026-11-24T12:00:00Z").ok(&["mark", "1", "verified"]);
    let used = "no usable code for objection 1: it was used; run tracker check, or ask for a new one in the form";
    assert_eq!(tracker.run(&["code", "1"]), refused(1, used));
    let dump = tracker.dump();
    assert!(!dump.iter().any(|row| row.starts_with("code ") && row.contains("314159")), "{dump:?}");
    tracker.ok(&["undo", "1"]);
    assert_eq!(tracker.ok(&["code"]), "314159\n", "the mark was a mistake");
}

#[test]
fn a_table_is_read_as_spreadsheets_of_any_country_write_it() {
    let rows = [
        ("platform,email,country,submitted,label", ',', "2026-10-21"),
        ("Platform,Email,Country,Submitted,Label", ',', "2026-10-21"),
        ("Plattform;E-Mail;Land;Datum;Name", ';', "21.10.2026"),
        ("sep=;\r\nPlattform;E-Mail;Land;Abgeschickt am;Name", ';', "21.10.2026"),
        ("Plateforme;Adresse e-mail;Pays;Soumis le;Nom", ';', "21/10/2026"),
        ("plataforma\tcorreo electrónico\tpaís\tfecha\tnombre", '\t', "2026-10-21"),
        ("Piattaforma;Indirizzo email;Paese;Data;Nome", ';', "21/10/2026"),
        ("Platforma;Adres e-mail;Kraj;Data;Nazwa", ';', "21.10.2026"),
        ("Platform;E-mailadres;Land;Ingediend op;Naam", ';', "21-10-2026"),
    ];
    let expected = json!(["facebook", "anna@example.org", "DE", "2026-10-21T00:00:00Z", "M-1 Müller, \"Anna\""]);
    for (header, delimiter, day) in rows {
        let cells = ["Facebook", ANNA, "Deutschland", day, "\"M-1 Müller, \"\"Anna\"\"\""].join(&delimiter.to_string());
        let text = format!("{header}\r\n{cells}\r\n");
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [text.clone().into_bytes(), format!("\u{feff}{text}").into_bytes(), latin, wide] {
            let tracker = Tracker::new();
            tracker.file("members.csv", bytes);
            let added = tracker.json(&["add", "--from", "members.csv"]);
            let o = &added[0];
            assert_eq!(
                json!([o["platform"], o["email"], o["country"], o["submitted_at"], o["label"]]),
                expected,
                "{header}"
            );
        }
    }
}

#[test]
fn rows_that_are_recorded_already_are_skipped_and_other_columns_are_named() {
    let tracker = Tracker::new();
    let table = "platform,email,submitted,member_no,note\nfacebook,anna@example.org,2026-11-20,M-1,x\n\
                 instagram,ben@example.org,2026-11-21,M-2,\n";
    tracker.file("members.csv", table);
    let plan = tracker.run(&["add", "--from", "members.csv", "--map", "member_no=label", "--dry-run"]);
    let rows =
        "facebook  anna@example.org  -  2026-11-20 00:00  M-1\ninstagram  ben@example.org  -  2026-11-21 00:00  M-2\n";
    let unused = "tracker: not used: column `note`; to use one: --map COLUMN=FIELD\n";
    let said = format!("{unused}tracker: nothing was recorded\n");
    assert_eq!(plan, Run { status: 0, stdout: rows.to_owned(), stderr: said });
    assert_eq!(tracker.json(&["list"]), json!([]));
    let map = ["add", "--from", "members.csv", "--map", "member_no=label"];
    assert_eq!(tracker.run(&map), Run { status: 0, stdout: "1\n2\n".to_owned(), stderr: unused.to_owned() });
    tracker.file("members.csv", format!("{table}threads,anna@example.org,,M-1,\n"));
    let said = format!("{unused}tracker: 2 of 3 rows are recorded already and are skipped\n");
    assert_eq!(tracker.run(&map), Run { status: 0, stdout: "3\n".to_owned(), stderr: said });
    assert_eq!(tracker.json(&map), json!([]));
}

#[test]
fn what_is_wrong_with_a_table_is_told_by_its_lines() {
    let tracker = Tracker::new();
    let fault = |text: &str, args: &[&str], what: &str| {
        tracker.file("members.csv", text);
        let run = tracker.run(&[&["add", "--from", "members.csv"], args].concat());
        assert_eq!(run, refused(2, what));
    };
    fault(
        "a,b\n",
        &[],
        "`members.csv`: no column is called `platform`; write a header line, or say which one it is: --map COLUMN=platform",
    );
    fault(
        "platform,email,mail\n",
        &[],
        "`members.csv`: columns `email` and `mail` are both the email; give one of them another name, or say which: --map email=email",
    );
    fault(
        "platform,email\n",
        &["--map", "x=label"],
        "`members.csv`: --map: no column `x`; the columns are platform, email",
    );
    let many = "facebook,nobody\n".repeat(12);
    let lines: Vec<String> =
        (5..15).map(|line| format!("line {line}: `nobody` is not a mail address; write it as name@domain")).collect();
    fault(
        &format!("platform,email\n\"facebook\",\"a@example.org\n\n\"\n{many}"),
        &[],
        &format!(
            "`members.csv`: {}\n  and 2 more lines; nothing was recorded, mend it and run again",
            lines.join("\n  ")
        ),
    );
}

#[test]
fn one_form_for_several_platforms_is_recorded_for_each() {
    let tracker = Tracker::new();
    let added = tracker.json(&["add", "--platform", "facebook,instagram", "--email", ANNA]);
    assert_eq!((added[0]["platform"].as_str(), added[1]["platform"].as_str()), (Some("facebook"), Some("instagram")));
    let missing = "the following required arguments were not provided: --platform <P>; see tracker add --help";
    assert_eq!(tracker.run(&["add", "--email", ANNA]), refused(2, missing));
}

#[test]
fn a_column_that_may_have_the_times_is_asked_for() {
    let tracker = Tracker::new();
    tracker.file("members.csv", "platform,email,when\nfacebook,anna@example.org,2026-11-20\n");
    let said = "tracker: not used: column `when`; to use one: --map COLUMN=FIELD\n\
                tracker: no column says when they were submitted, so now is taken; to name one: --map COLUMN=submitted\n";
    let run = tracker.run(&["add", "--from", "members.csv"]);
    assert_eq!(run, Run { status: 0, stdout: "1\n".to_owned(), stderr: said.to_owned() });
}

#[test]
fn what_is_no_file_is_written_to_and_not_replaced() {
    let tracker = Tracker::new();
    let pipe = tracker.home().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("a page")
    });
    tracker.ok(&["report", "-o", "pipe"]);
    assert!(!std::fs::metadata(&pipe).expect("a pipe").is_file(), "it is still a pipe");
    assert!(reader.join().expect("it was read").contains("<html"));
    tracker.file("page.html", "old");
    std::os::unix::fs::symlink("page.html", tracker.home().join("link.html")).expect("a link");
    tracker.ok(&["report", "-o", "link.html"]);
    assert!(std::fs::read_to_string(tracker.home().join("page.html")).expect("a page").contains("<html"));
}
