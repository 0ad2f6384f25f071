//! The operating system: programs, files, panics, and how far long work has come.

pub mod desktop;
mod family;
pub mod files;
pub mod panics;
pub mod process;
pub mod progress;
