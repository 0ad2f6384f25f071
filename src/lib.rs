//! `tracker` watches over objections to the use of personal data for AI (GDPR Art. 21).
//!
//! A pure core that judges, a thin shell that fetches and records. Bytes go in, a value comes out, and only then is
//! anything written:
//!
//! ```text
//! account ─ source (IMAP, file) ─▶ raw bytes ─ mail::parse ─▶ Mail
//!      Mail ─ trust    ─▶ Verdict    who really sent it       (DKIM keys and trusted authserv-ids are handed in)
//!      Mail ─ signal   ─▶ Reading    what it says             (rules are data)
//!      Mail ─ matching ─▶ Match      which objection it answers (the recorded objections are handed in)
//!             └── judge ─▶ Finding   Applied | Held(reason) | Ignored
//!                     └── State::after ─▶ store::record(finding, cursor)   one SQLite transaction
//!                                            └─▶ report: the same value as a table, a line or JSON
//! ```
//!
//! The core (`objection`, `mail`, `trust`, `signal`, `matching`, `judge`) knows no socket, file, clock or SQL. Arrows
//! never point up: `main → cli, command → {config, check, source, dns, store, report, draft, discover} → judge → {trust,
//! signal, matching} → {mail, objection}`. One dependency, one room: `imap` and its TLS live in `source::imap`,
//! `rusqlite` in `store`, `mail-parser` in `mail`, `mail-auth` in `trust`, the resolver and its event loop in `dns`,
//! `indicatif` in `progress`, `ureq` in `http`, the keyring's crate in `keyring`, `oauth2` in `oauth`, `toml_edit` in `config::edit`, `clap` in `cli`; `process` alone runs other programs.
//!
//! Read `judge`, `objection::state` and `check` after this page, in that order, and you have understood the program.

pub mod check;
pub mod cli;
pub mod command;
pub mod config;
pub mod draft;
pub mod fault;
pub mod intake;
pub mod judge;
pub mod mail;
pub mod matching;
pub(crate) mod net;
pub mod objection;
pub mod report;
pub(crate) mod secret;
pub mod signal;
pub(crate) mod source;
pub mod store;
pub(crate) mod system;
pub mod trust;
