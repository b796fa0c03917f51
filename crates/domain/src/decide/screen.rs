//! What becomes of a text in which somebody looked for words that the company does not want to see.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::model::{Body, Text};

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Nothing,
    /// The text with a `*` for each character of each word to be masked.
    ToMask(Text),
    ToRefuse,
}

/// The body to be said. `known` is what was said before under the same message id: it stays as it is, however the
/// company's words have changed since, so that a repetition finds its message.
pub fn screen<'a>(asked: &'a Body, found: &'a Found, known: Option<&Body>) -> Result<Cow<'a, Body>> {
    if let (Body::Text(text), Some(Body::Text(known))) = (asked, known)
        && may_be_masked_from(known.as_str(), text.as_str())
    {
        return Ok(Cow::Owned(Body::Text(known.clone())));
    }
    match (found, known) {
        (Found::ToRefuse, None) => Err(Error::invalid("msg", "it has a word in it that is not wanted here")),
        (Found::ToMask(masked), None) => Ok(Cow::Owned(Body::Text(masked.clone()))),
        _ => Ok(Cow::Borrowed(asked)),
    }
}

/// Whether masking some words of `asked` makes `said`.
fn may_be_masked_from(said: &str, asked: &str) -> bool {
    let (mut said, mut asked) = (said.chars(), asked.chars());
    loop {
        match (said.next(), asked.next()) {
            (None, None) => return true,
            (Some('*'), Some(_)) => {}
            (said, asked) if said == asked => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Text {
        Text::parse(text).unwrap()
    }

    fn body(said: &str) -> Body {
        Body::Text(text(said))
    }

    #[rstest::rstest]
    #[case::clean(Found::Nothing, None, Ok("a bad word"))]
    #[case::masked(Found::ToMask(text("a *** word")), None, Ok("a *** word"))]
    #[case::refused(Found::ToRefuse, None, Err(4002))]
    #[case::repeated(Found::ToMask(text("a *** word")), Some("a *** word"), Ok("a *** word"))]
    #[case::allowed_by_now(Found::Nothing, Some("a *** word"), Ok("a *** word"))]
    #[case::refused_by_now(Found::ToRefuse, Some("a bad word"), Ok("a bad word"))]
    #[case::another_text(Found::ToMask(text("a *** word")), Some("a good word"), Ok("a bad word"))]
    #[case::another_length(Found::Nothing, Some("a ****"), Ok("a bad word"))]
    fn a_repetition_finds_what_was_said(
        #[case] found: Found,
        #[case] known: Option<&str>,
        #[case] expected: Result<&str, u16>,
    ) {
        let known = known.map(body);
        let asked = body("a bad word");
        let screened = screen(&asked, &found, known.as_ref()).map_err(|error| error.code() as u16);
        assert_eq!(screened, expected.map(|text| Cow::Owned(body(text))));
    }
}
