//! Adds an account to a configuration file and leaves the rest of the text as it is.

pub use toml_edit::{Array, InlineTable, Value};
use toml_edit::{DocumentMut, Item, Table};

use crate::fault::Fault;

/// What stands above a new file.
const HEAD: &str = "\
# What `tracker` reads: one table for each mail account. Every key is explained in the manual: tracker man
# Nobody else should be able to read this file.
";

/// A key of an account, and the comment above it.
#[derive(Clone)]
pub struct ConfigLine {
    /// The key.
    pub key: &'static str,
    /// Its value.
    pub value: Value,
    /// The comment, or an empty text.
    pub comment: String,
}

/// A configuration file's text with one account more.
pub fn with_account(text: &str, name: &str, comment: &str, lines: Vec<ConfigLine>) -> Result<String, Fault> {
    let is_new = text.trim().is_empty();
    let mut document: DocumentMut =
        text.parse().map_err(|_| Fault::new("it is no valid TOML").remedy("`tracker doctor` names the line"))?;
    let accounts = document.entry("accounts").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let no_table = || Fault::new("its `accounts` is no table").remedy("write it as [accounts.NAME]");
    let accounts = accounts.as_table_mut().ok_or_else(no_table)?;
    if accounts.contains_key(name) {
        let fault = Fault::new(format!("it has an account `{name}` already"));
        return Err(fault.remedy("choose another --name, or remove that table first"));
    }
    let mut account = Table::new();
    account.decor_mut().set_prefix(format!("\n{}", commented(comment)));
    for ConfigLine { key, value, comment } in lines {
        account.insert(key, Item::Value(value));
        if let Some(mut at) = account.key_mut(key) {
            at.leaf_decor_mut().set_prefix(commented(&comment));
        }
    }
    accounts.insert(name, Item::Table(account));
    let text = document.to_string();
    Ok(if is_new { format!("{HEAD}{text}") } else { text })
}

fn commented(comment: &str) -> String {
    comment.lines().map(|line| format!("# {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn line(key: &'static str, value: &str, comment: &str) -> ConfigLine {
        ConfigLine { key, value: value.into(), comment: comment.to_owned() }
    }

    #[test]
    fn an_account_is_added_and_all_else_stays() {
        let old = "# mine\ncountry = \"DE\" # home\n\n[hooks]\non_change = 'x'  # keep\n";
        let lines = || vec![line("email", "a@example.org", ""), line("host", "imap.example.org", "found\nthere")];
        let new = with_account(old, "home", "Hello", lines()).unwrap();
        assert_eq!(
            new,
            format!(
                "{old}\n# Hello\n[accounts.home]\nemail = \"a@example.org\"\n# found\n# there\nhost = \"imap.example.org\"\n"
            )
        );
        assert!(with_account(&new, "home", "", lines()).is_err_and(|why| why.to_string().contains("already")));
        let two = with_account(&new, "work", "", lines()).unwrap();
        assert!(two.starts_with(&new) && two.contains("\n[accounts.work]\n"), "{two}");
        assert!(with_account("", "home", "", lines()).unwrap().starts_with(HEAD));
        assert!(with_account("x = ", "home", "", lines()).is_err());
        assert!(with_account("accounts = 3", "home", "", lines()).is_err());
    }
}
