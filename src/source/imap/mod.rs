//! An IMAP account, read without changing it: EXAMINE and `BODY.PEEK`, never SELECT or STORE.
//!
//! From the bottom up: `server` and `mailbox` are the values. `paced` bounds the time, `guard` bounds what the parser
//! gets. `error` says what a failure means, `refusal` why a server refuses, `hidden` keeps secrets out of both, and
//! `site` words each error. `token` reads responses. `connect` and `tls` make the connection, `sasl` logs in with a `proof`, one of which is `scram`. `session` gives
//! commands and reads replies; `list`, `search` and `fetch` are the commands.

mod connect;
mod error;
mod fetch;
mod guard;
mod hidden;
mod lexeme;
mod list;
mod mailbox;
mod name;
mod paced;
mod proof;
mod refusal;
mod sasl;
mod scram;
mod search;
mod server;
mod session;
mod site;
mod tls;

pub use connect::reach;
pub use error::{Error, ErrorKind};
pub use mailbox::{Examined, FetchedHeader, Listed, MAX_FROM, Uid};
pub use name::decode_mailbox_name;
pub use refusal::Refusal;
pub use server::{Login, Security, Server};
pub use session::Session;
