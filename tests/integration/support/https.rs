//! An HTTPS server on this machine: texts by path, and what was sent to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use openssl::pkey::PKey;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::X509;

use super::pki::Certificate;

/// A running server.
pub struct Https {
    pub port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Https {
    /// Answers each path with a status and a text, any other with 404.
    pub fn start(certificate: &Certificate, pages: Vec<(&'static str, u16, String)>) -> Self {
        Self::with(certificate, move |path, _| {
            let page = pages.iter().find(|(known, ..)| *known == path);
            page.map_or((404, String::new()), |(_, status, text)| (*status, text.clone()))
        })
    }

    /// Answers as told by path and body.
    pub fn with(certificate: &Certificate, mut page: impl FnMut(&str, &str) -> (u16, String) + Send + 'static) -> Self {
        let mut acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls()).expect("TLS");
        acceptor.set_certificate(&X509::from_pem(certificate.chain.as_bytes()).expect("PEM")).expect("a certificate");
        acceptor.set_private_key(&PKey::private_key_from_pem(certificate.key.as_bytes()).expect("PEM")).expect("a key");
        let acceptor = acceptor.build();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let Ok(mut stream) = acceptor.accept(socket) else { continue };
                let mut reader = BufReader::new(&mut stream);
                let (mut head, mut length) = (String::new(), 0);
                while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
                for line in head.to_lowercase().lines() {
                    length = line.strip_prefix("content-length: ").map_or(length, |n| n.parse().expect("a number"));
                }
                let mut body = vec![0; length];
                let _ = reader.read_exact(&mut body);
                let (path, body) = (head.split_whitespace().nth(1).unwrap_or_default(), String::from_utf8_lossy(&body));
                let (status, text) = page(path, &body);
                seen.lock().expect("a lock").push(format!("{head}{body}"));
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
                    text.len()
                );
                let _ = stream.shutdown();
            }
        });
        Self { port, requests }
    }

    /// What was sent since the last call: head and body of each request.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().expect("a lock"))
    }
}
