//! The list of points that `doctor` reports.

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::report;

/// One thing that was examined: what was found, or what is not in order.
pub struct DoctorPoint {
    pub what: String,
    pub found: Result<String, Fault>,
}

/// Everything that was examined.
pub struct Points(pub Vec<DoctorPoint>);

impl DoctorPoint {
    pub fn line(&self, is_terminal: bool) -> String {
        let (mark, colour) = if self.found.is_ok() { ("ok", 32) } else { ("!!", 31) };
        let mark = if is_terminal { format!("\u{1b}[{colour}m{mark}\u{1b}[0m") } else { mark.to_owned() };
        let found = self.found.as_ref().map_or_else(ToString::to_string, Clone::clone);
        format!("{mark}  {:<14} {}\n", self.what, report::line(&found))
    }

    pub fn json(&self) -> Value {
        match &self.found {
            Ok(found) => json!({ "check": self.what, "ok": true, "message": found, "remedy": null }),
            Err(fault) => {
                json!({ "check": self.what, "ok": false, "message": fault.message(), "remedy": fault.mended_by() })
            }
        }
    }
}

impl Points {
    pub fn ok(&mut self, what: &str, found: impl Into<String>) {
        self.0.push(DoctorPoint { what: what.to_owned(), found: Ok(found.into()) });
    }

    pub fn fault(&mut self, what: &str, fault: Fault) {
        self.0.push(DoctorPoint { what: what.to_owned(), found: Err(fault) });
    }
}
