//! Searches for mail since a day, in parts small enough for the server and for the guard.

use jiff::civil::Date;

use super::error::{Error, ErrorKind};
use super::fetch::sequence_set;
use super::lexeme::{Lexemes, number};
use super::mailbox::Uid;
use super::session::Session;

/// How many mails are searched at once: 50,000 UIDs fill half of the guard's longest line.
const WINDOW: u32 = 50_000;
/// How many where the server refuses more (RFC 9738).
const SMALL_WINDOW: u32 = 1000;
/// The most UIDs that one answer names.
const MAX_FOUND: usize = 1_000_000;
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
                // A server that refuses to search may give the numbers of all.
                Err(error) if !error.is_dead() => {
                    let range = if range.is_empty() { "1:*" } else { &range };
                    uids.extend(self.numbers(&format!("FETCH {range} (UID)")).map_err(|_| error)?);
                    first = last.saturating_add(1);
                }
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

    /// Which of some mails are there. A server that lets nobody search is asked for their numbers alone.
    pub fn present(&mut self, uids: &[Uid]) -> Result<Vec<Uid>, Error> {
        match self.search(&format!("UID SEARCH UID {}", sequence_set(uids))) {
            Err(error) if !error.is_dead() => self.numbers(&format!("UID FETCH {} (UID)", sequence_set(uids))),
            found => Ok(found?.0),
        }
    }

    /// Makes one search. Returns also whether the server cut its answer short (RFC 9738).
    fn search(&mut self, command: &str) -> Result<(Vec<Uid>, bool), Error> {
        let reply = self.run("SEARCH", command)?;
        let is_cut = reply.done.to_uppercase().contains("[MESSAGELIMIT");
        Ok((reply.responses.iter().flat_map(|response| found(response)).take(MAX_FOUND).collect(), is_cut))
    }
}

/// The UIDs that a response to SEARCH names, also where a server gives the newer one (RFC 4731) without being asked.
fn found(response: &[u8]) -> Vec<Uid> {
    let mut tokens = Lexemes::of(response);
    match tokens.next().map(|token| token.word()).as_deref() {
        Some("SEARCH") => tokens.map_while(|token| number(&token.value()?)).map(Uid).collect(),
        Some("ESEARCH") => {
            let set = tokens.skip_while(|token| token.word() != "ALL").nth(1);
            ranges(&set.map(|set| set.word()).unwrap_or_default())
        }
        _ => Vec::new(),
    }
}

/// `1:3,7` as 1, 2, 3 and 7.
fn ranges(set: &str) -> Vec<Uid> {
    let range = |range: &str| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        Some(first.min(last)..=first.max(last))
    };
    set.split(',').filter_map(range).flatten().take(MAX_FOUND).map(Uid).collect()
}
