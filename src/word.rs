//! Enums whose variants are words: in the database, in JSON and on the command line.

use strum::VariantArray;

use crate::fault::Fault;

/// What to tell a user who gave a word that no variant of `T` has. `what` names the kind of word.
pub(crate) fn unknown<T: VariantArray + Copy + Into<&'static str>>(what: &str, word: &str) -> Fault {
    let words: Vec<&str> = T::VARIANTS.iter().map(|variant| (*variant).into()).collect();
    let known = match words.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        words => words.concat(),
    };
    Fault::new(format!("unknown {what} `{word}`: use {known}"))
}

#[cfg(test)]
mod tests {
    use crate::objection::State;

    #[test]
    fn an_unknown_word_is_answered_with_all_that_are_known() {
        let said = "lost".parse::<State>().map_err(|fault| fault.to_string());
        let known = "submitted, code_received, verified, acknowledged, needs_info, accepted, refused or withdrawn";
        assert_eq!(said, Err(format!("unknown state `lost`: use {known}")));
    }
}
