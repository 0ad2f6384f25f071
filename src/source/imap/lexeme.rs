//! The words of a server's response (RFC 3501 §9). Nothing here fails: what is odd is a word like any other.

use std::borrow::Cow;

/// A word of a response.
#[derive(Debug, PartialEq, Eq)]
pub enum Lexeme<'a> {
    /// Anything without quotes, a section such as `BODY[HEADER.FIELDS (FROM)]<0>` as a whole.
    Atom(&'a [u8]),
    /// A quoted string or a literal.
    Text(Cow<'a, [u8]>),
    Open,
    Close,
}

impl<'a> Lexeme<'a> {
    /// What it says; nothing for NIL and parentheses.
    pub fn value(self) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Atom(atom) => (!atom.eq_ignore_ascii_case(b"NIL")).then_some(Cow::Borrowed(atom)),
            Self::Text(text) => Some(text),
            Self::Open | Self::Close => None,
        }
    }

    /// An atom in capitals; empty for anything else.
    pub fn word(&self) -> String {
        if let Self::Atom(atom) = self { String::from_utf8_lossy(atom).to_uppercase() } else { String::new() }
    }
}

/// The words of a response, one after the other.
#[derive(Debug, Clone)]
pub struct Lexemes<'a>(&'a [u8]);

impl<'a> Lexemes<'a> {
    /// Those of a response, after its `* `.
    pub fn of(response: &'a [u8]) -> Self {
        Self(response.strip_prefix(b"* ").unwrap_or(response))
    }

    /// What is left, as it stands.
    pub fn rest(&self) -> &'a [u8] {
        self.0.trim_ascii()
    }

    /// The number that comes next.
    pub fn number(&mut self) -> Option<u32> {
        number(&self.next()?.value()?)
    }

    /// The words in capitals up to the end of the response or of this list.
    pub fn words(&mut self) -> Vec<String> {
        self.take_while(|token| *token != Lexeme::Close).map(|token| token.word()).collect()
    }

    /// Passes over a list, whose opening parenthesis was read.
    pub fn skip_list(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Some(Lexeme::Open) => depth = depth.saturating_add(1),
                Some(Lexeme::Close) => depth = depth.saturating_sub(1),
                Some(_) => {}
                None => return,
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (head, tail) = self.0.split_at(length.min(self.0.len()));
        self.0 = tail;
        head
    }

    fn quoted(&mut self) -> Lexeme<'a> {
        let mut text = Vec::new();
        let mut bytes = self.0.iter().skip(1);
        let mut length = 1_usize;
        while let Some(byte) = bytes.next() {
            length = length.saturating_add(1);
            match byte {
                b'"' => break,
                b'\\' => {
                    text.extend(bytes.next());
                    length = length.saturating_add(1);
                }
                byte => text.push(*byte),
            }
        }
        self.take(length);
        Lexeme::Text(text.into())
    }

    fn literal(&mut self) -> Option<Lexeme<'a>> {
        let end = self.0.windows(3).position(|bytes| bytes == b"}\r\n")?;
        let length = number(self.0.get(1..end)?)?;
        self.take(end.saturating_add(3));
        Some(Lexeme::Text(self.take(usize::try_from(length).ok()?).into()))
    }

    fn atom(&mut self) -> Lexeme<'a> {
        let mut depth = 0_usize;
        let ends = |byte: u8, depth: &mut usize| {
            match byte {
                b'[' => *depth = depth.saturating_add(1),
                b']' => *depth = depth.saturating_sub(1),
                b'\r' | b'\n' => return true,
                b' ' | b'(' | b')' | b'"' if *depth == 0 => return true,
                _ => {}
            }
            false
        };
        let length = self.0.iter().position(|byte| ends(*byte, &mut depth)).unwrap_or(self.0.len());
        Lexeme::Atom(self.take(length.max(1)))
    }
}

impl<'a> Iterator for Lexemes<'a> {
    type Item = Lexeme<'a>;

    fn next(&mut self) -> Option<Lexeme<'a>> {
        let blanks = self.0.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.take(blanks);
        match self.0.first()? {
            b'(' => {
                self.take(1);
                Some(Lexeme::Open)
            }
            b')' => {
                self.take(1);
                Some(Lexeme::Close)
            }
            b'"' => Some(self.quoted()),
            b'{' => Some(self.literal().unwrap_or_else(|| self.atom())),
            _ => Some(self.atom()),
        }
    }
}

/// A number in digits.
pub fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read_word_by_word() {
        let response = b"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (FROM)]<0.9> {3}\r\na\"( X-Y NIL Z \"a \\\" b\"  )\r\n";
        let words: Vec<Lexeme<'_>> = Lexemes::of(response).collect();
        let text = |text: &'static str| Lexeme::Text(text.as_bytes().into());
        let atom = |text: &'static str| Lexeme::Atom(text.as_bytes());
        let expected = [
            atom("1"),
            atom("FETCH"),
            Lexeme::Open,
            atom("UID"),
            atom("7"),
            atom("BODY[HEADER.FIELDS (FROM)]<0.9>"),
            text("a\"("),
            atom("X-Y"),
            atom("NIL"),
            atom("Z"),
            text("a \" b"),
            Lexeme::Close,
        ];
        assert_eq!(words, expected);
        // What is cut off or nested without end is read to its end all the same.
        for odd in [&b"* 1 FETCH (UID {99}\r\nab"[..], b"* LIST (\"", b"* [[[", b"* {9", b"", &b"(".repeat(99_999)] {
            Lexemes::of(odd).for_each(drop);
            Lexemes::of(odd).skip_list();
        }
    }
}
