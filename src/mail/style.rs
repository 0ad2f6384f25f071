//! What a start tag's style and attributes do to its text: show it, strike it out or hide it.

/// What a start tag says of its content.
#[derive(Debug, Default)]
pub(super) struct Style {
    /// Nobody can see it, or it is struck out.
    pub is_hidden: bool,
    /// Whether its letters have no height, if it sets their size.
    pub is_sizeless: Option<bool>,
    /// The colour of the letters, if it sets one.
    pub color: Option<String>,
    /// The colour behind them, if it sets one.
    pub ground: Option<String>,
}

impl Style {
    /// Reads a start tag without its angle brackets.
    pub fn of(tag: &str) -> Self {
        let lower = tag.to_lowercase();
        let mut look = Self { ground: attribute(&lower, "bgcolor").map(color), ..Self::default() };
        let style = attribute(&lower, "style").unwrap_or_default();
        let without = if style.is_empty() { lower.clone() } else { lower.replace(style, "") };
        let plain: String = without.chars().filter(|c| !c.is_whitespace()).collect();
        look.is_hidden = plain.ends_with("hidden") || plain.contains("hidden=\"");
        let style = unescaped(&without_comments(&htmlize::unescape(style)));
        let mut is_out_of_flow = false;
        for (property, value) in style.split(';').filter_map(|part| part.split_once(':')) {
            let (property, value) = (property.trim(), value.replace("!important", "").trim().to_owned());
            is_out_of_flow |= property == "position" && matches!(value.as_str(), "absolute" | "fixed");
            match property {
                "font-size" => look.is_sizeless = Some(is_zero(&value)),
                "color" => look.color = Some(color(&value)),
                "background" | "background-color" => look.ground = Some(color(&value)),
                _ => look.is_hidden |= hides(property, &value, is_out_of_flow),
            }
        }
        look
    }
}

/// Whether a declaration hides text or strikes it out.
fn hides(property: &str, value: &str, is_out_of_flow: bool) -> bool {
    match property {
        "display" => value == "none",
        "visibility" => matches!(value, "hidden" | "collapse"),
        "mso-hide" => value == "all",
        "opacity" | "height" | "max-height" | "max-width" => is_zero(value),
        "text-decoration" | "text-decoration-line" => value.contains("line-through"),
        "text-indent" | "margin-left" | "margin-top" => is_far_away(value),
        "left" | "top" | "right" | "bottom" => is_out_of_flow && is_far_away(value),
        "clip" => value.starts_with("rect"),
        "clip-path" => value.starts_with("inset") || value.starts_with("circle(0"),
        "transform" => value.replace(' ', "").contains("scale(0)"),
        _ => false,
    }
}

/// The number at the beginning of a value.
fn number(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

fn is_zero(value: &str) -> bool {
    number(value) == Some(0.0)
}

fn is_far_away(value: &str) -> bool {
    number(value).is_some_and(|number| number <= -500.0)
}

/// A colour in one form, as far as names and short forms differ.
fn color(value: &str) -> String {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let long = |short: &str| format!("#{}", short.chars().flat_map(|c| [c, c]).collect::<String>());
    match value.as_str() {
        "white" | "rgb(255,255,255)" => "#ffffff".to_owned(),
        "black" | "rgb(0,0,0)" => "#000000".to_owned(),
        _ => value.strip_prefix('#').filter(|hex| hex.len() == 3).map_or(value.clone(), long),
    }
}

/// The value of an attribute in a tag of small letters.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let (before, found) = rest.split_at_checked(at)?;
        let after = found.get(name.len()..)?.trim_start();
        let begins = before.ends_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/'));
        if let Some(value) = after.strip_prefix('=').filter(|_| begins) {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            return match quote {
                Some(quote) => value.get(1..)?.split(quote).next(),
                None => value.split_whitespace().next(),
            };
        }
        rest = after;
    }
    None
}

fn without_comments(style: &str) -> String {
    let mut out = String::new();
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

/// `\6e one` and `n\one` are `none` (CSS Syntax §4.3.7).
fn unescaped(style: &str) -> String {
    let mut out = String::new();
    let mut rest = style;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = escape.chars().take(6).take_while(char::is_ascii_hexdigit).count();
        let (hex, after) = escape.split_at_checked(digits).unwrap_or((escape, ""));
        let letter = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
        out.extend(letter.map(|c| c.to_ascii_lowercase()));
        rest = if letter.is_some() { after.strip_prefix(' ').unwrap_or(after) } else { escape };
    }
    out + rest
}
