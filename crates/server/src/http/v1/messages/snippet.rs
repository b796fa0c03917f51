//! The part of a text that shows why it was found: plain text, and where in it the words stand. Never markup.

use serde::Serialize;
use utoipa::ToSchema;

/// Characters around the first word that was found.
const BEFORE: usize = 30;
const LENGTH: usize = 120;
/// Places that are told.
const RANGES: usize = 20;

#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snippet {
    pub text: String,
    /// Begin and end of each place in `text`, in UTF-16 code units, as JavaScript counts.
    pub ranges: Vec<[usize; 2]>,
    /// Something stands before, or behind it, in the message.
    pub cut_before: bool,
    pub cut_behind: bool,
}

impl Snippet {
    pub fn of(text: &str, query: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let pieces: Vec<Vec<char>> = query
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|piece| !piece.is_empty())
            .map(|piece| piece.chars().map(plain).collect())
            .collect();
        let places = places(&letters, &pieces);
        let start = places.first().map_or(0, |place| place[0].saturating_sub(BEFORE));
        let end = letters.len().min(start + LENGTH);
        let units =
            |from: usize, to: usize| letters[from..to].iter().map(|letter| letter.len_utf16()).sum::<usize>();
        let within = places.iter().filter(|place| place[1] <= end).take(RANGES);
        Self {
            text: letters[start..end].iter().collect(),
            ranges: within.map(|place| [units(start, place[0]), units(start, place[1])]).collect(),
            cut_before: start > 0,
            cut_behind: end < letters.len(),
        }
    }
}

/// Where the pieces stand, in characters, in order, none within another.
fn places(letters: &[char], pieces: &[Vec<char>]) -> Vec<[usize; 2]> {
    let folded: Vec<char> = letters.iter().copied().map(plain).collect();
    let (mut places, mut at) = (Vec::new(), 0);
    while at < folded.len() {
        let longest = pieces.iter().filter(|piece| folded[at..].starts_with(piece)).map(Vec::len).max();
        match longest {
            Some(length) => {
                places.push([at, at + length]);
                at += length;
            }
            None => at += 1,
        }
    }
    places
}

/// One letter for one letter: what is written otherwise, is not marked.
fn plain(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_where_the_ranges_say() {
        let snippet = Snippet::of("👋 我要退款，Refund please", "退款 refund");
        let units: Vec<u16> = snippet.text.encode_utf16().collect();
        let shown: Vec<String> =
            snippet.ranges.iter().map(|[from, to]| String::from_utf16(&units[*from..*to]).unwrap()).collect();
        assert_eq!(shown, ["退款", "Refund"]);
        assert!(!snippet.cut_before && !snippet.cut_behind);
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_place() {
        let text = format!("{}退款{}", "前".repeat(500), "后".repeat(500));
        let snippet = Snippet::of(&text, "退款");
        assert_eq!((snippet.text.chars().count(), &snippet.ranges), (LENGTH, &vec![[BEFORE, BEFORE + 2]]));
        assert!(snippet.cut_before && snippet.cut_behind);
    }

    #[test]
    fn what_looks_like_markup_stays_text() {
        let snippet = Snippet::of("<b>refund</b> & more", "refund");
        assert_eq!((snippet.text.as_str(), &snippet.ranges[..]), ("<b>refund</b> & more", &[[3, 9]][..]));
        assert!(Snippet::of("", "x").ranges.is_empty() && Snippet::of("abc", "").ranges.is_empty());
    }
}
