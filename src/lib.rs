//! `tracker` watches over objections to the use of personal data for AI (GDPR Art. 21).
//!
//! A pure core that judges, a thin shell that fetches and records. Bytes go in, a value comes out, and only then is
//! anything written:
//!
//! ```text
//! account ─ source (IMAP, Maildir, mbox, file) ─▶ raw bytes ─ intake::Letter::open ─▶ Letter: the Mail, its signatures,
//!                                                             and the names of the keys it needs; parsed once
//!      Letter ─ trust    ─▶ Verdict   who really sent it          (keys from DNS and trusted authserv-ids are handed in)
//!      Letter ─ signal   ─▶ Reading   what it says                (words are data)
//!      Letter ─ matching ─▶ Match     which objection it answers  (the recorded objections are handed in)
//!             └── judge ─▶ Finding    Applied | Held(reason) | Ignored
//!                     └── Objection::step ─▶ one SQLite transaction: mail, event, cursor
//!                                                  └─▶ round::News: the same value as lines, JSON or a notice
//! ```
//!
//! Every verb that takes mail in walks this way: `intake::Basis::take_in` asks DNS for a batch's keys, judges all of it and
//! records it in one transaction.
//!
//! | room | what it is for |
//! | --- | --- |
//! | `main`, `cli`, `command` | the command line; one verb per file |
//! | `round`, `notify` | one round over all accounts, and who else is told of its news |
//! | `check` | one look at one account: which mail to read, and how far the cursor moves |
//! | `intake` | one mail's way: opened, judged, recorded; judged again; taken back |
//! | `judge`, `matching`, `signal`, `trust`, `mail`, `objection` | the core: no socket, file, clock or SQL |
//! | `source`, `store`, `net` | where mail comes from; the only SQL; DNS and HTTPS |
//! | `config`, `secret`, `system` | TOML and environment; passwords and tokens; programs, files, panics, progress |
//! | `report`, `draft` | what is shown; what is sent: letters and complaints |
//! | `fault`, `word` | the one error value; enums whose variants are words |
//!
//! Arrows never point up, and no two rooms or files need each other. One dependency, one room: `imap` and its TLS live in
//! `source::imap`, `rusqlite` in `store`, `mail-parser` in `mail`, `mail-auth` in `trust`, the resolver and its event loop in
//! `net::dns`, `ureq` in `net::http`, `keyring` and `oauth2` in `secret`, `indicatif` in `system::progress`, `toml_edit` in
//! `config::edit`. `system::process` alone runs other programs.
//!
//! Read `judge`, `objection::step` and `check::look` after this page, in that order, and you have understood the program. A
//! cursor moves in `check::mailbox`, a notice is sent in `notify`, a remedy is worded where something fails.

pub mod check;
pub mod cli;
mod command;
pub mod config;
pub mod draft;
pub mod fault;
pub mod intake;
pub mod judge;
pub mod mail;
pub mod matching;
pub mod net;
mod notify;
pub mod objection;
pub mod report;
mod round;
pub mod secret;
pub mod signal;
pub mod source;
pub mod store;
pub mod system;
pub mod trust;
mod word;
