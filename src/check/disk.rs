//! Mail on disk: each is judged alone, for nobody vouches for when it arrived.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::{BATCH, Check};
use crate::fault::Fault;
use crate::intake::Delivery;
use crate::mail::sha256;
use crate::source::Halt;
use crate::source::disk::{DiskError, DiskReader, FoundMail, GiveStep, ReadStep};
use crate::source::walk;
use crate::store::{FileKey, FileMark, Kept, Place, Store, StoreError};
use crate::trust::Trusted;

/// So many bytes are read before it is recorded how far that was.
const FAR: u64 = 64 * 1024 * 1024;

/// What came of mail on disk.
#[derive(Default)]
pub struct Gathered {
    /// The mails that were kept.
    pub mails: Vec<Kept>,
    /// What could not be read.
    pub errors: Vec<DiskError>,
    /// Which mails wait for DNS, in words.
    pub waiting: Vec<Fault>,
    /// Files in a folder that are no mail.
    pub passed_over: Vec<PathBuf>,
    /// How many bytes were not read again.
    pub skipped: u64,
    /// The states of the objections for which the marks count.
    states: String,
    /// Whether what is read now may be judged otherwise next time: then it is read again.
    is_unsettled: bool,
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

impl Origin<'_> {
    /// The account's name; none for mail that belongs to none.
    fn account(&self) -> &str {
        self.place.account.as_deref().unwrap_or_default()
    }
}

/// What was read and is not recorded yet.
#[derive(Default)]
struct Batch {
    found: Vec<FoundMail>,
    marks: Vec<(FileKey, FileMark)>,
    /// The mails' bytes.
    size: usize,
    /// The bytes passed over.
    passed: u64,
}

impl Batch {
    fn add(&mut self, step: ReadStep) {
        match step {
            ReadStep::Mail(found) => {
                self.size = self.size.saturating_add(found.raw.len());
                self.found.push(found);
            }
            ReadStep::Skipped(_) | ReadStep::NoMail(_) => {}
            ReadStep::Passed(bytes, mark) => {
                self.passed = self.passed.saturating_add(bytes);
                self.marks.extend(mark);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.size > BATCH || self.passed > FAR
    }
}

/// What is read to its end and has no size: standard input for `-`, a pipe.
fn stream(path: &Path) -> Option<io::Result<Box<dyn BufRead>>> {
    if path == Path::new("-") {
        return Some(Ok(Box::new(BufReader::new(io::stdin()))));
    }
    let meta = fs::metadata(path).ok()?;
    let open = || -> io::Result<Box<dyn BufRead>> { Ok(Box::new(BufReader::new(File::open(path)?))) };
    (!meta.is_file() && !meta.is_dir()).then(open)
}

impl Check<'_> {
    /// Takes in the mail of a file or folder, of a pipe, or of standard input for `-`.
    ///
    /// # Errors
    /// When the record can't be read or written; nothing more is read then.
    pub fn disk(&self, store: &mut Store, origin: &Origin<'_>, path: &Path) -> Result<Gathered, StoreError> {
        let (account, basis) = (origin.account(), self.fingerprint(origin.trusted));
        let (known, states) = store
            .transaction::<_, StoreError>(|records| Ok((records.begin_reading(account, &basis)?, records.states()?)))?;
        let mut known = if self.full { HashMap::new() } else { known };
        let bar = self.progress.bytes(path.display().to_string(), || walk::size(path));
        let (mut gathered, mut batch, mut failure) =
            (Gathered { states, ..Gathered::default() }, Batch::default(), None);
        let mut give = |step: ReadStep| {
            bar.add_bytes(step.bytes());
            gathered.skipped = gathered.skipped.saturating_add(step.skipped());
            if let ReadStep::NoMail(path) = &step {
                gathered.passed_over.push(path.clone());
            }
            batch.add(step);
            if batch.is_full() {
                let full = std::mem::take(&mut batch);
                failure = self.take(store, origin, full, &mut gathered).err();
            }
            if failure.is_some() { Err(Halt::Enough) } else { Ok(()) }
        };
        let errors = self.read(path, origin, &mut known, &mut give);
        failure.map_or(Ok(()), Err)?;
        self.take(store, origin, batch, &mut gathered)?;
        // What else is known of an account's mail is gone.
        if origin.is_polled && errors.is_empty() {
            store.transaction(|records| records.drop_file_marks(account, known.keys()))?;
        }
        Ok(Gathered { errors, ..gathered })
    }

    fn read(
        &self,
        path: &Path,
        origin: &Origin<'_>,
        known: &mut HashMap<FileKey, FileMark>,
        give: GiveStep<'_>,
    ) -> Vec<DiskError> {
        let reader = DiskReader::new(self.basis.rules.controller.sender.iter().map(|s| s.domain.as_str()));
        // A check that comes again and again does not wait at a pipe.
        let Some(stream) = (!origin.is_polled).then(|| stream(path)).flatten() else {
            return walk::each(&reader, path, known, give);
        };
        let found = |raw: &[u8]| FoundMail { path: path.to_owned(), raw: raw.to_owned(), written_at: None };
        let mut give = |raw: &[u8]| give(ReadStep::Mail(found(raw)));
        let read = stream.map_err(Halt::from).and_then(|mut stream| reader.stream(&mut stream, &mut give));
        match read {
            Ok(true) | Err(Halt::Enough) => Vec::new(),
            Ok(false) => vec![DiskError::NoMail(path.to_owned())],
            Err(Halt::Io(error)) => vec![DiskError::Io { path: path.to_owned(), error }],
        }
    }

    /// What the judgement of a mail depends on besides the mail and the objections.
    fn fingerprint(&self, trusted: &Trusted) -> String {
        let (rules, belief) = (self.basis.rules.fingerprint(), self.belief(trusted));
        sha256(format!("{} {rules} {belief}", env!("CARGO_PKG_VERSION")).as_bytes())
    }

    /// Takes mails in and notes how far that is, within one transaction.
    fn take(
        &self,
        store: &mut Store,
        origin: &Origin<'_>,
        batch: Batch,
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        let Batch { found, marks, .. } = batch;
        let paths: Vec<PathBuf> = found.iter().map(|found| found.path.clone()).collect();
        let deliveries = found.into_iter().map(|found| Delivery {
            place: origin.place.clone(),
            raw: found.raw,
            arrived_at: None,
            // How long it waits for DNS already, as far as the file tells.
            waits_since: found.written_at.filter(|_| origin.is_polled),
        });
        let Gathered { is_unsettled, states, .. } = &mut *gathered;
        let recorded = self.basis.take_in(store, origin.trusted, deliveries.collect(), |records, recorded| {
            *is_unsettled |= recorded.lacks_keys || records.states()? != *states;
            if *is_unsettled {
                return Ok(());
            }
            marks.iter().try_for_each(|(key, mark)| records.set_file_mark(origin.account(), key, mark))
        })?;
        let waiting = recorded.put_back.into_iter().filter_map(|(at, why)| Some((paths.get(at)?, why)));
        gathered.waiting.extend(waiting.map(|(path, why)| waits(path, &why)));
        gathered.mails.extend(recorded.mails);
        Ok(())
    }
}

/// Says that a mail waits for DNS.
fn waits(path: &Path, why: &str) -> Fault {
    let what = "was not taken in: DNS can't be reached to verify its DKIM signature";
    Fault::new(format!("`{}` {what}: {why}", path.display()))
        .remedy("run again later, or check the network and `nameserver` in [dkim]")
}
