//! A DNS server on this machine: TXT records over UDP and TCP, and every way not to answer.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is answered for a name.
#[derive(Clone)]
pub enum Reply {
    /// These TXT records.
    Texts(Vec<String>),
    /// These, but over UDP only that they do not fit.
    Truncated(Vec<String>),
    /// These records of another type: its number, and each one's data (RFC 1035 §3.2).
    Records(u16, Vec<Vec<u8>>),
    /// There is no such name.
    NxDomain,
    /// The name is there, but no TXT record.
    Empty,
    /// These TXT records, but "malformed" to a question with EDNS.
    WithoutEdns(Vec<String>),
    /// The server failed.
    ServFail,
    /// Nothing.
    Silence,
}

/// A running server.
pub struct Dns {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    replies: Mutex<HashMap<String, Reply>>,
    /// For names that are not in the table.
    others: Mutex<Reply>,
    asked: Mutex<Vec<String>>,
}

impl Dns {
    pub fn start() -> Self {
        // Between choosing a free port and taking it for TCP another process may be quicker.
        let (udp, tcp) = (0..50)
            .find_map(|_| {
                let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
                let tcp = TcpListener::bind(udp.local_addr().expect("an address")).ok()?;
                Some((udp, tcp))
            })
            .expect("a port for both");
        let address = udp.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            replies: Mutex::new(HashMap::new()),
            others: Mutex::new(Reply::NxDomain),
            asked: Mutex::new(Vec::new()),
        });
        let (by_udp, by_tcp) = (Arc::clone(&shared), Arc::clone(&shared));
        thread::spawn(move || by_udp.serve_udp(&udp));
        thread::spawn(move || by_tcp.serve_tcp(&tcp));
        Self { address, shared }
    }

    /// From now on, a name is answered so.
    pub fn set(&self, name: &str, reply: Reply) {
        self.shared.replies.lock().expect("a lock").insert(name.to_owned(), reply);
    }

    /// Publishes a key.
    pub fn publish(&self, selector: &str, domain: &str, record: &str) {
        self.set(&format!("{selector}._domainkey.{domain}"), Reply::Texts(vec![record.to_owned()]));
    }

    /// From now on, every name that was not set is answered so.
    pub fn set_others(&self, reply: Reply) {
        *self.shared.others.lock().expect("a lock") = reply;
    }

    /// Forgets all names.
    pub fn clear(&self) {
        self.shared.replies.lock().expect("a lock").clear();
    }

    /// The names that were asked for over UDP since the last call.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.asked.lock().expect("a lock"))
    }

    /// The lines of the configuration that lead here.
    pub fn config(&self) -> String {
        format!("[dkim]\nnameserver = \"{}\"\n", self.address)
    }
}

impl Shared {
    fn serve_udp(&self, socket: &UdpSocket) {
        let mut buffer = [0; 1500];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer) {
            let query = &buffer[..length];
            self.asked.lock().expect("a lock").push(name_of(query).0);
            if let Some(answer) = self.answer(query, true) {
                let _ = socket.send_to(&answer, peer);
            }
        }
    }

    fn serve_tcp(&self, listener: &TcpListener) {
        for mut stream in listener.incoming().flatten() {
            let mut length = [0; 2];
            if stream.read_exact(&mut length).is_err() {
                continue;
            }
            let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
            if stream.read_exact(&mut query).is_err() {
                continue;
            }
            if let Some(answer) = self.answer(&query, false) {
                let _ = stream.write_all(&u16::try_from(answer.len()).expect("short").to_be_bytes());
                let _ = stream.write_all(&answer);
            }
        }
    }

    fn answer(&self, query: &[u8], is_udp: bool) -> Option<Vec<u8>> {
        let (name, end) = name_of(query);
        let known = self.replies.lock().expect("a lock").get(&name).cloned();
        let reply = known.unwrap_or_else(|| self.others.lock().expect("a lock").clone());
        let texts = |texts: Vec<String>| -> Vec<(u16, Vec<u8>)> {
            let data = |text: &String| text.as_bytes().chunks(255).flat_map(string).collect();
            texts.iter().map(|text| (16, data(text))).collect()
        };
        let (code, is_cut, records) = match reply {
            Reply::Texts(list) => (0, false, texts(list)),
            // An OPT record is counted among the additional ones.
            Reply::WithoutEdns(_) if query[11] > 0 => (1, false, Vec::new()),
            Reply::WithoutEdns(list) => (0, false, texts(list)),
            Reply::Truncated(_) if is_udp => (0, true, Vec::new()),
            Reply::Truncated(list) => (0, false, texts(list)),
            Reply::Records(kind, list) => (0, false, list.into_iter().map(|data| (kind, data)).collect()),
            Reply::NxDomain => (3, false, Vec::new()),
            Reply::Empty => (0, false, Vec::new()),
            Reply::ServFail => (2, false, Vec::new()),
            Reply::Silence => return None,
        };
        let mut out = query[..2].to_vec();
        out.extend([0x81 | if is_cut { 2 } else { 0 }, 0x80 | code, 0, 1]);
        out.extend(u16::try_from(records.len()).expect("few").to_be_bytes());
        out.extend([0, 0, 0, 0]);
        out.extend(&query[12..end]);
        for (kind, data) in records {
            // The question's name, the type, IN, an hour.
            out.extend([0xc0, 12]);
            out.extend(kind.to_be_bytes());
            out.extend([0, 1, 0, 0, 0x0e, 0x10]);
            out.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
            out.extend(data);
        }
        Some(out)
    }
}

/// A character string (RFC 1035 §3.3).
fn string(bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(bytes.len()).expect("short")], bytes].concat()
}

/// An SRV record's data (RFC 2782).
pub fn srv(priority: u8, port: u16, host: &str) -> Vec<u8> {
    [&[0, priority, 0, 1], &port.to_be_bytes()[..], &name(host)].concat()
}

/// An MX record's data (RFC 1035 §3.3.9).
pub fn mx(preference: u8, host: &str) -> Vec<u8> {
    [&[0, preference][..], &name(host)].concat()
}

fn name(host: &str) -> Vec<u8> {
    host.split('.').map(str::as_bytes).chain([&b""[..]]).flat_map(string).collect()
}

/// The name that a query asks for, and where its question ends.
fn name_of(query: &[u8]) -> (String, usize) {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] != 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    (labels.join("."), at + 5)
}
