//! Text into terms, in the order in which they stand.

use super::TERM_CHARS;
use crate::fold::{folded, is_cjk};

/// Calls `take` for everything under which `text` stands in an index, with repetitions: its terms, and each character of
/// a script without blanks.
pub fn each_key(text: &str, mut take: impl FnMut(&str)) {
    each_run(text, |run| match run {
        Run::Word(word) => take(word),
        Run::Characters(run) => {
            let starts = run.char_indices().map(|(at, _)| at);
            let ends = starts.clone().skip(1).chain([run.len()]);
            let mut before = None;
            for (start, end) in starts.zip(ends) {
                take(&run[start..end]);
                if let Some(before) = before.replace(start) {
                    take(&run[before..end]);
                }
            }
        }
    });
}

/// Calls `take` for each term of `text`, with repetitions.
pub(super) fn each_term(text: &str, mut take: impl FnMut(&str)) {
    each_run(text, |run| match run {
        Run::Word(word) => take(word),
        Run::Characters(run) => {
            let mut starts = run.char_indices().map(|(at, _)| at).chain([run.len()]);
            let (mut first, mut second) = (starts.next().unwrap_or(0), starts.next().unwrap_or(0));
            for third in starts {
                take(&run[first..third]);
                (first, second) = (second, third);
            }
            take(&run[first..second]);
        }
    });
}

/// The terms of `text`, with repetitions.
pub fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    each_term(text, |term| terms.push(term.to_owned()));
    terms
}

/// What stands together in a text.
pub(super) enum Run<'a> {
    /// A word that is a term as it is.
    Word(&'a str),
    /// One or more characters of a script without blanks.
    Characters(&'a str),
}

pub(super) fn each_run(text: &str, mut take: impl FnMut(Run<'_>)) {
    let text = folded(text);
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| class(c) != Class::Other) {
        rest = &rest[start..];
        let first = rest.chars().next().map_or(Class::Other, class);
        if first == Class::Cjk {
            let end = rest.find(|c: char| class(c) != Class::Cjk).unwrap_or(rest.len());
            take(Run::Characters(&rest[..end]));
            rest = &rest[end..];
        } else {
            let end =
                rest.find(|c: char| !matches!(class(c), Class::Letter | Class::Digit)).unwrap_or(rest.len());
            each_word(&rest[..end], |word| take(Run::Word(word)));
            rest = &rest[end..];
        }
    }
}

/// Divides `iphone15` and `15pro`. What changes more than once is a name made by a machine
/// (`550e8400`) and stays whole.
fn each_word(word: &str, mut take: impl FnMut(&str)) {
    let mut change = None;
    let mut before = None;
    for (at, c) in word.char_indices() {
        let class = class(c);
        if before.is_some_and(|before| before != class) {
            if change.is_some() {
                return take(shortened(word));
            }
            change = Some(at);
        }
        before = Some(class);
    }
    let (first, second) = word.split_at(change.unwrap_or(word.len()));
    take(shortened(first));
    if !second.is_empty() {
        take(shortened(second));
    }
}

fn shortened(word: &str) -> &str {
    match word.char_indices().nth(TERM_CHARS) {
        Some((end, _)) => &word[..end],
        None => word,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Cjk,
    /// Divides words and belongs to none.
    Other,
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return match c {
            'a'..='z' => Class::Letter,
            '0'..='9' => Class::Digit,
            _ => Class::Other,
        };
    }
    if is_cjk(c) {
        Class::Cjk
    } else if c.is_numeric() {
        Class::Digit
    } else if c.is_alphabetic() || is_mark(c) {
        Class::Letter
    } else {
        Class::Other
    }
}

/// Signs inside words of Indian and South-East Asian scripts that count as neither letter nor digit.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{093C}' | '\u{094D}' | '\u{09BC}' | '\u{09CD}' | '\u{0A4D}' | '\u{0ACD}' | '\u{0B4D}' | '\u{0BCD}'
        | '\u{0C4D}' | '\u{0CCD}' | '\u{0D4D}' | '\u{0DCA}' | '\u{0E38}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}'
        | '\u{0EB8}'..='\u{0EBA}' | '\u{0EC8}'..='\u{0ECD}' | '\u{1039}' | '\u{103A}' | '\u{17D2}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("退款", "退款 款")]
    #[case("退款流程", "退款 款流 流程 程")]
    #[case("退", "退")]
    #[case("我要退款，谢谢！", "我要 要退 退款 款 谢谢 谢")]
    #[case("iPhone15手机壳", "iphone 15 手机 机壳 壳")]
    #[case("订单A20231123-001", "订单 单 a 20231123 001")]
    #[case("550e8400-e29b", "550e8400 e29b")]
    #[case("Don't PANIC", "don t panic")]
    #[case("ＡＢＣ　１２３", "abc 123")]
    #[case("¥1,299.00", "1 299 00")]
    #[case("👍🏽 …", "")]
    #[case("", "")]
    #[case("สวัสดีครับ", "สวัสดีครับ")]
    #[case("ありがとう", "あり りが がと とう う")]
    fn text_becomes_terms(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(terms(text).join(" "), expected);
    }

    #[rstest]
    #[case("退款", "退 款 退款")]
    #[case("退款流程", "退 款 退款 流 款流 程 流程")]
    #[case("退, iPhone15", "退 iphone 15")]
    #[case("", "")]
    fn each_character_of_a_run_is_a_key_beside_its_pairs(#[case] text: &str, #[case] expected: &str) {
        let mut keys = Vec::new();
        each_key(text, |key| keys.push(key.to_owned()));
        assert_eq!(keys.join(" "), expected);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let terms = terms(&"x".repeat(10_000));
        assert_eq!(terms, ["x".repeat(TERM_CHARS)]);
    }
}
