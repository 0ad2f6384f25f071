//! A mail judged by the program's own way in, without a server: for tables of many mails.

use std::sync::OnceLock;

use jiff::Timestamp;
use objection_tracker::config::Config;
use objection_tracker::intake::{Basis, Delivery, Letter};
use objection_tracker::net::dns::Dns;
use objection_tracker::objection::{Platform, State};
use objection_tracker::signal::Rules;
use objection_tracker::store::{Kept, NewObjection, Place, Store};
use objection_tracker::trust::{Answer, Keys, Trusted, Witnesses};

use super::sign::{ed25519, rsa};

pub const ANNA: &str = "anna@example.org";
/// When the objection was submitted, when mail comes, and when it is looked at.
pub const SUBMITTED: &str = "2026-11-24T11:50:00Z";
pub const AT: &str = "2026-11-24T11:55:00Z";
pub const NOW: &str = "2026-11-24T12:00:00Z";

/// A database with one objection, rules, and keys as published.
pub struct Bench {
    store: Store,
    rules: &'static Rules,
    keys: Keys,
    now: Timestamp,
    pub trusted: Trusted,
}

/// What became of a mail.
pub struct Judged {
    pub kept: Option<Kept>,
    pub state: State,
}

impl Judged {
    /// In a word: `applied`, `ignored`, or the reason it is held for.
    pub fn outcome(&self) -> &'static str {
        match &self.kept {
            None => "ignored",
            Some(kept) => kept.held_reason.map_or("applied", |reason| reason.as_str()),
        }
    }

    pub fn verdict(&self) -> &'static str {
        self.kept.as_ref().map_or("none", |kept| kept.verdict.result.as_str())
    }

    pub fn reason(&self) -> &str {
        self.kept.as_ref().map_or("", |kept| kept.verdict.reason.as_str())
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

impl Bench {
    /// An objection of `email`, whose provider's server is `mx.example.org`. In DNS: `s1` (RSA of 2048 bits), `s1024`,
    /// `s512`, `ed` at all domains of the controller that the tests use; `gone`, `test`, `strict` as they are called.
    pub fn new(email: &str) -> Self {
        Self::at(email, SUBMITTED, NOW)
    }

    /// The same at another time.
    pub fn at(email: &str, submitted: &str, now: &str) -> Self {
        let mut store = Store::in_memory().expect("a database");
        let objection = NewObjection {
            platform: Platform::Facebook,
            email: email.to_owned(),
            country: None,
            label: None,
            reason: None,
            form_url: None,
            submitted_at: time(submitted),
        };
        store.transaction(|records| records.add(&objection, time(submitted))).expect("recorded");
        let trusted = Trusted { authserv_ids: vec!["mx.example.org".to_owned()], ..Trusted::default() };
        Self { store, rules: rules(), keys: keys(), now: time(now), trusted }
    }

    /// With what the configuration says of the only account.
    pub fn of_account(email: &str, lines: &str) -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("config.toml");
        let text = format!("[accounts.home]\nemail = \"{email}\"\npassword_env = \"X\"\n{lines}\n");
        std::fs::write(&path, text).expect("written");
        let config = Config::load(Some(&path)).expect("a configuration");
        Self { trusted: config.accounts[0].trusted.clone(), ..Self::new(email) }
    }

    /// Puts a key into DNS.
    pub fn publish(&mut self, name: &str, record: &str) {
        let answer = Answer::Records(vec![record.as_bytes().to_vec()]);
        self.keys.insert(format!("{}.", name.trim_end_matches('.')), answer);
    }

    /// The verdict alone on a mail that no server speaks of, without a database.
    pub fn verdict_on(raw: &[u8], at: &str) -> &'static str {
        let letter = Letter::open(raw.to_owned(), Some(time(at)), time(NOW), rules()).expect("a mail");
        let witnesses = Witnesses { trusted: &Trusted::default(), keys: Some(&keys()) };
        letter.verdict(&witnesses).result.as_str()
    }

    /// Takes a mail in that arrived at a moment.
    pub fn take_at(&mut self, raw: &[u8], at: &str) -> Judged {
        let names = Letter::open(raw.to_owned(), Some(time(at)), self.now, self.rules).map(|letter| letter.key_names());
        for name in names.unwrap_or_default() {
            if self.keys.answer(&name).is_none() {
                self.keys.insert(name, Answer::Absent("its key is not in DNS any more, or never was".to_owned()));
            }
        }
        let basis = Basis::new(self.rules, self.now, Dns::knowing(self.keys.clone()));
        let place = Place::default();
        let mail = Delivery { place, raw: raw.to_owned(), arrived_at: Some(time(at)), waits_since: None };
        let mut recorded = basis.take_in(&mut self.store, &self.trusted, vec![mail], |_, _| Ok(())).expect("taken in");
        assert!(recorded.put_back.is_empty(), "all keys are known");
        let state = self.store.records().objections().expect("objections")[0].state;
        Judged { kept: recorded.mails.pop(), state }
    }

    pub fn take(&mut self, raw: &str) -> Judged {
        self.take_at(raw.as_bytes(), AT)
    }
}

/// Read once: that takes longer than to judge a mail.
fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Rules::built_in().expect("rules"))
}

fn keys() -> Keys {
    let mut keys = Keys::default();
    let strict = rsa(2048).record().replace("k=rsa;", "k=rsa; t=s;");
    let test = rsa(2048).record().replace("k=rsa;", "k=rsa; t=y;");
    let sha1 = rsa(2048).record().replace("k=rsa;", "k=rsa; h=sha1;");
    let records = [
        ("s1", rsa(2048).record()),
        ("s1024", rsa(1024).record()),
        ("s512", rsa(512).record()),
        ("ed", ed25519().record()),
        ("gone", "v=DKIM1; k=rsa; p=".to_owned()),
        ("test", test),
        ("strict", strict),
        ("sha1", sha1),
    ];
    let domains = [
        "support.facebook.com",
        "facebook.com",
        "facebookmail.com",
        "mail.instagram.com",
        "evil.example",
        "facebookmail.corn",
        "facebookmail.com.evil.example",
        "xn--fcebookmail-9fb.com",
    ];
    for domain in domains {
        for (selector, record) in &records {
            let answer = Answer::Records(vec![record.clone().into_bytes()]);
            keys.insert(format!("{selector}._domainkey.{domain}."), answer);
        }
    }
    keys
}
