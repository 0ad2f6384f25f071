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
    /// The value of a property; `None` too where it is given twice with different values.
    #[must_use]
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
}

impl AuthRes {
    /// Reads a header value; `None` if it breaks the grammar in a way that could hide or invent a result.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let tokens = tokens(value)?;
        let mut parts = tokens.split(|token| *token == Token::Semicolon).peekable();
        let authserv_id = match parts.peek()? {
            [Token::Word(id)] | [Token::Word(id), Token::Word(_)] => {
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
            (Token::Word(name), [Token::Equals, Token::Word(value), after @ ..]) => (Some((name, value)), after),
            (Token::Word(name), [Token::Equals, after @ ..]) if name.contains('.') => (None, after),
            // So does the `=` that ends an unquoted base64 value.
            (Token::Word(_) | Token::Equals, after) => (None, after),
            (Token::Semicolon, _) => return None,
        };
        read.properties.extend(property.map(|(name, value)| (name.to_lowercase(), value.to_lowercase())));
        rest = after;
    }
    Some(read)
}

/// Words, `=` and `;`, with comments dropped and quoted strings opened (RFC 5322 §3.2.2, §3.2.4).
fn tokens(value: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let (mut word, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    // A quoted string is a word even when it is empty.
    let mut is_word = false;
    for c in value.chars() {
        if escaped {
            escaped = false;
            if depth == 0 {
                word.push(c);
            }
            continue;
        }
        match c {
            '\\' if quoted || depth > 0 => escaped = true,
            '(' if !quoted => depth = depth.saturating_add(1),
            ')' if !quoted => depth = depth.checked_sub(1)?,
            _ if depth > 0 => continue,
            '"' => {
                quoted = !quoted;
                is_word = true;
            }
            c if quoted => word.push(c),
            c if c.is_whitespace() || c == '=' || c == ';' => {}
            c => {
                word.push(c);
                is_word = true;
            }
        }
        let ends_word = !quoted && (c.is_whitespace() || matches!(c, '=' | ';' | '('));
        if ends_word && is_word {
            tokens.push(Token::Word(std::mem::take(&mut word)));
            is_word = false;
        }
        if !quoted && depth == 0 && c == '=' && tokens.last() != Some(&Token::Equals) {
            tokens.push(Token::Equals);
        } else if !quoted && depth == 0 && c == ';' {
            tokens.push(Token::Semicolon);
        }
    }
    if quoted || depth > 0 || escaped {
        return None;
    }
    if is_word {
        tokens.push(Token::Word(word));
    }
    Some(tokens)
}
