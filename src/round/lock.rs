//! Only one round over the accounts at a time: two would tell of the same mail twice, and count as two logins.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::system::files::private;

/// A database's lock, held until it is dropped; `None` while another process holds it.
pub(crate) fn lock(database: &Path) -> Result<Option<File>, Fault> {
    let path = PathBuf::from(format!("{}.lock", database.display()));
    let fault = |error| Fault::new(format!("lock `{}`", path.display())).because(error).remedy("check its permissions");
    let file = private(OpenOptions::new().write(true).create(true).truncate(false)).open(&path).map_err(fault)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(fault(error)),
    }
}
