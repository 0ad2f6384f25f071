//! Authentication-Results (RFC 8601): what a receiving server saw, in its own words.

/// One header's worth of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthRes {
    /// Who says so; empty where the server leaves its name out, as Microsoft's do.
    pub authserv_id: String,
    /// What it says, in its order.
    pub results: Vec<MethodResult>,
}

/// One method's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodResult {
    /// `dkim`, `dmarc`, `spf`, …, in lower case.
    pub method: String,
    /// `pass`, `fail`, `none`, …, in lower case.
    pub result: String,
    /// `header.d`, `header.from`, … with their values, in lower case.
    pub properties: Vec<(String, String)>,
}

impl MethodResult {
    /// The value of a property; `None` too where it is given twice with different values, and empty where it is not literal.
    pub fn property(&self, name: &str) -> Option<&str> {
        let mut values = self.properties.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str());
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Equals,
    Semicolon,
    /// A comment that begins where a word ends, without a blank.
    Glued,
}

impl AuthRes {
    /// Reads a header value; `None` if it breaks the grammar in a way that could hide or invent a result.
    pub fn parse(value: &str) -> Option<Self> {
        let tokens = tokens(value)?;
        let mut parts = tokens.split(|token| *token == Token::Semicolon).peekable();
        let authserv_id = match parts.peek()? {
            [Token::Word(id), version @ ..] if is_version(version) => {
                let id = id.clone();
                parts.next();
                id
            }
            _ => String::new(),
        };
        let results = parts.filter(|part| !says_nothing(part)).map(result).collect::<Option<_>>()?;
        Some(Self { authserv_id, results })
    }
}

/// Whether nothing follows an authserv-id but the version that may.
fn is_version(words: &[Token]) -> bool {
    match words {
        [] => true,
        [Token::Word(word)] => word.chars().all(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// Whether there is nothing, or the lone word `none` of RFC 8601 §2.2, between two semicolons.
fn says_nothing(part: &[Token]) -> bool {
    match part {
        [] => true,
        [Token::Word(word)] => word.eq_ignore_ascii_case("none"),
        _ => false,
    }
}

/// One `method=result reason="…" ptype.property=value …`.
fn result(part: &[Token]) -> Option<MethodResult> {
    let [Token::Word(method), Token::Equals, Token::Word(result), properties @ ..] = part else { return None };
    let method = method.split_once('/').map_or(method.as_str(), |(name, _version)| name).to_lowercase();
    let mut read = MethodResult { method, result: result.to_lowercase(), properties: Vec::new() };
    let mut rest = properties;
    while let Some((first, after)) = rest.split_first() {
        // Yahoo and others leave stray words between properties; they say nothing.
        let (property, after) = match (first, after) {
            // A value that something clings to, or that a stray word follows, may be the beginning of another.
            (Token::Word(name), [Token::Equals, Token::Word(value), after @ ..]) => {
                let is_literal = matches!(after, [] | [Token::Word(_), Token::Equals, ..]);
                (Some((name, if is_literal { value.as_str() } else { "" })), after)
            }
            (Token::Word(name), [Token::Equals, after @ ..]) if name.contains('.') => (None, after),
            // So does the `=` that ends an unquoted base64 value.
            (Token::Word(_) | Token::Equals | Token::Glued, after) => (None, after),
            (Token::Semicolon, _) => return None,
        };
        read.properties.extend(property.map(|(name, value)| (name.to_lowercase(), value.to_lowercase())));
        rest = after;
    }
    Some(read)
}

/// Words, `=` and `;`, with comments dropped and quoted strings opened (RFC 5322 §3.2.2, §3.2.4).
fn tokens(value: &str) -> Option<Vec<Token>> {
    let mut lexer = Lexer::default();
    value.chars().try_for_each(|c| lexer.add(c))?;
    let Lexer { quoted, depth, escaped, .. } = lexer;
    if quoted || depth > 0 || escaped {
        return None;
    }
    lexer.end_word();
    Some(lexer.tokens)
}

#[derive(Default)]
struct Lexer {
    tokens: Vec<Token>,
    word: String,
    /// Whether there is a word: a quoted string is one even when it is empty.
    is_word: bool,
    /// How deep it stands in comments.
    depth: usize,
    quoted: bool,
    /// Whether a backslash stands before the next character.
    escaped: bool,
}

impl Lexer {
    /// `None` where a comment ends that did not begin.
    fn add(&mut self, c: char) -> Option<()> {
        if std::mem::take(&mut self.escaped) {
            if self.depth == 0 {
                self.word.push(c);
            }
            return Some(());
        }
        match c {
            '\\' if self.quoted || self.depth > 0 => self.escaped = true,
            '(' if !self.quoted => self.depth = self.depth.saturating_add(1),
            ')' if !self.quoted => self.depth = self.depth.checked_sub(1)?,
            _ if self.depth > 0 => return Some(()),
            '"' => {
                self.quoted = !self.quoted;
                self.is_word = true;
            }
            c if self.quoted => self.word.push(c),
            c if c.is_whitespace() || c == '=' || c == ';' => {}
            c => {
                self.word.push(c);
                self.is_word = true;
            }
        }
        self.separate(c);
        Some(())
    }

    /// Ends a word, and notes what stands between words.
    fn separate(&mut self, c: char) {
        if self.quoted {
            return;
        }
        let is_word = self.is_word;
        if c.is_whitespace() || matches!(c, '=' | ';' | '(') {
            self.end_word();
        }
        match c {
            '(' if is_word => self.tokens.push(Token::Glued),
            '=' if self.depth == 0 && self.tokens.last() != Some(&Token::Equals) => self.tokens.push(Token::Equals),
            ';' if self.depth == 0 => self.tokens.push(Token::Semicolon),
            _ => {}
        }
    }

    fn end_word(&mut self) {
        if std::mem::take(&mut self.is_word) {
            self.tokens.push(Token::Word(std::mem::take(&mut self.word)));
        }
    }
}
