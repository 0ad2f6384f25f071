//! Why something on disk could not be read as mail.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::fault::Fault;

/// A file or folder that could not be read. It prints as the fault that it makes.
#[derive(Debug)]
pub enum Error {
    /// The system reports an error.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file named by the user that holds no mail.
    NoMail(PathBuf),
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        match error {
            Error::Io { path, error } => {
                Self::new(format!("`{}`: {error}", path.display())).remedy("check the path and its permissions")
            }
            Error::NoMail(path) => Self::new(format!("`{}` is not a mail: it has no header", path.display()))
                .remedy("give a file in RFC 5322 form, an mbox, or a folder of them"),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Fault::from(self).fmt(f)
    }
}

impl std::error::Error for Error {}
