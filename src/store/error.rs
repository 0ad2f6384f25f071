//! What can go wrong with the record.

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
            StoreError::Sql(error) => Self::new("database").because(error),
            StoreError::Unusable(fault) => fault,
        }
    }
}
