//! The text of an HTML body that a reader sees. Linear in its size; for judging, not for display.

use super::style::Style;

/// Elements whose content is never shown.
const UNSEEN: [&str; 7] = ["script", "style", "title", "template", "textarea", "svg", "object"];
/// Elements whose content is text until they end, whatever stands in it.
const RAW: [&str; 4] = ["script", "style", "title", "textarea"];
/// Elements that strike their content out.
const STRUCK: [&str; 3] = ["s", "del", "strike"];
/// Elements that stand on lines of their own.
const BLOCKS: [&str; 24] = [
    "address", "article", "body", "center", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "ol", "p", "section", "table", "ul",
];
/// Elements without content: one of them hidden hides nothing else.
const VOID: [&str; 10] = ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"];
/// Elements that end where another of their name begins.
const ENDED_BY_THE_NEXT: [&str; 6] = ["li", "td", "th", "tr", "dd", "dt"];
/// An end tag closes an element at most so many levels up, which keeps the reading linear.
const LEVELS: usize = 64;

/// The text of an HTML body.
#[derive(Default)]
pub(super) struct Text {
    /// What a reader sees: blocks become paragraphs, cells are parted by a tab.
    pub visible: String,
    /// What a reader perhaps does not see, or sees struck out.
    pub doubtful: String,
}

/// The text of a body, without scripts, styles, comments and quoted replies.
pub(super) fn text(html: &str) -> Text {
    let mut reader = Reader { rest: html, out: Text::default(), open: Vec::new(), quotes_are_broken: false };
    while reader.step() {}
    reader.out
}

/// How text within an element comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Plainly,
    Doubtfully,
    Not,
}

/// An element that is open.
struct Element {
    name: String,
    shown: Shown,
    is_sizeless: bool,
    ground: String,
}

struct Reader<'a> {
    rest: &'a str,
    out: Text,
    open: Vec<Element>,
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
        self.break_at(&name);
        if is_end {
            self.close(&name);
        } else if !VOID.contains(&name.as_str()) && !body.ends_with('/') {
            self.close_before(&name);
            if RAW.contains(&name.as_str()) {
                self.pass_over(&name);
            }
            self.push(name, body);
        }
    }

    /// Goes on at the end tag of an element whose content is no markup.
    fn pass_over(&mut self, name: &str) {
        let is_end = |at: usize| {
            let tag = self.rest.get(at.saturating_add(2)..).and_then(|rest| rest.get(..name.len()));
            tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
        };
        let end = self.rest.match_indices("</").map(|(at, _)| at).find(|at| is_end(*at));
        self.rest = end.and_then(|at| self.rest.get(at..)).unwrap_or_default();
    }

    fn close(&mut self, name: &str) {
        let from = self.open.len().saturating_sub(LEVELS);
        let near = self.open.get(from..).unwrap_or_default();
        if let Some(at) = near.iter().rposition(|element| element.name == name) {
            self.open.truncate(from.saturating_add(at));
        }
    }

    /// A paragraph ends where a block begins, a cell where the next one does, closed or not.
    fn close_before(&mut self, name: &str) {
        let is_ended = |top: &Element| {
            (top.name == "p" && BLOCKS.contains(&name)) || (top.name == name && ENDED_BY_THE_NEXT.contains(&name))
        };
        if self.open.last().is_some_and(is_ended) {
            self.open.pop();
        }
    }

    fn push(&mut self, name: String, tag: &str) {
        let look = if tag.len() > name.len() { Style::of(tag) } else { Style::default() };
        let parent = self.open.last();
        let ground = look.ground.or_else(|| parent.map(|p| p.ground.clone())).unwrap_or_else(|| "#ffffff".to_owned());
        let is_unseen = UNSEEN.contains(&name.as_str()) || name == "blockquote";
        let is_doubtful = look.is_hidden
            || STRUCK.contains(&name.as_str())
            || look.color.is_some_and(|color| color == ground || color == "transparent");
        let own = match (is_unseen, is_doubtful) {
            (true, _) => Shown::Not,
            (_, true) => Shown::Doubtfully,
            _ => Shown::Plainly,
        };
        if is_doubtful {
            self.out.doubtful.push(' ');
        }
        let element = Element {
            shown: parent.map_or(Shown::Plainly, |p| p.shown).max(own),
            is_sizeless: look.is_sizeless.unwrap_or(parent.is_some_and(|p| p.is_sizeless)),
            ground,
            name,
        };
        self.open.push(element);
    }

    fn break_at(&mut self, name: &str) {
        let sign = match name {
            "br" | "tr" => "\n",
            "td" | "th" => "\t",
            _ if BLOCKS.contains(&name) => "\n\n",
            _ => return,
        };
        self.out.visible.push_str(sign);
        self.out.doubtful.push_str(sign);
    }

    fn text(&mut self, text: &str) {
        let out = match self.open.last() {
            Some(Element { shown: Shown::Not, .. }) => return,
            Some(top) if top.shown == Shown::Doubtfully || top.is_sizeless => &mut self.out.doubtful,
            _ => &mut self.out.visible,
        };
        for c in htmlize::unescape(text).chars() {
            let is_space = c.is_ascii_whitespace();
            if !is_space {
                out.push(c);
            } else if !out.ends_with(char::is_whitespace) {
                out.push(' ');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_reader_sees_is_told_from_what_not() {
        let cases = [
            (r#"<td style="font-size:0px"><div style="font-size:13px">seen</div>not</td>"#, "seen", "not"),
            ("<noscript>seen</noscript><template>never</template>", "seen", ""),
            ("<p style='display:none'>not<p>seen", "seen", "not"),
            ("<ul><li hidden>not<li>seen</ul>seen", "seen seen", "not"),
            ("<div style='overflow:hidden;max-height:20px'>seen</div>", "seen", ""),
            ("<div style='position:absolute;left:-9999px'>not</div>", "", "not"),
            ("<div style='clip:rect(0 0 0 0)'>not</div>", "", "not"),
            ("<p style='color:#FFF;background:white'>not</p>", "", "not"),
            ("<table bgcolor='#1877f2'><tr><td style='color:#fff'>seen</table>", "seen", ""),
            ("<p style='color:#ffffff'>not</p>", "", "not"),
            ("<div style='height:0;overflow:hidden'>not</div>", "", "not"),
            ("<div style='line-height:0'>seen</div>", "seen", ""),
            (r"<div style='disp\6c ay:n/**/one'>not</div>", "", "not"),
            (
                "<s>not</s> <del>not</del> <span style='text-decoration:line-through'>not</span> seen",
                "seen",
                "not not not",
            ),
            ("<blockquote>never</blockquote><style>never</style><script>a<b</script>seen", "seen", ""),
        ];
        for (html, visible, doubtful) in cases {
            let text = text(html);
            assert_eq!((words(&text.visible).as_str(), words(&text.doubtful).as_str()), (visible, doubtful), "{html}");
        }
    }
}
