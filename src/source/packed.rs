//! Mail that is packed: compressed (Dovecot's zlib plugin, `gzip`), or in Apple's `.emlx`.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::{MultiGzDecoder, ZlibDecoder};

/// A mail as it was before it was packed.
pub fn opened(path: &Path, mut reader: impl BufRead + 'static) -> io::Result<Box<dyn BufRead>> {
    let mut reader: Box<dyn BufRead> = match reader.fill_buf()? {
        [0x1f, 0x8b, ..] => Box::new(BufReader::new(MultiGzDecoder::new(reader))),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Box::new(BufReader::new(ZlibDecoder::new(reader))),
        _ => Box::new(reader),
    };
    if !has_extension(path, "emlx") {
        return Ok(reader);
    }
    // The first line is the mail's length; behind it stands what Mail.app notes about it.
    let mut line = String::new();
    reader.by_ref().take(32).read_line(&mut line)?;
    let length = line.trim().parse().map_err(|_| io::Error::other("it does not begin as an .emlx does"))?;
    Ok(Box::new(reader.take(length)))
}

/// Whether a file's name ends so.
pub fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}
