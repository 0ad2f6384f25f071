//! What can go wrong with the record.

use rusqlite::ErrorCode;

use crate::fault::Fault;

/// What can go wrong with the record.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite could not do it. The disk may be full or another program busy, so a later try may succeed.
    #[error("database: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The file can't be used until the user does something about it.
    #[error(transparent)]
    Unusable(Fault),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Sql(error) => {
                let fault = Self::new("database");
                match remedy(&error) {
                    Some(remedy) => fault.because(error).remedy(remedy),
                    None => fault.because(error),
                }
            }
            StoreError::Unusable(fault) => fault,
        }
    }
}

/// What mends it, where it is known.
fn remedy(error: &rusqlite::Error) -> Option<&'static str> {
    match error.sqlite_error_code()? {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            Some("it is damaged: go on with a copy that `tracker backup` made, by --database")
        }
        ErrorCode::DiskFull => Some("free some space, and run again"),
        ErrorCode::ReadOnly => Some("let it be written to, or name another with --database"),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Some("another program holds it: run again when that has ended")
        }
        _ => None,
    }
}
