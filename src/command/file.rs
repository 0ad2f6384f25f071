//! Files that a command reads or leaves behind.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::Failure;
use crate::system::files;

/// At most this many bytes are read from a file or standard input, so that a wrong path can't fill the memory.
const MAX_INPUT: u64 = 64 * 1024 * 1024;

/// Reads a file, or standard input if the path is `-`.
pub fn read_input(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        io::stdin().take(MAX_INPUT).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(MAX_INPUT).read_to_end(&mut bytes))
    };
    result.map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())).remedy("check the path"))?;
    Ok(bytes)
}

/// Writes a file. An older one is replaced.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::replace(path, bytes).map_err(|error| fault(path, &error))
}

/// Writes a file, which must not exist yet.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::create(path, bytes).map_err(|error| fault(path, &error))
}

/// Writes a folder of files, which must not exist yet.
pub fn create_folder(path: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    folder(path).map_err(|error| fault(path, &error))?;
    for (name, bytes) in files {
        let file = path.join(name);
        if let Some(parent) = file.parent().filter(|parent| !parent.exists()) {
            folder(parent).map_err(|error| fault(parent, &error))?;
        }
        create(&file, bytes)?;
    }
    Ok(())
}

/// The failure for an error of the system at a path.
pub fn fault(path: &Path, error: &io::Error) -> Failure {
    let remedy = match error.kind() {
        io::ErrorKind::AlreadyExists => "name another with -o",
        _ => "check the path and its permissions",
    };
    Failure::refused(format!("`{}`: {error}", path.display())).remedy(remedy)
}

fn folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
