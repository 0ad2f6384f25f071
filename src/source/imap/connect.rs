//! Connects to a server: TCP, then TLS at once or after STARTTLS, then a guard around it.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use native_tls::TlsStream;

use super::error::{Error, ErrorKind};
use super::guard::Guard;
use super::paced::Paced;
use super::server::{Security, Server};
use super::site::Site;
use super::tls::encrypt;

/// The longest line that is read before TLS, in bytes.
const MAX_LINE: usize = 8 * 1024;
/// The most lines that are read before TLS.
const MAX_LINES: usize = 32;

/// The stream under a session.
#[derive(Debug)]
pub enum Stream {
    /// To this machine only.
    Plain(Paced),
    /// To anywhere.
    Tls(Box<TlsStream<Paced>>),
}

impl imap::extensions::idle::SetReadTimeout for Guard<Stream> {
    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> imap::Result<()> {
        let clock = match self.get_ref() {
            Stream::Plain(stream) => stream.clock(),
            Stream::Tls(stream) => stream.get_ref().clock(),
        };
        clock.wait(timeout);
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

/// Connects. The greeting is still to be read, except after STARTTLS, where it was read before TLS.
pub fn connect(server: &Server, site: &Site) -> Result<Guard<Stream>, Error> {
    let mut socket = Paced::new(tcp(server)?, site.clock.clone());
    site.clock.restart();
    let stream = match server.security {
        Security::Plaintext => Stream::Plain(socket),
        Security::Tls => Stream::Tls(Box::new(encrypt(server, site, socket)?)),
        Security::StartTls => {
            start_tls(site, &mut socket)?;
            site.clock.restart();
            Stream::Tls(Box::new(encrypt(server, site, socket)?))
        }
    };
    Ok(Guard::new(stream, site.tally.clone(), server.security != Security::StartTls))
}

/// Checks the greeting. It must be OK: BYE is a refusal, and PREAUTH would mean that we are logged in as somebody
/// already.
pub fn check_greeting(site: &Site, greeting: &[u8]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(greeting);
    let word = text.strip_prefix("* ").and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
    if word.eq_ignore_ascii_case("OK") {
        return Ok(());
    }
    if word.eq_ignore_ascii_case("BYE") {
        return Err(site.lost());
    }
    let what = format!("`{}` does not greet as an IMAP server does: \"{}\"", site.place, site.quote(&text));
    Err(Error::new(ErrorKind::Unreachable, what, "check `host` and `port`"))
}

/// Connects and hangs up, to see whether anybody answers there.
pub fn reach(server: &Server) -> Result<(), Error> {
    tcp(server).map(drop)
}

/// Tries each address of the host.
fn tcp(server: &Server) -> Result<TcpStream, Error> {
    let fault = |what: String, remedy: &str| Error::new(ErrorKind::Unreachable, what, remedy);
    let no_host = |_| fault(format!("host `{}` is not found", server.host), "check `host` and the network");
    let addresses: Vec<SocketAddr> = (server.host.as_str(), server.port).to_socket_addrs().map_err(no_host)?.collect();
    if server.security == Security::Plaintext && !addresses.iter().all(|address| is_loopback(address.ip())) {
        let what = format!(
            "`security = \"plaintext\"` would show the password to the network on the way to `{}`",
            server.host
        );
        return Err(Error::new(ErrorKind::Configuration, what, "use \"tls\" or \"starttls\""));
    }
    let mut why = "it has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(&address, server.timeout) {
            Ok(socket) => {
                // Otherwise each command waits until the one before it is acknowledged. If this fails, it is only
                // slower.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                why = format!("no connection within {} s", server.timeout.as_secs_f64());
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => "connection refused".clone_into(&mut why),
            Err(error) => why = error.to_string(),
        }
    }
    let what = format!("can't reach `{}`: {why}", server.place());
    Err(fault(what, "check `host`, `port` and the network"))
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// Asks for TLS in plain text. It reads a byte at a time, so that nothing sent after the answer is taken for text that
/// TLS protects.
fn start_tls(site: &Site, socket: &mut Paced) -> Result<(), Error> {
    let greeting = line(site, socket)?;
    if !starts_with(&greeting, "* OK") {
        return Err(refused(site, &greeting));
    }
    socket.write_all(b"a STARTTLS\r\n").map_err(|error| site.io("STARTTLS", &error))?;
    for _ in 0..MAX_LINES {
        let answer = line(site, socket)?;
        if starts_with(&answer, "a OK") {
            return Ok(());
        }
        if !answer.starts_with("* ") {
            return Err(refused(site, &answer));
        }
    }
    Err(site.unreadable("STARTTLS", "it does not end"))
}

fn refused(site: &Site, answer: &str) -> Error {
    let what = format!("`{}` did not agree to STARTTLS: \"{}\"", site.place, site.quote(answer));
    Error::new(ErrorKind::Unreachable, what, "try security = \"tls\", usually on port 993")
}

fn starts_with(line: &str, start: &str) -> bool {
    line.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn line(site: &Site, socket: &mut Paced) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\n") {
        let mut byte = [0];
        match socket.read(&mut byte) {
            Ok(0) => return Err(site.lost()),
            Ok(_) => bytes.extend(byte),
            Err(error) => return Err(site.io("STARTTLS", &error)),
        }
        if bytes.len() > MAX_LINE {
            return Err(site.unreadable("STARTTLS", "a line does not end"));
        }
    }
    Ok(String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned())
}
