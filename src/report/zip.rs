//! A folder of files as one zip file: nothing is compressed, so any program of any age opens it.

use std::io::{Cursor, Write};

use ::zip::result::ZipResult;
use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, DateTime, ZipWriter};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The files under a folder of that name, dated `now`, readable by their owner only.
///
/// # Errors
/// Where the files are too large for the format.
pub fn zip(folder: &str, files: &[(String, Vec<u8>)], now: Timestamp) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .unix_permissions(0o600)
        .last_modified_time(dated(now));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(format!("{folder}/{name}"), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The format has local times and no zone.
fn dated(now: Timestamp) -> DateTime {
    let local = now.to_zoned_datetime(TimeZone::system());
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    DateTime::from_date_and_time(
        u16::try_from(local.year()).unwrap_or_default(),
        part(local.month()),
        part(local.day()),
        part(local.hour()),
        part(local.minute()),
        part(local.second()),
    )
    .unwrap_or_default()
}
