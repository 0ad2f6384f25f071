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

/// What `tests/axe/run.js` tells of the page in a window of this width, with the light or the dark look. A copy of the page
/// is checked, without the policy that would stop the script.
pub fn axe(page: &Path, width: u32, is_dark: bool) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let axe = root.join("target/axe/node_modules/axe-core/axe.min.js");
    assert!(axe.exists(), "the tests need axe-core: run tests/run");
    let source = std::fs::read_to_string(page).expect("a page");
    let (before, policy) = source.split_once("<meta http-equiv=\"Content-Security-Policy\"").expect("a policy");
    let (_, after) = policy.split_once('>').expect("its end");
    let scripts =
        [axe, root.join("tests/axe/run.js")].map(|file| format!("<script src='file://{}'></script>", file.display()));
    let copy = page.with_extension("axe.html");
    std::fs::write(&copy, format!("{before}{after}").replacen("</head>", &(scripts.concat() + "</head>"), 1))
        .expect("written");
    let look = format!("--blink-settings=preferredColorScheme={}", u8::from(!is_dark));
    let output =
        run(&["--dump-dom", "--virtual-time-budget=20000", &look, &format!("--window-size={width},900")], &copy);
    let dom = String::from_utf8(output).expect("UTF-8");
    let title = dom.split("<title>axe ").nth(1).and_then(|rest| rest.split("</title>").next());
    title.unwrap_or_else(|| panic!("axe did not run\n{dom}")).to_owned()
}

/// The text of each sheet of a print.
pub fn sheets(print: &Path) -> Vec<String> {
    let output = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(print).arg("-").output();
    let output = output.expect("the tests need poppler-utils: run tests/run");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.split_terminator('\u{c}').map(str::to_owned).collect()
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
