//! The reason for the form's field: grounds that relate to the data subject's situation (GDPR Art. 21(1)).

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::DraftError;
use super::language::{Grounds, Language, fill};
use crate::fault::Fault;
use crate::word;

/// How many characters a reason has at most. The forms don't tell theirs; nobody reported that a text of this length was
/// cut.
pub const LIMIT: usize = 2000;

/// A ground to object on. The reason has them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", parse_err_ty = Fault, parse_err_fn = Self::unknown)]
pub enum Ground {
    /// What was shared with a few is private.
    Privacy,
    /// Nobody asked.
    Consent,
    /// What a model may do with it.
    Misuse,
    /// A model can't unlearn it.
    Permanence,
    /// The data subject appears in what others post.
    Others,
}

impl Ground {
    fn unknown(word: &str) -> Fault {
        word::unknown::<Self>("ground", word)
    }

    fn text(self, grounds: &Grounds) -> &str {
        match self {
            Self::Privacy => &grounds.privacy,
            Self::Consent => &grounds.consent,
            Self::Misuse => &grounds.misuse,
            Self::Permanence => &grounds.permanence,
            Self::Others => &grounds.others,
        }
    }
}

/// The reason: the grounds picked (all where none is), then what the user adds in their own words.
///
/// # Errors
/// Where it is longer than `limit` characters.
pub fn reason(
    language: &Language,
    is_british: bool,
    picked: &[Ground],
    add: Option<&str>,
    limit: usize,
) -> Result<String, DraftError> {
    let law = [("law", language.law(is_british))];
    let is_picked = |ground: &Ground| picked.is_empty() || picked.contains(ground);
    let grounds = Ground::VARIANTS.iter().copied().filter(is_picked);
    let mut paragraphs = vec![fill(&language.reason.opening, &law)];
    paragraphs.extend(grounds.map(|ground| fill(ground.text(&language.reason.grounds), &law)));
    paragraphs.extend(add.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
    paragraphs.push(fill(&language.reason.closing, &law));
    let text = paragraphs.join("\n\n");
    let length = text.chars().count();
    if length > limit { Err(DraftError::TooLong { length, limit }) } else { Ok(text) }
}
