//! Values of a row, read by the name of their column.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::Row;

use super::StoreError;
use crate::fault::Fault;

/// A moment, which is stored in seconds since 1970-01-01T00:00:00Z.
pub(super) fn moment(row: &Row<'_>, column: &str) -> Result<Timestamp, StoreError> {
    timestamp(row.get(column)?, column)
}

/// A moment that may be absent.
pub(super) fn optional_moment(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, StoreError> {
    row.get::<_, Option<i64>>(column)?.map(|seconds| timestamp(seconds, column)).transpose()
}

/// A variant of an enum, which is stored as its word.
pub(super) fn word<T: FromStr>(row: &Row<'_>, column: &str) -> Result<T, StoreError> {
    parse(&row.get::<_, String>(column)?, column)
}

/// A variant that may be absent.
pub(super) fn optional_word<T: FromStr>(row: &Row<'_>, column: &str) -> Result<Option<T>, StoreError> {
    row.get::<_, Option<String>>(column)?.map(|word| parse(&word, column)).transpose()
}

fn timestamp(seconds: i64, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_second(seconds).map_err(|_| never_written(seconds, column))
}

fn parse<T: FromStr>(word: &str, column: &str) -> Result<T, StoreError> {
    word.parse().map_err(|_| never_written(word, column))
}

/// A value that this program never writes into a column.
fn never_written(value: impl Display, column: &str) -> StoreError {
    let fault = Fault::new(format!("database: `{column}` holds `{value}`, which tracker never writes"));
    StoreError::Unusable(fault.remedy("it was changed by another program, restore a backup"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rusqlite::Connection;

    use super::*;
    use crate::objection::State;

    #[test]
    fn a_value_that_is_never_written_is_named_with_its_column() {
        let read = |sql: &str| {
            let connection = Connection::open_in_memory().unwrap();
            let both = |row: &Row<'_>| Ok((word::<State>(row, "state")?, optional_moment(row, "at")?));
            connection.query_row_and_then(sql, [], both).map_err(|error: StoreError| error.to_string())
        };
        assert_eq!(read("SELECT 'accepted' AS state, NULL AS at"), Ok((State::Accepted, None)));
        for (sql, told) in [
            ("SELECT 'lost' AS state, 0 AS at", "`state` holds `lost`"),
            ("SELECT 'accepted' AS state, 9223372036854775807 AS at", "`at` holds `9223372036854775807`"),
        ] {
            let remedy = "it was changed by another program, restore a backup";
            assert_eq!(read(sql), Err(format!("database: {told}, which tracker never writes; {remedy}")));
        }
    }
}
