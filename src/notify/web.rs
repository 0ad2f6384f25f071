//! `ntfy` and `webhook`: addresses on the web that news are posted to.

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::net::http;
use crate::store::Kept;

pub(super) fn tell_ntfy(topic: &str, notice: &str) -> Result<(), Fault> {
    http::post(topic, &[("Title", "tracker")], notice).map_err(|why| fault("ntfy", why))
}

pub(super) fn tell_webhook(url: &str, notice: &str, mails: &[Kept]) -> Result<(), Fault> {
    let mails: Vec<Value> = mails.iter().map(super::json).collect();
    let body = json!({ "text": notice, "mails": mails }).to_string();
    http::post(url, &[("Content-Type", "application/json")], &body).map_err(|why| fault("webhook", why))
}

fn fault(key: &str, why: Fault) -> Fault {
    Fault::new(format!("`{key}` in [hooks] can't be told")).because(why).remedy("check its address and the network")
}
