//! The text of an HTML body that a reader sees. Linear in its size; for judging, not for display.

/// Elements whose content is never shown.
const UNSEEN: [&str; 8] = ["script", "style", "title", "template", "noscript", "textarea", "svg", "object"];
/// Elements that stand on lines of their own.
const BLOCKS: [&str; 24] = [
    "address", "article", "body", "center", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "ol", "p", "section", "table", "ul",
];
/// Elements without content: one of them hidden hides nothing else.
const VOID: [&str; 10] = ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"];

/// The visible text: blocks become paragraphs, cells are parted by a tab; scripts, styles, comments, hidden elements
/// and quoted replies are left out.
#[must_use]
pub fn visible(html: &str) -> String {
    let mut reader = Reader { rest: html, out: String::new(), skip: None, quotes_are_broken: false };
    while reader.step() {}
    reader.out
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
    /// The element being left out, and how many of its name are open.
    skip: Option<(String, usize)>,
    /// An attribute's quote never closed: quotes no longer protect a `>`, which keeps the reading linear.
    quotes_are_broken: bool,
}

impl<'a> Reader<'a> {
    /// Reads up to and including the next tag; false at the end.
    fn step(&mut self) -> bool {
        let Some((text, rest)) = self.rest.split_once('<') else {
            self.text(self.rest);
            return false;
        };
        self.text(text);
        self.rest = rest;
        if let Some(comment) = rest.strip_prefix("!--") {
            self.rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            let tag = self.tag();
            self.element(tag);
        } else {
            self.text("&lt;");
        }
        true
    }

    /// Takes a tag up to its `>`; one inside a quoted attribute does not end it.
    fn tag(&mut self) -> &'a str {
        let mut quote = None;
        let end = self.rest.char_indices().find(|(_, c)| match (quote, c) {
            (None, '"' | '\'') if !self.quotes_are_broken => {
                quote = Some(*c);
                false
            }
            (Some(q), c) if q == *c => {
                quote = None;
                false
            }
            (None, '>') => true,
            _ => false,
        });
        let end = end.map(|(at, _)| at).or_else(|| {
            self.quotes_are_broken = true;
            self.rest.find('>')
        });
        let (tag, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or((self.rest, ""));
        self.rest = rest.strip_prefix('>').unwrap_or(rest);
        tag
    }

    fn element(&mut self, tag: &str) {
        let is_end = tag.starts_with('/');
        let body = tag.trim_start_matches('/');
        let name: String = body.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if let Some((skipped, open)) = &mut self.skip {
            if *skipped == name {
                *open = if is_end { open.saturating_sub(1) } else { open.saturating_add(1) };
                if *open == 0 {
                    self.skip = None;
                }
            }
            return;
        }
        self.break_at(&name);
        let is_void = VOID.contains(&name.as_str()) || body.ends_with('/');
        if !is_end && !is_void && (UNSEEN.contains(&name.as_str()) || name == "blockquote" || is_hidden(body)) {
            self.skip = Some((name, 1));
        }
    }

    fn break_at(&mut self, name: &str) {
        match name {
            "br" => self.out.push('\n'),
            "td" | "th" => self.out.push('\t'),
            "tr" => self.out.push('\n'),
            _ if BLOCKS.contains(&name) => self.out.push_str("\n\n"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.skip.is_some() {
            return;
        }
        for c in htmlize::unescape(text).chars() {
            let is_space = c.is_ascii_whitespace();
            if !is_space {
                self.out.push(c);
            } else if !self.out.ends_with(char::is_whitespace) {
                self.out.push(' ');
            }
        }
    }
}

/// Whether a start tag hides its content, as preheaders do.
fn is_hidden(tag: &str) -> bool {
    let tag: String = tag.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let zero = |property: &str| {
        tag.split(property).skip(1).any(|value| {
            value.strip_prefix('0').is_some_and(|after| !after.starts_with(|c: char| c == '.' || c.is_ascii_digit()))
        })
    };
    ["display:none", "visibility:hidden", "mso-hide:all"].iter().any(|rule| tag.contains(rule))
        || ["font-size:", "max-height:", "opacity:"].iter().any(|property| zero(property))
        || tag.ends_with("hidden")
        || tag.contains("hidden=\"")
}
