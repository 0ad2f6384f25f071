//! Tag lists (RFC 6376 §3.2), the grammar of DKIM signatures and keys, strictly read.

/// A tag list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// Reads a tag list; `None` where it breaks the grammar. A name that stands twice, in whatever case, makes all of it
    /// void: two readers would choose differently.
    pub fn parse(text: &str) -> Option<Self> {
        let mut tags: Vec<(String, String)> = Vec::new();
        for part in text.trim_end().strip_suffix(';').unwrap_or(text).split(';') {
            let (name, value) = part.split_once('=')?;
            let name = name.trim();
            let is_known = tags.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if is_known || !is_name {
                return None;
            }
            tags.push((name.to_owned(), value.trim().to_owned()));
        }
        Some(Self(tags))
    }

    /// A tag's value, without the blanks round it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A tag's value as a list, in lower case.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        self.get(name).map(|value| value.split(':').map(|item| item.trim().to_lowercase()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_stands_twice_voids_the_list() {
        let tags = Tags::parse("v=1; a = rsa-sha256;\t h=From : To;").unwrap();
        assert_eq!((tags.get("a"), tags.get("d")), (Some("rsa-sha256"), None));
        assert_eq!(tags.list("h"), Some(vec!["from".to_owned(), "to".to_owned()]));
        for broken in ["v=1; d=a; d=b", "v=1; d=a; D=b", "v=1; =x", "v=1;; d=a", "v", "d d=a"] {
            assert_eq!(Tags::parse(broken), None, "{broken}");
        }
    }
}
