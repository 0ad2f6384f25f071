//! The operating system: programs, files, and how far long work has come.

pub mod files;
pub mod process;
pub mod progress;
