//! Files that only their owner can read, whole or not there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file in place of an older one.
///
/// # Errors
/// The system's; the older one stays then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = beside(path);
    // Never through what somebody else may have put there.
    let _ = fs::remove_file(&part);
    let result = create(&part, bytes).and_then(|()| fs::rename(&part, path));
    if result.is_err() {
        let _ = fs::remove_file(&part);
    }
    result
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// The system's.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(OpenOptions::new().write(true).create_new(true), path, bytes)
}

/// Where a file is put together until it is whole.
#[must_use]
pub fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// Options that make a file which nobody else can read.
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn write(options: &mut OpenOptions, path: &Path, bytes: &[u8]) -> io::Result<()> {
    private(options).open(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
}
