//! A folder of files as one zip file: nothing is compressed, so any program of any age opens it.

use std::io::{Cursor, Write};

use ::zip::result::ZipResult;
use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, DateTime, ZipWriter};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::fault::Fault;

/// The files in a folder of that name, dated `now`, readable by their owner only.
pub(crate) fn zip(folder: &str, files: &[(String, Vec<u8>)], now: Timestamp) -> Result<Vec<u8>, Fault> {
    archive(folder, files, now).map_err(|error| Fault::new(error.to_string()).remedy("report it as a bug"))
}

fn archive(folder: &str, files: &[(String, Vec<u8>)], now: Timestamp) -> ZipResult<Vec<u8>> {
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

/// The time as zip has it: local, without a zone.
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
