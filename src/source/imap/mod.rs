//! Reading an IMAP account without changing it.
#![allow(missing_docs, clippy::all, clippy::pedantic, unused)]
use jiff::Timestamp;
use secrecy::SecretString;
use std::time::Duration;
#[derive(Debug,Clone,Copy)]
pub enum Security { Tls, StartTls, Plaintext}
pub struct Server { pub host: String, pub port: u16, pub security: Security, pub ca_pem: Option<Vec<u8>>, pub timeout: Duration }
pub enum Login { Password { user: String, password: SecretString } }
#[derive(Debug,Clone,Copy,PartialEq,Eq,PartialOrd,Ord)]
pub struct Uid(pub u32);
#[derive(Debug,Clone,Copy,PartialEq,Eq)]
pub struct UidValidity(pub u32);
pub struct Session;
#[derive(Debug, thiserror::Error)]
#[error("imap is not there yet")]
pub struct Error;
impl Error { pub fn is_poison(&self)->bool{false} pub fn is_dead(&self)->bool{true} pub fn is_login(&self)->bool{false}}
pub struct Listed { pub name: String, pub uses: Vec<String>, pub is_selectable: bool }
pub struct Examined { pub exists: u32, pub uid_validity: UidValidity, pub uid_next: Option<Uid> }
pub struct Header { pub uid: Uid, pub received_at: Option<Timestamp>, pub size: u32, pub from: Vec<u8> }
impl Session {
  pub fn open(_: &Server, _: &Login) -> Result<Self, Error> { Err(Error) }
  pub fn mailboxes(&mut self) -> Result<Vec<Listed>, Error> { Err(Error) }
  pub fn examine(&mut self, _: &str) -> Result<Examined, Error> { Err(Error) }
  pub fn search_since(&mut self, _: jiff::civil::Date, _: u32) -> Result<Vec<Uid>, Error> { Err(Error) }
  pub fn headers(&mut self, _: &[Uid]) -> Result<Vec<Header>, Error> { Err(Error) }
  pub fn body(&mut self, _: Uid, _: u32) -> Result<Option<Vec<u8>>, Error> { Err(Error) }
  pub fn logout(self) {}
  pub fn commands(&self) -> u32 { 0 }
}
pub fn decode_mailbox_name(raw: &str) -> String { raw.to_owned() }
pub fn quiet_panics() {}
