//! Rule files: their text, and where in it a fault is.

use crate::fault::Fault;

/// Reads a file.
///
/// # Errors
/// Names the file and line of the first fault.
pub(super) fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        fault(&format!("{file}:{line}"), error.message())
    })
}

/// What is wrong with a file, in its line.
pub(super) fn fault(file: &str, message: &str) -> Fault {
    Fault::new(format!("rules `{file}`: {message}"))
        .remedy("mend the line, or move the file out of the rules directory")
}

/// The file and line that a phrase stands in.
pub(super) fn locate(file: &str, text: &str, phrase: &str) -> String {
    let line = text.lines().position(|line| line.contains(phrase)).map_or(1, |at| at.saturating_add(1));
    format!("{file}:{line}")
}
