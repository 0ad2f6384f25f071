//! Searches for mail since a day, in parts small enough for the server and for the guard.

use imap_proto::{MailboxDatum, Response};
use jiff::civil::Date;

use super::error::{Error, ErrorKind};
use super::mailbox::Uid;
use super::session::Session;

/// How many mails are searched at once: 50,000 UIDs fill half of the guard's longest line.
const WINDOW: u32 = 50_000;
/// How many where the server refuses more (RFC 9738).
const SMALL_WINDOW: u32 = 1000;
/// The most searches in one mailbox.
const MAX_SEARCHES: u32 = 2000;

impl Session {
    /// The UIDs of the mails that came on or after a day, in ascending order. `exists` is the number of mails there.
    pub fn search_since(&mut self, day: Date, exists: u32) -> Result<Vec<Uid>, Error> {
        let day = day.strftime("%-d-%b-%Y");
        let mut uids: Vec<Uid> = Vec::new();
        let (mut first, mut window) = (1_u32, WINDOW.min(exists));
        for _ in 0..MAX_SEARCHES {
            if first > exists {
                break;
            }
            let last = first.saturating_add(window).saturating_sub(1);
            // The last range is open, because more mail may have come since.
            let range = if last >= exists { format!("{first}:*") } else { format!("{first}:{last}") };
            let query = if first == 1 && last >= exists { String::new() } else { format!("{range} ") };
            match self.search(&format!("UID SEARCH {query}SINCE {day}")) {
                // A server that limits searches cuts its answer short, or refuses the search.
                Ok((_, true)) if window > 1 => window = window.div_ceil(2),
                Err(error) if !error.is_dead() && window > SMALL_WINDOW => window = SMALL_WINDOW,
                result => {
                    uids.extend(result?.0);
                    first = last.saturating_add(1);
                }
            }
        }
        if first <= exists {
            let what = format!("`{}` cuts its answers too short to search {exists} mails", self.site.place);
            return Err(Error::new(ErrorKind::Refused, what, "move old mail to another mailbox"));
        }
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// Makes one search. Returns also whether the server cut its answer short (RFC 9738).
    fn search(&mut self, command: &str) -> Result<(Vec<Uid>, bool), Error> {
        let reply = self.run("SEARCH", command)?;
        let found = self.read(&reply, |response| match response {
            Response::MailboxData(MailboxDatum::Search(uids)) => Some(uids),
            _ => None,
        })?;
        let is_cut = reply.done().to_uppercase().contains("[MESSAGELIMIT");
        Ok((found.into_iter().flatten().map(Uid).collect(), is_cut))
    }
}
