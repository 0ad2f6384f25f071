//! An objection to the use of one's data: what the user said, and what follows from it.

pub mod deadline;
