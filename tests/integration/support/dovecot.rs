//! A real IMAP server: Debian's Dovecot, from a private configuration, on free ports of this machine.

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use tempfile::TempDir;

use super::pki::{Authority, Certificate};

/// What every user of the server logs in with.
pub const PASSWORD: &str = "correct-horse";

/// A running server. It ends with the value.
pub struct Dovecot {
    child: Child,
    home: TempDir,
    /// The port of IMAP with STARTTLS.
    pub port: u16,
    /// The port of IMAP over TLS.
    pub tls_port: u16,
    /// Who issued its certificate.
    pub authority: Authority,
    owner: (u32, u32),
}

impl Dovecot {
    /// A server whose certificate is for `localhost`.
    pub fn start() -> Self {
        let authority = Authority::new("Tracker's tests");
        let certificate = authority.certify("localhost", 2120);
        Self::with(authority, &certificate)
    }

    /// A server that takes access tokens, which it asks an introspection endpoint about (RFC 7662).
    pub fn with_tokens(mechanism: &str, introspection_url: &str) -> Self {
        let authority = Authority::new("Tracker's tests");
        let certificate = authority.certify("localhost", 2120);
        Self::start_with(authority, &certificate, Some((mechanism, introspection_url)))
    }

    /// A server that takes passwords by these mechanisms.
    pub fn with_mechanisms(mechanisms: &str) -> Self {
        let authority = Authority::new("Tracker's tests");
        let certificate = authority.certify("localhost", 2120);
        Self::start_with(authority, &certificate, Some((mechanisms, "")))
    }

    /// A server with a certificate. The authority is the one that the tests tell the client of.
    pub fn with(authority: Authority, certificate: &Certificate) -> Self {
        Self::start_with(authority, certificate, None)
    }

    fn start_with(authority: Authority, certificate: &Certificate, tokens: Option<(&str, &str)>) -> Self {
        assert!(
            Path::new("/usr/sbin/dovecot").exists(),
            "the tests need Dovecot: run tests/run, or: apt-get install dovecot-imapd"
        );
        // Between choosing a free port and taking it another process may be quicker.
        for _ in 0..5 {
            if let Some(Started { child, home, port, tls_port, owner }) = try_start(certificate, tokens) {
                return Self { child, home, port, tls_port, authority, owner };
            }
        }
        panic!("Dovecot does not start");
    }

    /// The lines of an account's configuration that lead here, over TLS.
    pub fn account(&self, name: &str, email: &str) -> String {
        let ca = self.ca_file();
        format!(
            "[accounts.{name}]\nemail = \"{email}\"\nhost = \"localhost\"\nport = {}\nca_file = \"{}\"\n\
             password_command = \"echo {PASSWORD}\"\nauthserv_ids = [\"mx.example.org\"]\ntimeout = \"10s\"\n",
            self.tls_port,
            ca.display()
        )
    }

    /// The authority's certificate as a file.
    pub fn ca_file(&self) -> PathBuf {
        let path = self.home.path().join("ca.pem");
        fs::write(&path, &self.authority.pem).expect("written");
        path
    }

    /// A user's mailbox directory; `INBOX`, or a name.
    pub fn mailbox(&self, user: &str, mailbox: &str) -> PathBuf {
        let root = self.home.path().join("mail").join(user).join("Maildir");
        if mailbox == "INBOX" { root } else { root.join(format!(".{mailbox}")) }
    }

    /// Delivers a mail at a moment, which becomes its INTERNALDATE.
    pub fn deliver(&self, user: &str, mailbox: &str, raw: &str, at: &str) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let directory = self.mailbox(user, mailbox);
        for part in ["new", "cur", "tmp"] {
            fs::create_dir_all(directory.join(part)).expect("a directory");
        }
        let at: Timestamp = at.parse().expect("a time");
        let name = format!("{}.{}.tests", at.as_second(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = directory.join("tmp").join(&name);
        fs::write(&path, raw).expect("written");
        let file = File::options().write(true).open(&path).expect("a file");
        let since = Duration::from_secs(at.as_second().try_into().expect("after 1970"));
        file.set_modified(SystemTime::UNIX_EPOCH + since).expect("a time");
        fs::rename(path, directory.join("new").join(name)).expect("moved");
        own(&self.home.path().join("mail"), self.owner);
    }

    /// The names of a mailbox's mails, flags included, in order.
    pub fn names(&self, user: &str, mailbox: &str) -> Vec<String> {
        let directory = self.mailbox(user, mailbox);
        let mut names: Vec<String> = ["new", "cur"]
            .iter()
            .flat_map(|part| fs::read_dir(directory.join(part)).expect("a directory"))
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect();
        names.sort_unstable();
        names
    }

    /// Gives a mailbox another UIDVALIDITY.
    pub fn renumber(&self, user: &str, mailbox: &str) {
        let directory = self.mailbox(user, mailbox);
        for name in ["dovecot.index", "dovecot.index.log", "dovecot.index.cache"] {
            let _ = fs::remove_file(directory.join(name));
        }
        // Its first line: format version, `V` and UIDVALIDITY, `N` and UIDNEXT.
        let list = directory.join("dovecot-uidlist");
        let text = fs::read_to_string(&list).expect("a list of UIDs");
        let validity = text.split_whitespace().nth(1).expect("a UIDVALIDITY");
        fs::write(&list, text.replacen(validity, "V4711", 1)).expect("written");
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // SIGTERM lets the master take its children with it; SIGKILL would not.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// A server that greets.
struct Started {
    child: Child,
    home: TempDir,
    port: u16,
    tls_port: u16,
    owner: (u32, u32),
}

fn try_start(certificate: &Certificate, tokens: Option<(&str, &str)>) -> Option<Started> {
    // A short path: those of sockets are limited to 107 bytes.
    let home = TempDir::new_in("/tmp").expect("a temporary directory");
    let path = home.path();
    fs::set_permissions(path, Permissions::from_mode(0o755)).expect("permissions");
    let me = fs::metadata(path).expect("metadata");
    // Mail of root's is refused, so root gives it to nobody.
    let owner = if me.uid() == 0 { (65534, 65534) } else { (me.uid(), me.gid()) };
    let (port, tls_port) = (free_port(), free_port());
    fs::create_dir_all(path.join("mail")).expect("a directory");
    own(&path.join("mail"), owner);
    fs::write(path.join("cert.pem"), &certificate.chain).expect("written");
    fs::write(path.join("key.pem"), &certificate.key).expect("written");
    fs::write(path.join("dovecot.conf"), configuration(path, port, tls_port, owner)).expect("written");
    if let Some((mechanism, url)) = tokens {
        let conf = path.join("oauth2.conf");
        let text = format!(
            "introspection_mode = post\nintrospection_url = {url}\nusername_attribute = email\nactive_attribute = active\n\
             active_value = true\n"
        );
        fs::write(&conf, text).expect("written");
        let passdb = if url.is_empty() {
            format!("auth_mechanisms = {mechanism}\n")
        } else {
            format!(
                "auth_mechanisms = {mechanism}\npassdb {{\n driver = oauth2\n mechanisms = {mechanism}\n args = {}\n}}\n",
                conf.display()
            )
        };
        let known = fs::read_to_string(path.join("dovecot.conf")).expect("read");
        fs::write(path.join("dovecot.conf"), known + &passdb).expect("written");
    }
    let mut child = Command::new("/usr/sbin/dovecot")
        .args(["-F", "-c"])
        .arg(path.join("dovecot.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Dovecot can be started");
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        if child.try_wait().expect("a child").is_some() {
            return None;
        }
        if greets(port) {
            return Some(Started { child, home, port, tls_port, owner });
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut start = [0; 4];
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a limit");
    stream.read_exact(&mut start).is_ok() && &start == b"* OK"
}

fn configuration(path: &Path, port: u16, tls_port: u16, (uid, gid): (u32, u32)) -> String {
    let path = path.display();
    let me = fs::metadata(format!("{path}")).map_or(0, |meta| meta.uid());
    let user = String::from_utf8(Command::new("id").arg("-un").output().expect("id").stdout).expect("UTF-8");
    let group = String::from_utf8(Command::new("id").arg("-gn").output().expect("id").stdout).expect("UTF-8");
    let internal = if me == 0 {
        String::new()
    } else {
        format!(
            "default_internal_user = {user}default_login_user = {user}default_internal_group = {group}\
             service anvil {{\n chroot =\n}}\nservice imap-login {{\n chroot =\n}}\n"
        )
    };
    format!(
        "base_dir = {path}/run
state_dir = {path}/state
log_path = {path}/log
protocols = imap
listen = 127.0.0.1
first_valid_uid = 1
ssl = required
ssl_cert = <{path}/cert.pem
ssl_key = <{path}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
{internal}
service imap-login {{
 inet_listener imap {{
  port = {port}
 }}
 inet_listener imaps {{
  port = {tls_port}
  ssl = yes
 }}
}}
passdb {{
 driver = static
 args = password={PASSWORD}
}}
userdb {{
 driver = static
 args = uid={uid} gid={gid} home={path}/mail/%u
}}
namespace inbox {{
 inbox = yes
 mailbox Junk {{
  special_use = \\Junk
  auto = create
 }}
}}
"
    )
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

/// Gives a tree to the user that the server reads mail as.
fn own(path: &Path, owner: (u32, u32)) {
    let _ = chown(path, Some(owner.0), Some(owner.1));
    if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten() {
            own(&entry.path(), owner);
        }
    }
}
