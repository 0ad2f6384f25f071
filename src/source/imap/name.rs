//! Mailbox names: modified UTF-7 (RFC 3501 §5.1.3) made readable, and names made safe to put into a command.

/// A mailbox name as a person writes it. A name that is no modified UTF-7 stays as it is.
pub fn decode_mailbox_name(raw: &str) -> String {
    let mut text = String::new();
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let Some((shifted, tail)) = after.split_once('-') else { return raw.to_owned() };
        match shifted {
            "" => text.push('&'),
            _ => match decode_shifted(shifted) {
                Some(decoded) => text.push_str(&decoded),
                None => return raw.to_owned(),
            },
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// UTF-16 in a base64 that has `,` for `/` and no padding.
fn decode_shifted(shifted: &str) -> Option<String> {
    let mut units = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in shifted.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte.checked_sub(b'A')?,
            b'a'..=b'z' => byte.checked_sub(b'a')?.checked_add(26)?,
            b'0'..=b'9' => byte.checked_sub(b'0')?.checked_add(52)?,
            b'+' => 62,
            b',' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0x3f_ffff;
        count = count.checked_add(6)?;
        if count >= 16 {
            count = count.checked_sub(16)?;
            units.push(u16::try_from(bits >> count & 0xffff).ok()?);
        }
    }
    String::from_utf16(&units).ok()
}

/// A name from LIST as a quoted string for a command. A server that sends raw UTF-8 gets it back. `None` for what can't
/// be quoted: control characters, line ends among them.
pub fn quoted(raw: &str) -> Option<String> {
    let inside = raw.replace('\\', "\\\\").replace('"', "\\\"");
    (!raw.contains(char::is_control)).then(|| format!("\"{inside}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_readable() {
        let cases = [
            ("INBOX", "INBOX"),
            ("Gel&APY-scht", "Gelöscht"),
            ("Ind&AOk-sirables", "Indésirables"),
            ("&U,BTFw-", "台北"),
            ("&2D3eAA-", "😀"),
            ("Fun &- Games", "Fun & Games"),
            // No modified UTF-7, so left alone.
            ("Q&A", "Q&A"),
            ("&!!!-", "&!!!-"),
            ("&2D0-", "&2D0-"),
            ("Gelöscht", "Gelöscht"),
        ];
        for (raw, readable) in cases {
            assert_eq!(decode_mailbox_name(raw), readable, "{raw}");
        }
    }

    #[test]
    fn names_are_quoted_once_and_never_end_the_command() {
        let cases = [
            ("INBOX", Some(r#""INBOX""#)),
            ("a b", Some(r#""a b""#)),
            (r#"say "hi""#, Some(r#""say \"hi\"""#)),
            (r"back\slash", Some(r#""back\\slash""#)),
            (r"end\", Some(r#""end\\""#)),
            ("Gelöscht", Some("\"Gelöscht\"")),
            ("a\r\nb LOGOUT", None),
            ("a\0", None),
        ];
        for (raw, expected) in cases {
            assert_eq!(quoted(raw).as_deref(), expected, "{raw}");
        }
    }
}
