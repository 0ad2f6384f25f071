//! Mail on disk as other programs keep it: every mail is found, and what is none is named.

use std::io::Write;
use std::path::Path;

use crate::support::{Tracker, mails};

#[test]
fn a_mail_behind_another_program_s_separator_is_found() {
    let anna = "anna@example.org";
    let at = "2026-11-24T11:55:00Z";
    let (first, second) = (mails::newsletter(anna, at).raw(), mails::acceptance(anna, at).raw());
    for (separator, between) in [
        ("From a@b.example", "\n"),
        ("From a@b.example 2026-11-24", "\n"),
        ("From a@b.example Tue Nov 24 8:12:00 2026", "\n"),
        ("From a@b.example Tue Nov 24 08:12:00 2026", ""),
    ] {
        let tracker = Tracker::new();
        tracker.add("facebook", anna, "2026-11-24T11:50:00Z");
        tracker.file("inbox.mbox", format!("{separator}\n{first}{between}{separator}\n{second}"));
        let text = tracker.ok(&["ingest", "inbox.mbox"]);
        assert_eq!(text.lines().count(), 1, "{separator}: {text}");
    }
}

#[test]
fn mail_in_other_forms_is_read_and_what_is_none_is_named() {
    let anna = "anna@example.org";
    let raw = mails::acceptance(anna, "2026-11-24T11:55:00Z").raw().into_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&raw).expect("written");
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(&raw).expect("written");
    let emlx = [format!("{}\n", raw.len()).as_bytes(), &raw, b"<?xml version=\"1.0\"?>"].concat();
    for (name, bytes) in [
        ("Messages/123.emlx", emlx),
        ("mh/inbox/2", raw.clone()),
        ("maildir/cur/1.host:2,S", gzip.finish().expect("packed")),
        ("maildir/cur/2.host:2,S", zlib.finish().expect("packed")),
    ] {
        let tracker = Tracker::new();
        tracker.add("facebook", anna, "2026-11-24T11:50:00Z");
        let path = tracker.home().join("mail").join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder");
        std::fs::write(&path, &bytes).expect("written");
        std::fs::write(tracker.home().join("mail/notes.txt"), "Remember the milk").expect("written");
        let run = tracker.run(&["ingest", "mail"]);
        assert_eq!((run.status, run.stdout.lines().count()), (0, 1), "{name}: {run:?}");
        assert_eq!(run.stderr, "tracker: 1 file is no mail: `mail/notes.txt`\n", "{name}");
    }
}
