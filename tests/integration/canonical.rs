//! Our verifier against dkimpy's: random mails that dkimpy signed, some of them changed since.
//!
//! `tests/run --run-ignored=only dkimpy` installs it and runs this.

use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::support::bench::{AT, Bench};
use crate::support::sign::rsa;

const COUNT: &str = "4000";

#[test]
#[ignore = "needs dkimpy, which `tests/run` installs where this test is named"]
fn no_mail_is_judged_otherwise_than_by_dkimpy() {
    let home = tempfile::tempdir().expect("a directory");
    let key = home.path().join("key.pem");
    std::fs::write(&key, rsa(1024).pem()).expect("written");
    let root = env!("CARGO_MANIFEST_DIR");
    let seed = std::env::var("DKIMPY_SEED").unwrap_or_else(|_| "1".to_owned());
    let output = Command::new("python3")
        .env("PYTHONPATH", format!("{root}/target/dkimpy"))
        .arg(format!("{root}/tests/integration/canonical/mails.py"))
        .args([COUNT, &seed])
        .arg(&key)
        .arg(rsa(1024).record())
        .output()
        .expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut right, mut wrong) = (0, Vec::new());
    for line in String::from_utf8(output.stdout).expect("text").lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let raw = BASE64_STANDARD.decode(case["mail"].as_str().expect("a mail")).expect("base64");
        let verdict = Bench::verdict_on(&raw, AT);
        let is_right = case["is_right"] == true;
        right += usize::from(is_right);
        if (verdict == "authentic") != is_right {
            wrong.push(format!("{verdict}, dkimpy says {is_right}:\n{}", String::from_utf8_lossy(&raw)));
        }
    }
    println!("{right} of {COUNT} are right");
    assert!(right > 500, "{right}");
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.first().cloned().unwrap_or_default());
}
