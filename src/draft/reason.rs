//! The reason for the form's field: grounds that relate to the data subject's situation (GDPR Art. 21(1)).

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::DraftError;
use super::texts::{Grounds, Texts, fill};
use crate::fault::Fault;
use crate::word;

/// How many characters a reason has at most where the user gives no limit. The forms don't tell theirs; nobody reported
/// that a form cut a text of this length.
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

/// The reason: the grounds picked (all where none is picked), then what the user adds in their own words. It may have
/// `limit` characters.
pub(crate) fn reason(
    texts: &Texts,
    is_british: bool,
    picked: &[Ground],
    add: Option<&str>,
    limit: usize,
) -> Result<String, DraftError> {
    let law = [("law", texts.law(is_british))];
    let is_picked = |ground: &Ground| picked.is_empty() || picked.contains(ground);
    let grounds = Ground::VARIANTS.iter().copied().filter(is_picked);
    let mut paragraphs = vec![fill(&texts.reason.opening, &law)];
    paragraphs.extend(grounds.map(|ground| fill(ground.text(&texts.reason.grounds), &law)));
    paragraphs.extend(add.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
    paragraphs.push(fill(&texts.reason.closing, &law));
    let text = paragraphs.join("\n\n");
    let length = text.chars().count();
    if length > limit { Err(too_long(length, limit)) } else { Ok(text) }
}

fn too_long(length: usize, limit: usize) -> DraftError {
    DraftError::Usage(
        Fault::new(format!("the reason has {length} characters, the limit is {limit}"))
            .remedy("leave out a --ground, shorten --add, or give the form's own --limit"),
    )
}
