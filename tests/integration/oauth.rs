//! `login`, and what comes of it: tokens by device code and by browser, renewed by themselves.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::support::https::Https;
use crate::support::peer::{Answer, Peer};
use crate::support::pki::Authority;
use crate::support::{Run, Tracker, mails};

const ANNA: &str = "anna@example.org";
const AT: &str = "2026-11-24T11:55:00Z";

/// A mail server that takes tokens, an authorization server, and a user.
struct World {
    peer: Peer,
    https: Https,
    tracker: Tracker,
    ca: String,
}

impl World {
    /// `urls`: further keys of `oauth`, with `AT` for the authorization server.
    fn new(urls: &str, page: impl FnMut(&str, &str) -> (u16, String) + Send + 'static) -> Self {
        let peer = Peer::start(&[("INBOX", AT, mails::acceptance(ANNA, AT).raw())]);
        peer.script(|command| {
            (command == "CAPABILITY").then(|| Answer::text("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\nTAG OK done\n"))
        });
        let authority = Authority::new("Tracker's tests");
        let https = Https::with(&authority.certify("localhost", 2120), page);
        let tracker = Tracker::new();
        let at = format!("https://localhost:{}", https.port);
        let oauth = format!(
            "oauth = {{ provider = \"mine\", client_id = \"the-client\", token_url = \"{at}/token\", scopes = [\"mail\"], {} }}",
            urls.replace("AT", &at)
        );
        let config = peer.account("home", ANNA).replace("password_command = \"echo secret\"", &oauth);
        tracker.config(&(config + "[dkim]\nverify = false\n"));
        tracker.add("facebook", ANNA, "2026-11-24T11:50:00Z");
        let ca = tracker.file("ca.pem", &authority.pem).display().to_string();
        Self { peer, https, tracker, ca }
    }

    fn run(&self, args: &[&str]) -> Run {
        let output = self.tracker.command(args).env("SSL_CERT_FILE", &self.ca).output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Run {
            status: output.status.code().expect("a status"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The tokens that the mail server was given since the last call.
    fn given(&self) -> Vec<String> {
        let decode = |line: &String| BASE64_STANDARD.decode(line).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let token = |text: String| Some(text.split_once("auth=Bearer ")?.1.trim_end_matches('\u{1}').to_owned());
        self.peer.commands().iter().filter_map(decode).filter_map(token).collect()
    }
}

fn granted(access: &str, refresh: Option<&str>) -> (u16, String) {
    let refresh = refresh.map(|token| format!(", \"refresh_token\": \"{token}\"")).unwrap_or_default();
    (200, format!("{{\"access_token\": \"{access}\", \"token_type\": \"Bearer\", \"expires_in\": 3600{refresh}}}"))
}

#[test]
fn by_a_device_code_and_renewed_with_the_newest_refresh_token() {
    let mut asked = 0;
    let mut world = World::new("device_url = \"AT/device\"", move |path, body| {
        if path == "/device" {
            assert_eq!(body, "scope=mail&client_id=the-client");
            let text = "{\"device_code\": \"d\", \"user_code\": \"ABCD-EFGH\", \"verification_uri\": \
                        \"https://example.org/device\", \"expires_in\": 900, \"interval\": 0}";
            return (200, text.to_owned());
        }
        asked += 1;
        match (asked, body) {
            (1, _) => (400, "{\"error\": \"authorization_pending\"}".to_owned()),
            (2, _) => granted("first", Some("r1")),
            (3, body) if body.contains("refresh_token=r1") => granted("second", Some("r2")),
            (4, body) if body.contains("refresh_token=r2") => granted("third", None),
            (5, body) if body.contains("refresh_token=r2") => {
                (400, "{\"error\": \"invalid_grant\", \"error_description\": \"expired\"}".to_owned())
            }
            _ => panic!("{asked}: {body}"),
        }
    });
    let before = world.run(&["check"]);
    assert_eq!(before.status, 3);
    assert_eq!(
        before.stderr,
        "tracker: account `home`: account `home` is not logged in yet; run: tracker login home\n"
    );
    let run = world.run(&["login", "home"]);
    assert_eq!(run.stderr, "Open https://example.org/device and enter the code ABCD-EFGH\n");
    assert_eq!((run.status, run.stdout.as_str()), (0, "account home: logged in; reads INBOX, Spam\n"));
    let path = world.tracker.home().join(".config/tracker/home.tokens");
    assert_eq!(fs::metadata(path).expect("tokens").permissions().mode() & 0o777, 0o600);
    assert_eq!(world.run(&["check"]).status, 0);
    for (hour, token) in [("13:00:00", "second"), ("13:30:00", "second"), ("14:30:00", "third")] {
        world.tracker.at(&format!("2026-11-24T{hour}Z"));
        world.given();
        // The decision is still watched, so a check logs in.
        assert_eq!(world.run(&["check"]).stderr, "", "{hour}");
        assert_eq!(world.given(), [token], "{hour}");
    }
    world.tracker.at("2026-11-25T12:00:00Z");
    let run = world.run(&["doctor"]);
    let why = "the access token can't be renewed: the server says invalid_grant: expired; run: tracker login home";
    assert!(run.stdout.contains(why), "{}", run.stdout);
    assert_eq!(world.given(), Vec::<String>::new());
}

/// `setup` with a client of one's own.
fn setup(world: &World) -> Run {
    let (port, at) = (world.peer.port.to_string(), format!("https://localhost:{}", world.https.port));
    let (device, token) = (format!("device_url={at}/device"), format!("token_url={at}/token"));
    world.tracker.config("[dkim]\nverify = false\n");
    let account = ["setup", "--email", ANNA, "--host", "127.0.0.1", "--port", &port, "--security", "plaintext"];
    let account = [&account[..], &["--authserv-id", "mx.example.org"]].concat();
    let oauth = ["--oauth", "mine", "--client-id", "me", "--oauth-url", &device, "--oauth-url", &token];
    world.run(&[&account[..], &oauth[..]].concat())
}

#[test]
fn setup_logs_in_with_a_client_of_one_s_own_and_writes_it_when_that_worked() {
    let mut is_open = false;
    let world = World::new("device_url = \"AT/device\"", move |path, _| match path {
        "/device" => {
            let text = "{\"device_code\": \"d\", \"user_code\": \"ABCD-EFGH\", \"verification_uri\": \
                        \"https://example.org/device\", \"expires_in\": 900, \"interval\": 0}";
            (200, text.to_owned())
        }
        _ if std::mem::replace(&mut is_open, true) => granted("first", Some("r1")),
        _ => (400, "{\"error\": \"access_denied\"}".to_owned()),
    });
    let tokens = world.tracker.home().join(".config/tracker/example.tokens");
    let denied = setup(&world);
    assert_eq!(denied.status, 3);
    assert!(denied.stderr.ends_with("not logged in: the server says access_denied; try again\n"), "{}", denied.stderr);
    let config = world.tracker.home().join(".config/tracker/config.toml");
    let read = || fs::read_to_string(&config).expect("it is there");
    assert_eq!((read().as_str(), tokens.exists()), ("[dkim]\nverify = false\n", false));
    fs::write(&tokens, "of another login").expect("written");
    let taken = setup(&world);
    assert!(taken.status == 2 && taken.stderr.contains("example.tokens` is there already"), "{}", taken.stderr);
    assert_eq!(fs::read_to_string(&tokens).expect("it stays"), "of another login");
    fs::remove_file(&tokens).expect("removed");
    let run = setup(&world);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("Open https://example.org/device and enter the code ABCD-EFGH\n"), "{}", run.stderr);
    let at = format!("https://localhost:{}", world.https.port);
    let line = format!(
        "oauth = {{ provider = \"mine\", client_id = \"me\", device_url = \"{at}/device\", token_url = \"{at}/token\" }}\n"
    );
    assert!(read().contains(&line), "{}", read());
    assert_eq!((world.given(), tokens.exists()), (vec!["first".to_owned()], true));
    assert_eq!(
        world.run(&["check"]).stdout,
        "objection 1 (facebook, anna@example.org): submitted → accepted; next: nothing\n"
    );
}

#[test]
fn by_a_browser_on_this_machine() {
    let world = World::new("auth_url = \"AT/auth\", client_secret = \"hush\"", |path, body| {
        assert_eq!(path, "/token");
        assert!(
            body.contains("code=the-code") && body.contains("code_verifier=") && body.contains("client_secret=hush"),
            "{body}"
        );
        granted("browsed", Some("r1"))
    });
    let mut command = world.tracker.command(&["login", "home"]);
    let command = command.env("SSL_CERT_FILE", &world.ca).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    lines.next();
    let place = lines.next().expect("an address").expect("UTF-8");
    assert!(place.contains("code_challenge_method=S256") && place.contains("scope=mail"), "{place}");
    let field = |name: &str| {
        let value = place.split(['?', '&']).find_map(|part| part.strip_prefix(&format!("{name}="))).expect("a field");
        value.replace("%3A", ":").replace("%2F", "/")
    };
    let (redirect, state) = (field("redirect_uri"), field("state"));
    let port: u16 = redirect.trim_end_matches('/').rsplit(':').next().expect("a port").parse().expect("a number");
    let visit = |query: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        write!(stream, "GET /?{query} HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("UTF-8");
        answer
    };
    assert!(visit("code=forged&state=guessed").starts_with("HTTP/1.1 404 "), "a stranger's code is not taken");
    assert!(visit(&format!("code=the-code&state={state}")).ends_with("tracker is logged in. You can close this page."));
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(world.given(), ["browsed"]);
    assert_eq!(world.https.requests().len(), 1);
}

#[test]
fn what_can_t_be_logged_in_is_said() {
    let fails = |oauth: &str, what: &str| {
        let tracker = Tracker::new();
        tracker.config(&format!("[accounts.home]\nemail = \"{ANNA}\"\nhost = \"localhost\"\n{oauth}\n"));
        let run = tracker.run(&["login", "home"]);
        assert_eq!(run.status, 2, "{oauth}");
        assert!(run.stderr.contains(what), "{}", run.stderr);
    };
    fails(
        "password_env = \"X\"",
        "account `home` has neither `oauth` nor `keyring`; add oauth = { provider = \"microsoft\"",
    );
    fails("oauth = { provider = \"microsoft\" }", "`oauth` has no `client_id`; register a client");
    fails(
        "oauth = { provider = \"x\", client_id = \"c\" }",
        "unknown provider `x`; use microsoft or google, or add token_url",
    );
    let plain = "oauth = { provider = \"google\", client_id = \"c\", token_url = \"http://x/\" }";
    fails(plain, "`oauth` has the address `http://x/`; write https://…");
    let world = World::new("device_url = \"AT/device\"", |_, _| (500, "<html>".to_owned()));
    let run = world.run(&["login", "home"]);
    assert_eq!(run.status, 3);
    assert!(
        run.stderr.contains("the provider gives no login code: the server's answer can't be read"),
        "{}",
        run.stderr
    );
}
