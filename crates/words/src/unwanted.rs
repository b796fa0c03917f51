//! Words that a company does not want to see: refused, or masked with a `*` for each character.
//!
//! A word is found wherever its characters stand, inside longer words as well: Chinese has no other
//! way. Case, full and half width, accents, and characters that show nothing make no difference.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::fold::each_folded;

/// More words than this are not taken.
pub const WORDS_MAX: usize = 20_000;

/// A longer word is not taken.
pub const WORD_CHARS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    Refuse,
    Mask,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// The text with each unwanted character replaced by `*`.
    Masked(String),
    Refused,
}

/// The words of one company, ready to be looked for. Finding costs the length of the text, however
/// many words there are.
#[derive(Debug)]
pub struct Unwanted {
    automaton: AhoCorasick,
    /// By number of the pattern.
    treatments: Box<[Treatment]>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is left of this word when it is folded.
    Empty(String),
    /// A word of more than [`WORD_CHARS`].
    TooLong(String),
    /// More than [`WORDS_MAX`].
    TooMany,
}

impl Unwanted {
    /// The same word twice is no error; `Refuse` wins.
    pub fn new<W: AsRef<str>>(words: impl IntoIterator<Item = (W, Treatment)>) -> Result<Unwanted, Refusal> {
        let mut patterns = Vec::new();
        let mut treatments = Vec::new();
        for (word, treatment) in words {
            if patterns.len() == WORDS_MAX {
                return Err(Refusal::TooMany);
            }
            patterns.push(pattern(word.as_ref())?);
            treatments.push(treatment);
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(&patterns)
            // Its only failure is more states than a u32 can count; 20,000 words of 64 characters
            // have at most 5 million bytes.
            .map_err(|_| Refusal::TooMany)?;
        Ok(Unwanted { automaton, treatments: treatments.into() })
    }

    pub fn is_empty(&self) -> bool {
        self.treatments.is_empty()
    }

    pub fn check(&self, text: &str) -> Verdict {
        if self.is_empty() {
            return Verdict::Clean;
        }
        let (folded, origins) = fold(text);
        let mut masked: Vec<Range<usize>> = Vec::new();
        for found in self.automaton.find_overlapping_iter(&folded) {
            if self.treatments[found.pattern().as_usize()] == Treatment::Refuse {
                return Verdict::Refused;
            }
            let range = origins[found.start()]..origins[found.end() - 1];
            match masked.last_mut() {
                // Found in the order of their ends: one that ends where the last did begins before it.
                Some(last) if last.end == range.end => last.start = last.start.min(range.start),
                _ => masked.push(range),
            }
        }
        if masked.is_empty() {
            return Verdict::Clean;
        }
        Verdict::Masked(mask(text, masked))
    }
}

/// A word as it is looked for.
fn pattern(word: &str) -> Result<String, Refusal> {
    if word.chars().nth(WORD_CHARS).is_some() {
        return Err(Refusal::TooLong(word.to_owned()));
    }
    let (pattern, _) = fold(word.trim());
    if pattern.trim().is_empty() {
        return Err(Refusal::Empty(word.to_owned()));
    }
    Ok(pattern)
}

/// The folded text, and for each of its bytes the number of the character that it comes from.
fn fold(text: &str) -> (String, Vec<usize>) {
    let mut folded = String::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len());
    for (number, c) in text.chars().enumerate() {
        each_folded(c, |c| {
            folded.push(c);
            origins.resize(folded.len(), number);
        });
    }
    (folded, origins)
}

/// `ranges` are numbers of the first and the last character.
fn mask(text: &str, ranges: Vec<Range<usize>>) -> String {
    let mut stars = vec![false; text.chars().count()];
    // From the end on, each character is marked once, however many ranges cover it.
    let mut marked_from = usize::MAX;
    for range in ranges.into_iter().rev() {
        let end = (range.end + 1).min(marked_from);
        if range.start < end {
            stars[range.start..end].fill(true);
        }
        marked_from = marked_from.min(range.start);
    }
    text.chars().zip(stars).map(|(c, star)| if star { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn masking(words: &[&str]) -> Unwanted {
        Unwanted::new(words.iter().map(|word| (*word, Treatment::Mask))).expect("valid words")
    }

    #[rstest]
    #[case("你这个坏蛋!", "你这个**!")]
    #[case("BAD bad ｂａｄ Bád", "*** *** *** ***")]
    #[case("b\u{200B}ad", "****")]
    #[case("坏坏蛋蛋", "坏**蛋")]
    #[case("坏人不坏", "****")]
    #[case("badly", "***ly")]
    fn a_word_is_masked_however_it_is_written(#[case] text: &str, #[case] expected: &str) {
        let words = masking(&["坏蛋", "Bad", "坏人", "人不坏", "不"]);
        assert_eq!(words.check(text), Verdict::Masked(expected.to_owned()));
    }

    #[test]
    fn one_word_that_is_refused_refuses_the_text() {
        let words =
            Unwanted::new([("坏", Treatment::Mask), ("很坏", Treatment::Refuse), ("坏", Treatment::Refuse)])
                .expect("valid words");
        assert_eq!(words.check("很 坏"), Verdict::Refused);
        let words =
            Unwanted::new([("坏", Treatment::Mask), ("很坏", Treatment::Refuse)]).expect("valid words");
        assert_eq!(words.check("很 坏"), Verdict::Masked("很 *".to_owned()));
        assert_eq!(words.check("很好"), Verdict::Clean);
    }

    #[test]
    fn what_cannot_be_looked_for_is_refused() {
        assert_eq!(
            Unwanted::new([("\u{200B} ", Treatment::Mask)]).unwrap_err(),
            Refusal::Empty("\u{200B} ".to_owned())
        );
        let long = "长".repeat(WORD_CHARS + 1);
        assert_eq!(Unwanted::new([(&long, Treatment::Mask)]).unwrap_err(), Refusal::TooLong(long.clone()));
        let many = (0..=WORDS_MAX).map(|n| (n.to_string(), Treatment::Mask));
        assert_eq!(Unwanted::new(many).unwrap_err(), Refusal::TooMany);
    }

    #[test]
    fn a_company_without_words_lets_everything_pass() {
        assert_eq!(masking(&[]).check("anything"), Verdict::Clean);
    }
}
