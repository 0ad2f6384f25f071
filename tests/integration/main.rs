//! The tests of the outside: the real binary, a real database, a real IMAP server.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "tests may fail")]

mod backup;
mod clock;
mod corpus;
mod disk;
mod docs;
mod doctor;
mod dossier;
mod draft;
mod export;
mod failures;
mod faults;
mod flow;
mod forgeries;
mod forget;
mod genuine;
mod ground;
mod guide;
mod held;
mod hook;
mod list;
mod manual;
mod mutations;
mod oauth;
mod package;
mod record;
mod schedule;
mod sender;
mod setup;
mod support;
mod token;
mod traps;
mod wait;
