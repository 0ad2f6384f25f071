//! `on_change`: the user's command, run once per change with the change as JSON on its standard input.

use std::time::Duration;

use super::json;
use crate::fault::Fault;
use crate::mail::text::escaped;
use crate::store::Kept;
use crate::system::process;

/// How long it may take for one change.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the command prints goes nowhere.
pub(super) fn tell(command: &str, mail: &Kept) -> Result<(), Fault> {
    process::run(command, Some(format!("{}\n", escaped(&json(mail).to_string()))), PATIENCE).map(drop).map_err(|why| {
        let what = format!("`on_change` in [hooks] {why} when told of mail {}, which is recorded", mail.id);
        Fault::new(what).remedy("run it by hand to see why")
    })
}
