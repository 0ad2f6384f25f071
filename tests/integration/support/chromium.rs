//! A browser without a window: Debian's Chromium, with a profile of its own and nothing to talk to.

use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The page as the browser understood it, after its scripts would have run.
pub fn dom(page: &Path) -> String {
    let output = run(&["--dump-dom", "--virtual-time-budget=3000"], page);
    String::from_utf8(output).expect("UTF-8")
}

/// The page as a picture (PNG).
pub fn screenshot(page: &Path, picture: &Path) {
    run(&[&format!("--screenshot={}", picture.display()), "--window-size=1000,2200", "--hide-scrollbars"], page);
}

/// By how much the page is too wide for a window of 375 pixels, a phone's.
pub fn excess_on_a_phone(page: &Path) -> u32 {
    let frame = page.with_extension("phone.html");
    let html = format!(
        "<body style='margin:0'><iframe width=375 height=800 style='border:0' src='file://{}'></iframe><script>onload=()=>\
         {{const p=document.querySelector('iframe').contentDocument.documentElement;\
         document.title='w'+(p.scrollWidth-p.clientWidth)}}</script>",
        page.display()
    );
    std::fs::write(&frame, html).expect("written");
    let output = run(&["--dump-dom", "--allow-file-access-from-files", "--virtual-time-budget=3000"], &frame);
    let dom = String::from_utf8(output).expect("UTF-8");
    let title = dom.split("<title>w").nth(1).and_then(|rest| rest.split("</title>").next());
    title.and_then(|width| width.parse().ok()).unwrap_or_else(|| panic!("no width\n{dom}"))
}

/// The page as it prints.
pub fn pdf(page: &Path, file: &Path) {
    run(&[&format!("--print-to-pdf={}", file.display()), "--no-pdf-header-footer"], page);
}

fn run(args: &[&str], page: &Path) -> Vec<u8> {
    assert!(
        Path::new("/usr/bin/chromium").exists(),
        "the tests need Chromium: run tests/run, or: apt-get install chromium"
    );
    let profile = TempDir::new().expect("a temporary directory");
    let output = Command::new("/usr/bin/chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(args)
        .arg(format!("file://{}", page.display()))
        .env("HOME", profile.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .expect("Chromium starts");
    assert!(output.status.success(), "Chromium fails on {}", page.display());
    output.stdout
}
