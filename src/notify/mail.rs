//! `mail_to`: a mail by the system's `sendmail`.

use crate::fault::Fault;
use crate::system::process::{self, Failed};

/// Where it is under cron, whose `PATH` lacks these directories.
const FULL_PATHS: [&str; 2] = ["/usr/sbin/sendmail", "/usr/lib/sendmail"];

pub(super) fn tell(address: &str, notice: &str) -> Result<(), Fault> {
    send(address, notice)
        .map(drop)
        .map_err(|why| Fault::new(format!("`sendmail` {why}")).remedy("mend it, or remove `mail_to` from [hooks]"))
}

fn send(address: &str, notice: &str) -> Result<String, Failed> {
    let call = |program| process::call(program, &["-i", "--", address], Some(message(address, notice)));
    let mut result = call("sendmail");
    for program in FULL_PATHS {
        if matches!(result, Err(Failed::NotStarted(_))) {
            result = call(program);
        }
    }
    result
}

fn message(address: &str, notice: &str) -> String {
    let count = notice.lines().count();
    format!(
        "To: {address}\nSubject: tracker: {count} {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\n\n{notice}",
        if count == 1 { "change" } else { "changes" }
    )
}
