//! Mail on disk: each is judged alone, for nobody vouches for when it arrived.

use std::collections::HashMap;
use std::io::BufReader;
use std::path::Path;

use super::{BATCH, Check};
use crate::intake::{Arrival, Intake, Taken, names_of_keys};
use crate::objection::ObjectionId;
use crate::source::disk::{Error, Found, Marks, Reader};
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
        // Only what is looked at again and again is worth a mark; who names a file wants it read.
        let newest = store.records().objections()?.iter().map(|o| o.id).max().unwrap_or(ObjectionId(0));
        let known = match (origin.is_polled, self.full) {
            (false, _) => None,
            (true, true) => Some(HashMap::new()),
            (true, false) => Some(store.records().marks(newest)?),
        };
        let mut marks = Marks { known, new: Vec::new() };
        let (mut batch, mut size, mut failure) = (Vec::new(), 0_usize, None);
        let mut collect = |found: Found| {
            size = size.saturating_add(found.raw.len());
            batch.push(found);
            if size > BATCH {
                let full = std::mem::take(&mut batch);
                size = 0;
                if failure.is_none() {
                    failure = self.take(store, origin, &full, &mut gathered).err();
                }
            }
        };
        let errors = if path == Path::new("-") {
            let mut input = BufReader::new(std::io::stdin().lock());
            let mut give = |raw: &[u8]| collect(Found { path: path.to_owned(), raw: raw.to_owned(), written_at: None });
            match reader.stream(&mut input, &mut give) {
                Ok(true) => Vec::new(),
                Ok(false) => vec![Error::NoMail(path.to_owned())],
                Err(error) => vec![Error::Io { path: path.to_owned(), error }],
            }
        } else {
            reader.each(path, &mut marks, &mut collect)
        };
        failure.map_or(Ok(()), Err)?;
        self.take(store, origin, &batch, &mut gathered)?;
        // What waits for DNS is read again.
        if gathered.waiting.is_empty() {
            store.transaction(|records| {
                marks.new.iter().try_for_each(|(path, mark)| records.set_mark(path, mark, newest))
            })?;
        }
        Ok(Gathered { errors, ..gathered })
    }

    /// Takes mails in, within one transaction.
    fn take(
        &self,
        store: &mut Store,
        origin: &Origin<'_>,
        batch: &[Found],
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        let mut dns = self.dns.borrow_mut();
        if dns.is_on() {
            // Before the transaction, which must not wait for a network.
            for found in batch {
                dns.ask(names_of_keys(&found.raw, None, self.now, self.rules));
            }
        }
        let witnesses = Witnesses { trusted: origin.trusted, keys: dns.keys() };
        let taken: Vec<Taken> = store.transaction(|records| {
            let mut intake = Intake::new(records, self.rules, witnesses, self.now)?;
            let take = |found: &Found| {
                // How long it waits for DNS already, as far as the file tells.
                let waits_since = found.written_at.filter(|_| origin.is_polled);
                intake.take(origin.place, &found.raw, Arrival { at: None, waits_since })
            };
            batch.iter().map(take).collect::<Result<_, StoreError>>()
        })?;
        for (taken, found) in taken.into_iter().zip(batch) {
            match taken {
                Taken::PutBack(why) => gathered.waiting.push(format!(
                    "`{}` was not taken in: DNS can't be reached to verify its DKIM signature: {why}; run again later, \
                     or check the network and `nameserver` in [dkim]",
                    found.path.display()
                )),
                taken => gathered.mails.extend(taken.kept()),
            }
        }
        Ok(())
    }
}
