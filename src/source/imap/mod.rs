//! An IMAP account, read without changing it: EXAMINE and `BODY.PEEK`, never SELECT or STORE.
//!
//! `paced` bounds the time, `guard` bounds what the parser is given, `connect` makes the connection, `sasl` logs in with
//! a `proof`, `session` speaks, `error` says what went wrong in the user's words, `refusal` why a server refuses, and
//! `hidden` keeps out of it what nobody may see.

mod connect;
mod error;
mod fetch;
mod guard;
mod hidden;
mod list;
mod mailbox;
mod name;
mod paced;
mod proof;
mod refusal;
mod sasl;
mod search;
mod server;
mod session;
mod site;
mod tls;

pub use connect::reach;
pub use error::Error;
pub use mailbox::{Examined, Header, Listed, MAX_FROM, Uid};
pub use name::decode_mailbox_name;
pub use refusal::Refusal;
pub use server::{Login, Security, Server};
pub use session::Session;
