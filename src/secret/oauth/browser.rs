//! A login by way of a browser on this machine (RFC 8252 §7.3, with PKCE, RFC 7636).

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use oauth2::{AuthUrl, AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};

use super::client::{Oauth, PATIENCE, client, explain, fault, not_logged_in};
use super::tokens::keep;
use crate::fault::Fault;
use crate::mail::text;
use crate::net::http;

/// The pause between two looks whether the browser has come back.
const TICK: Duration = Duration::from_millis(100);
/// So much of a browser's request is read, in bytes.
const MAX_REQUEST: usize = 16 * 1024;

/// Lets a person agree in a browser on this machine, and keeps the tokens. `show` is given the address to open.
pub fn by_browser(oauth: &Oauth, url: &str, now: Timestamp, show: impl FnOnce(&str)) -> Result<(), Fault> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fault)?;
    let port = listener.local_addr().map_err(fault)?.port();
    let redirect = RedirectUrl::new(format!("http://127.0.0.1:{port}/")).map_err(fault)?;
    let url = AuthUrl::new(url.to_owned()).map_err(fault)?;
    let client = client(oauth)?.set_auth_uri(url).set_redirect_uri(redirect);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (place, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(oauth.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge)
        // Without these two Google gives no refresh token.
        .add_extra_param("access_type", "offline")
        .add_extra_param("prompt", "consent")
        .url();
    show(place.as_str());
    let code = redirected(&listener, state.secret())?;
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request(&http::exchange)
        .map_err(|error| not_logged_in(explain(&error)))?;
    keep(oauth, &tokens, now)
}

/// The code that the browser brings back. Any other request is answered with 404.
fn redirected(listener: &TcpListener, state: &str) -> Result<String, Fault> {
    let until = Instant::now().checked_add(PATIENCE);
    listener.set_nonblocking(true).map_err(fault)?;
    while until.is_some_and(|until| Instant::now() < until) {
        let Ok((mut stream, _)) = listener.accept() else {
            std::thread::sleep(TICK);
            continue;
        };
        let mut bytes = vec![0; MAX_REQUEST];
        let _ = stream.set_nonblocking(false).and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(5))));
        // One read is enough: the request line is in the browser's first packet.
        let Ok(read) = stream.read(&mut bytes) else { continue };
        let line = String::from_utf8_lossy(bytes.get(..read).unwrap_or_default());
        let target = line.split(' ').nth(1).unwrap_or_default();
        let Ok(url) = oauth2::url::Url::parse(&format!("http://127.0.0.1{target}")) else { continue };
        let field = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        if field("state").as_deref() != Some(state) {
            answer(&mut stream, "404 Not Found", "This is not the page that tracker waits for.");
            continue;
        }
        return match (field("code"), field("error")) {
            (Some(code), None) => {
                answer(&mut stream, "200 OK", "tracker is logged in. You can close this page.");
                Ok(code)
            }
            (_, why) => {
                answer(&mut stream, "200 OK", "tracker is not logged in. You can close this page.");
                let said = text::line(&why.unwrap_or_else(|| "nothing".to_owned()));
                Err(not_logged_in(Fault::new(format!("the server says {said}"))))
            }
        };
    }
    Err(Fault::new("the browser did not come back").remedy("try again"))
}

fn answer(stream: &mut impl Write, status: &str, text: &str) {
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
}
