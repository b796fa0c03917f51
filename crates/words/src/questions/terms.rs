//! What a text says, as terms with a weight: the words, and pairs of characters where no word is known.

use super::TEXT_CHARS;
use super::dictionary::{bits, divide, each_word};
use super::synonyms::{Part, Synonyms};
use crate::fold::{folded, is_cjk};

/// A text says at most this many things.
const TERMS_MAX: usize = 200;

/// A pair of characters is a guess, a character alone says little, and a word made of words says
/// hardly more than they do.
const PAIR: f32 = 0.6;
const CHARACTER: f32 = 0.5;
const COMPOUND: f32 = 0.5;

/// English words that say nothing by themselves.
const FILLERS: [&str; 48] = [
    "a", "about", "am", "an", "and", "any", "are", "at", "be", "by", "can", "could", "did", "do", "does",
    "for", "from", "get", "have", "hello", "hi", "how", "i", "if", "in", "is", "it", "me", "my", "of", "on",
    "or", "please", "so", "that", "the", "there", "this", "to", "want", "was", "what", "when", "where",
    "with", "would", "you", "your",
];
const FILLER: f32 = 0.05;

/// A word that weighs less than this in the language is part of the sentence, not of what it is about.
const TELLING: f32 = 0.1;

/// The terms of `text`, each once, with what it weighs in the language: 0 to 1.
pub(super) fn terms(text: &str, synonyms: &Synonyms) -> Vec<(String, f32)> {
    let text: String = folded(text).chars().take(TEXT_CHARS).collect();
    let mut terms: Vec<(String, f32)> = Vec::new();
    let mut add = |term: &str, weight: f32| {
        if terms.len() < TERMS_MAX && !terms.iter().any(|(known, _)| known == term) {
            terms.push((term.to_owned(), weight));
        }
    };
    synonyms.each_part(&text, |part| match part {
        Part::Plain(text) => each_term(text, &mut add),
        Part::Meaning { word, .. } => add(word, weight_of(word)),
    });
    terms
}

/// The words of `phrase` that say something and that `text` says, too, as they stand in the folded phrase.
pub(super) fn shared(phrase: &str, text: &str, synonyms: &Synonyms) -> Vec<String> {
    let said = terms(text, synonyms);
    let says = |term: &str| said.iter().any(|(other, weight)| other == term && *weight >= TELLING);
    let mut shared: Vec<String> = Vec::new();
    let mut add = |word: &str| {
        if !shared.iter().any(|known| known == word) {
            shared.push(word.to_owned());
        }
    };
    synonyms.each_part(&folded(phrase), |part| match part {
        Part::Plain(plain) => each_term(plain, &mut |term, _| {
            if says(term) {
                add(term);
            }
        }),
        Part::Meaning { word, written } => {
            if says(word) {
                add(written);
            }
        }
    });
    shared
}

fn each_term(text: &str, add: &mut impl FnMut(&str, f32)) {
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let chinese = rest.starts_with(is_cjk);
        let end = rest.find(|c: char| !c.is_alphanumeric() || is_cjk(c) != chinese).unwrap_or(rest.len());
        if chinese {
            each_chinese_term(&rest[..end], add);
        } else {
            let word = singular(&rest[..end]);
            add(word, weight_of(word));
        }
        rest = &rest[end..];
    }
}

fn each_chinese_term(run: &str, add: &mut impl FnMut(&str, f32)) {
    let mut before: Option<&str> = None;
    divide(run, |place| {
        let word = &run[place];
        let alone = is_one(word);
        let share = if alone {
            CHARACTER
        } else if each_word_inside(word, add) {
            COMPOUND
        } else {
            1.0
        };
        add(word, share * weight_of(word));
        // Where a character stands alone there may be a word that the dictionary does not have.
        if let Some(before) = before
            && (alone || is_one(before))
        {
            let (left, right) = (last(before), first(word));
            add(&format!("{left}{right}"), PAIR * weight_of(left).min(weight_of(right)));
        }
        before = Some(word);
    });
}

/// `电子发票` says `电子` and `发票`. Whether there are any.
fn each_word_inside(word: &str, add: &mut impl FnMut(&str, f32)) -> bool {
    let mut any = false;
    if word.chars().nth(2).is_none() {
        return any;
    }
    for (start, _) in word.char_indices() {
        each_word(&word.as_bytes()[start..], |length, _| {
            let inner = &word[start..start + length];
            if !is_one(inner) && inner != word {
                add(inner, weight_of(inner));
                any = true;
            }
        });
    }
    any
}

/// Rises with what one learns from the word; those of every sentence are next to nothing.
fn weight_of(word: &str) -> f32 {
    if FILLERS.binary_search(&word).is_ok() {
        return FILLER;
    }
    // A word that nobody counted is a rare one.
    let share = bits(word).map_or(1.0, |bits| ((bits - 7.0) / 9.0).clamp(0.2, 1.0));
    share * share
}

/// `refunds` is `refund`.
fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() >= 3 && stem.is_ascii() && !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => word,
    }
}

fn is_one(word: &str) -> bool {
    word.chars().nth(1).is_none()
}

fn first(word: &str) -> &str {
    let end = word.chars().next().map_or(0, char::len_utf8);
    &word[..end]
}

fn last(word: &str) -> &str {
    let length = word.chars().next_back().map_or(0, char::len_utf8);
    &word[word.len() - length..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("我想退款", "我 想 我想 退款 想退")]
    #[case("电子发票", "电子 发票 电子发票")]
    #[case("How do I get REFUNDS?", "how do i get refund")]
    #[case("拼夕夕", "拼 夕 拼夕 夕夕")]
    #[case("?!", "")]
    fn a_text_says_its_words(#[case] text: &str, #[case] expected: &str) {
        let terms: Vec<String> =
            terms(text, &Synonyms::default()).into_iter().map(|(term, _)| term).collect();
        assert_eq!(terms.join(" "), expected);
    }

    #[rstest]
    #[case("怎么申请退款", "我的退款呢", "退款")]
    #[case("怎么申请退款", "我要返钱", "退款")]
    #[case("返钱要多久", "多久退款", "返钱 多久")]
    #[case("How do I get a REFUND?", "do you give refunds", "refund")]
    #[case("Where is my parcel", "is this it", "")]
    fn what_phrase_and_text_share_is_told_as_the_phrase_says_it(
        #[case] phrase: &str,
        #[case] text: &str,
        #[case] expected: &str,
    ) {
        let synonyms = Synonyms::new(&[vec!["退款", "返钱"]]).expect("a valid group");
        assert_eq!(shared(phrase, text, &synonyms).join(" "), expected);
    }

    #[test]
    fn fillers_are_in_the_order_in_which_they_are_looked_up() {
        assert!(FILLERS.is_sorted());
    }
}
