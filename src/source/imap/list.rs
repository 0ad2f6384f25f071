//! Lists the mailboxes, and opens one for reading only.

use imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode};

use super::error::{Error, ErrorKind};
use super::mailbox::{Examined, Listed, Uid, UidValidity};
use super::name::quoted;
use super::session::Session;

impl Session {
    /// All mailboxes.
    pub fn mailboxes(&mut self) -> Result<Vec<Listed>, Error> {
        let reply = self.run("LIST", "LIST \"\" \"*\"")?;
        self.read(&reply, |response| match response {
            Response::MailboxData(MailboxDatum::List { name_attributes, name, .. }) => Some(Listed {
                is_selectable: !name_attributes.iter().any(is_unselectable),
                uses: name_attributes.iter().map(attribute).collect(),
                name: name.into_owned(),
            }),
            _ => None,
        })
    }

    /// Opens a mailbox for reading only. One without UIDs is refused.
    pub fn examine(&mut self, name: &str) -> Result<Examined, Error> {
        let refuse = |what: &str| Error::new(ErrorKind::Refused, what, "leave it out of `mailboxes`");
        let quoted = quoted(name).ok_or_else(|| refuse("its name can't be sent to the server"))?;
        let reply = self.run("EXAMINE", &format!("EXAMINE {quoted}"))?;
        let (mut exists, mut uid_validity, mut uid_next) = (0, None, None);
        self.read(&reply, |response| {
            match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => exists = count,
                Response::Data { code: Some(ResponseCode::UidValidity(value)), .. } => uid_validity = Some(value),
                Response::Data { code: Some(ResponseCode::UidNext(uid)), .. } => uid_next = Some(Uid(uid)),
                _ => {}
            }
            None::<()>
        })?;
        let uid_validity =
            uid_validity.ok_or_else(|| refuse("the server gives its mails no lasting numbers (UIDVALIDITY)"))?;
        Ok(Examined { exists, uid_validity: UidValidity(uid_validity), uid_next })
    }
}

fn attribute(attribute: &NameAttribute<'_>) -> String {
    match attribute {
        NameAttribute::Extension(text) => text.to_string(),
        known => format!("\\{known:?}"),
    }
}

fn is_unselectable(attribute: &NameAttribute<'_>) -> bool {
    match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(text) => text.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    }
}
