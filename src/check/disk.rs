//! Mail on disk: each is judged alone, for nobody vouches for when it arrived.

use std::io::BufReader;
use std::path::Path;

use jiff::Timestamp;

use super::Check;
use crate::intake::{Arrival, Intake, Taken, names_of_keys};
use crate::source::disk::{Error, Found, Reader};
use crate::store::{Kept, Place, Store, StoreError};
use crate::trust::{Trusted, Witnesses};

/// What came of mail on disk.
#[derive(Default)]
pub struct Gathered {
    /// The mails that were kept.
    pub mails: Vec<Kept>,
    /// What could not be read.
    pub errors: Vec<Error>,
    /// Which mails wait for DNS, in words.
    pub waiting: Vec<String>,
}

/// Where mail on disk comes from.
pub struct Origin<'a> {
    /// How it is recorded.
    pub place: &'a Place,
    /// Whom to believe about it.
    pub trusted: &'a Trusted,
    /// Whether it is looked at again and again, so that a mail need not wait for DNS for ever.
    pub is_polled: bool,
}

impl Check<'_> {
    /// Takes in the mail of a file or folder, or of standard input for `-`.
    ///
    /// # Errors
    /// When the record can't be read or written.
    pub fn disk(&self, store: &mut Store, origin: &Origin<'_>, path: &Path) -> Result<Gathered, StoreError> {
        let mut gathered = Gathered::default();
        let reader = Reader::new(self.rules.controller.sender.iter().map(|s| s.domain.as_str()));
        let mut failure = None;
        let mut take = |found: &Found<'_>| {
            if failure.is_none() {
                failure = self.take(store, origin, found, &mut gathered).err();
            }
        };
        let errors = if path == Path::new("-") {
            let mut input = BufReader::new(std::io::stdin().lock());
            let result = reader.stream(&mut input, &mut |raw| take(&Found { path, raw, written_at: None }));
            match result {
                Ok(true) => Vec::new(),
                Ok(false) => vec![Error::NoMail(path.to_owned())],
                Err(error) => vec![Error::Io { path: path.to_owned(), error }],
            }
        } else {
            reader.each(path, &mut take)
        };
        gathered.errors = errors;
        failure.map_or(Ok(gathered), Err)
    }

    fn take(
        &self,
        store: &mut Store,
        origin: &Origin<'_>,
        found: &Found<'_>,
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        let mut dns = self.dns.borrow_mut();
        if dns.is_on() {
            dns.ask(names_of_keys(found.raw, None, self.now, self.rules));
        }
        let witnesses = Witnesses { trusted: origin.trusted, keys: dns.keys() };
        // How long it waits for DNS already, as far as the file tells.
        let waits_since: Option<Timestamp> = found.written_at.filter(|_| origin.is_polled);
        let taken = store.transaction(|records| {
            let mut intake = Intake::new(records, self.rules, witnesses, self.now)?;
            intake.take(origin.place, found.raw, Arrival { at: None, waits_since })
        })?;
        match taken {
            Taken::PutBack(why) => gathered.waiting.push(format!(
                "`{}` was not taken in: DNS can't be reached to verify its DKIM signature: {why}; run again later, or \
                 check the network and `nameserver` in [dkim]",
                found.path.display()
            )),
            taken => gathered.mails.extend(taken.kept()),
        }
        Ok(())
    }
}
