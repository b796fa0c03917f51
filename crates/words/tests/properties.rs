//! Promises about any text at all.

use nodechat_words::history::{TERM_CHARS, Wanted, each_key, terms, wanted};
use nodechat_words::unwanted::{Treatment, Unwanted, Verdict};
use proptest::prelude::*;

/// Text as people and machines write it: many scripts, digits, signs, and any character at all.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[退款货物流程订单查询你好]{1,8}",
        "[a-zA-ZÀ-ÿ]{1,12}",
        "[0-9]{1,8}",
        "[ａ-ｚＡ-Ｚ０-９]{1,6}",
        "[ ,.!?，。！？、\\-_'\"*:()]{1,3}",
        "[가-힣]{1,4}",
        "[ァ-ヺー]{1,5}",
        "\\PC{0,4}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn finds(text: &[String], condition: &Wanted) -> bool {
    match condition {
        Wanted::Word(word) => text.contains(word),
        Wanted::Beginning(start) => text.iter().any(|term| term.starts_with(start.as_str())),
    }
}

proptest! {
    #[test]
    fn a_term_suits_both_engines_as_it_is(text in text()) {
        for term in terms(&text) {
            prop_assert!(!term.is_empty());
            prop_assert!(term.chars().count() <= TERM_CHARS);
            prop_assert!(!term.chars().any(|c| c.is_ascii() && !c.is_ascii_lowercase() && !c.is_ascii_digit()), "{term:?}");
            prop_assert!(!term.chars().any(char::is_whitespace));
        }
    }

    #[test]
    fn a_term_of_a_term_is_the_term(text in text()) {
        for term in terms(&text) {
            prop_assert_eq!(&terms(&term)[0], &term);
        }
    }

    #[test]
    fn what_terms_say_of_a_condition_its_key_says_too(text in text(), asked in text()) {
        let (terms, mut keys) = (terms(&text), Vec::new());
        each_key(&text, |key| keys.push(key.to_owned()));
        for condition in wanted(&asked, usize::MAX).into_iter().chain(wanted(&text, usize::MAX)) {
            let listed = keys.iter().any(|key| key == condition.key());
            prop_assert_eq!(listed, finds(&terms, &condition), "{:?} in {:?}", condition, keys);
        }
    }

    #[test]
    fn a_text_is_found_by_itself(text in text()) {
        let terms = terms(&text);
        for condition in wanted(&text, usize::MAX) {
            prop_assert!(finds(&terms, &condition), "{condition:?} in {terms:?}");
        }
    }

    #[test]
    fn every_part_of_a_chinese_text_finds_it(text in "[\u{4E00}-\u{9FFF}]{1,30}", from in 0usize..30, length in 1usize..30) {
        let part: String = text.chars().skip(from).take(length).collect();
        let terms = terms(&text);
        for condition in wanted(&part, usize::MAX) {
            prop_assert!(finds(&terms, &condition), "{condition:?} in {terms:?}");
        }
    }

    #[test]
    fn case_and_width_make_no_difference(word in "[a-z0-9]{1,20}") {
        let wide: String = word.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).expect("full-width forms")).collect();
        prop_assert_eq!(terms(&word), terms(&wide.to_uppercase()));
        prop_assert_eq!(terms(&word), terms(&word.to_uppercase()));
    }

    #[test]
    fn masking_keeps_the_number_of_characters_and_touches_nothing_else(text in text(), word in "[a-z退款]{1,3}") {
        let words = Unwanted::new([(&word, Treatment::Mask)]).expect("a valid word");
        if let Verdict::Masked(masked) = words.check(&text) {
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            for (before, after) in text.chars().zip(masked.chars()) {
                prop_assert!(before == after || after == '*');
            }
            prop_assert_eq!(words.check(&masked), Verdict::Clean);
        } else {
            prop_assert!(!text.to_lowercase().contains(&word));
        }
    }

    #[test]
    fn a_word_is_found_wherever_it_stands(before in text(), after in text(), word in "[A-Za-z退款货]{1,6}") {
        let words = Unwanted::new([(&word, Treatment::Refuse)]).expect("a valid word");
        prop_assert_eq!(words.check(&format!("{before}{word}{after}")), Verdict::Refused);
    }

    #[test]
    fn masks_are_what_a_plain_search_would_mask(text in "[abc坏]{0,40}", words in prop::collection::vec("[abc坏]{1,4}", 1..6)) {
        let unwanted = Unwanted::new(words.iter().map(|word| (word, Treatment::Mask))).expect("valid words");
        let characters: Vec<char> = text.chars().collect();
        let mut expected = characters.clone();
        for word in &words {
            let word: Vec<char> = word.chars().collect();
            for at in 0..characters.len().saturating_sub(word.len() - 1) {
                if characters[at..at + word.len()] == word[..] {
                    expected[at..at + word.len()].fill('*');
                }
            }
        }
        let expected: String = expected.into_iter().collect();
        match unwanted.check(&text) {
            Verdict::Masked(masked) => prop_assert_eq!(masked, expected),
            verdict => { prop_assert_eq!(verdict, Verdict::Clean); prop_assert_eq!(text, expected); }
        }
    }
}
