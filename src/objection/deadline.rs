//! The legal deadline of an objection.
