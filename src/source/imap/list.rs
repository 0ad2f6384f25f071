//! Lists the mailboxes, and opens one for reading only.

use super::error::{Error, ErrorKind};
use super::lexeme::{Lexeme, Lexemes, number};
use super::mailbox::{Examined, Listed, Uid, UidValidity};
use super::name::quoted;
use super::session::Session;

impl Session {
    /// All mailboxes.
    pub fn mailboxes(&mut self) -> Result<Vec<Listed>, Error> {
        // Some servers tell special uses (RFC 6154) only to those who ask.
        let asked =
            if self.has_special_use { alive(self.run("LIST", "LIST \"\" \"*\" RETURN (SPECIAL-USE)"))? } else { None };
        let reply = match asked {
            Some(reply) => reply,
            None => self.run("LIST", "LIST \"\" \"*\"")?,
        };
        Ok(reply.responses.iter().filter_map(|response| listed(response)).collect())
    }

    /// Opens a mailbox for reading only. What the server leaves out is asked for.
    pub fn examine(&mut self, name: &str) -> Result<Examined, Error> {
        let refuse = |what: &str| Error::new(ErrorKind::Refused, what, "leave it out of `mailboxes`");
        let quoted = quoted(name).ok_or_else(|| refuse("its name can't be sent to the server"))?;
        let command = format!("EXAMINE {quoted}");
        let mut reply = self.examine_as_ourselves(&command)?;
        if reply.count().is_none() {
            reply = self.run("EXAMINE", &command)?;
        }
        let (mut exists, mut validity, mut next) = (reply.count(), reply.code("UIDVALIDITY"), reply.code("UIDNEXT"));
        if exists.is_none() || validity.is_none() || next.is_none() {
            let status = self.status(&quoted)?;
            exists = exists.or_else(|| status.iter().find(|(key, _)| key == "MESSAGES").map(|item| item.1));
            validity = validity.or_else(|| status.iter().find(|(key, _)| key == "UIDVALIDITY").map(|item| item.1));
            next = next.or_else(|| status.iter().find(|(key, _)| key == "UIDNEXT").map(|item| item.1));
        }
        let untold = || Error::new(ErrorKind::Refused, "the server does not say how many mails it holds", "run again");
        let exists = exists.ok_or_else(untold)?;
        let uid_next = match next {
            Some(next) => Some(Uid(next)),
            None => self.after_the_last(exists)?,
        };
        Ok(Examined { exists, uid_validity: UidValidity(validity.unwrap_or(0)), uid_next })
    }

    /// Opens a mailbox. The servers of 163.com let only those in who say which program they are (ID, RFC 2971).
    fn examine_as_ourselves(&mut self, command: &str) -> Result<super::session::Reply, Error> {
        match self.run("EXAMINE", command) {
            Err(error) if !error.is_dead() && !std::mem::replace(&mut self.is_introduced, true) => {
                match self.run("ID", "ID (\"name\" \"tracker\")") {
                    Ok(_) => self.run("EXAMINE", command),
                    Err(id) if id.is_dead() => Err(id),
                    Err(_) => Err(error),
                }
            }
            reply => reply,
        }
    }

    /// What a server says of a mailbox when it is asked from outside; nothing if it refuses.
    fn status(&mut self, quoted: &str) -> Result<Vec<(String, u32)>, Error> {
        let command = format!("STATUS {quoted} (MESSAGES UIDNEXT UIDVALIDITY)");
        let Some(reply) = alive(self.run("STATUS", &command))? else { return Ok(Vec::new()) };
        let is_status =
            |response: &&Vec<u8>| Lexemes::of(response).next().is_some_and(|token| token.word() == "STATUS");
        let Some(response) = reply.responses.iter().find(is_status) else { return Ok(Vec::new()) };
        let words = Lexemes::of(response).skip_while(|token| *token != Lexeme::Open).skip(1);
        let words: Vec<String> = words.map(|token| token.word()).collect();
        let pairs = words.chunks_exact(2).filter_map(|pair| match pair {
            [key, value] => Some((key.clone(), number(value.as_bytes())?)),
            _ => None,
        });
        Ok(pairs.collect())
    }

    /// The number after that of the last mail.
    fn after_the_last(&mut self, exists: u32) -> Result<Option<Uid>, Error> {
        if exists == 0 {
            return Ok(Some(Uid(1)));
        }
        let last = alive(self.numbers("FETCH * (UID)"))?.unwrap_or_default().into_iter().max();
        Ok(last.map(|uid| Uid(uid.0.saturating_add(1))))
    }
}

/// A mailbox in a response to LIST. Its name stands as it was sent, in quotes or not, except that escapes are taken away.
fn listed(response: &[u8]) -> Option<Listed> {
    let mut tokens = Lexemes::of(response);
    if tokens.next()?.word() != "LIST" || tokens.next()? != Lexeme::Open {
        return None;
    }
    let uses = attributes(&mut tokens);
    let delimiter = tokens.next()?.value().map(|text| String::from_utf8_lossy(&text).into_owned());
    // Some servers send a name with blanks without quotes.
    let name = match tokens.rest() {
        rest if rest.starts_with(b"\"") || rest.starts_with(b"{") => tokens.next()?.value()?.into_owned(),
        rest => rest.to_owned(),
    };
    let is_unselectable =
        |text: &String| ["\\Noselect", "\\NonExistent"].iter().any(|known| text.eq_ignore_ascii_case(known));
    let name = String::from_utf8(name).ok().filter(|name| !name.is_empty())?;
    let delimiter = delimiter.filter(|text| !text.is_empty());
    Some(Listed { name, delimiter, is_selectable: !uses.iter().any(is_unselectable), uses })
}

/// Attributes up to the end of their list, with a backslash whether or not the server sends one.
fn attributes(tokens: &mut Lexemes<'_>) -> Vec<String> {
    let texts = tokens.take_while(|token| *token != Lexeme::Close).filter_map(Lexeme::value);
    texts.map(|text| format!("\\{}", String::from_utf8_lossy(&text).trim_start_matches('\\'))).collect()
}

/// A reply, or nothing if the command was refused and the session goes on.
fn alive<T>(reply: Result<T, Error>) -> Result<Option<T>, Error> {
    match reply {
        Err(error) if !error.is_dead() => Ok(None),
        reply => reply.map(Some),
    }
}
