//! The words of the Chinese language, and how a sentence is divided into them.

use std::ops::Range;
use std::sync::LazyLock;

use fst::raw::{Fst, Output};

/// Made by `build.rs`: word → four times the logarithm (base 2) of how often it was counted.
static WORDS: LazyLock<Fst<&'static [u8]>> = LazyLock::new(|| {
    Fst::new(&include_bytes!(concat!(env!("OUT_DIR"), "/dictionary.fst"))[..])
        .expect("the build made the automaton with the same version of the same crate")
});

/// Logarithm (base 2) of the number of words that were counted.
const COUNTED_BITS: f32 = 25.84;

/// How much one learns from seeing this word, in bits: 7.5 for `的`, 20 and more for a rare word.
/// `None` for what is no word.
pub(super) fn bits(word: &str) -> Option<f32> {
    WORDS.get(word).map(|found| COUNTED_BITS - logarithm(found))
}

/// Calls `take` with the place of each word of `run`, in order. A character that belongs to no word is one.
pub(super) fn divide(run: &str, mut take: impl FnMut(Range<usize>)) {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
    // From the end: the best way to divide what begins here, as its probability and the end of its first word.
    let mut best: Vec<(f32, usize)> = vec![(0.0, run.len()); run.len() + 1];
    for &start in starts.iter().rev() {
        let single = start + run[start..].chars().next().map_or(1, char::len_utf8);
        let mut here = (best[single].0 - COUNTED_BITS, single);
        each_word(&run.as_bytes()[start..], |length, logarithm| {
            let end = start + length;
            let probability = best[end].0 + logarithm - COUNTED_BITS;
            if probability > here.0 || (probability == here.0 && end > here.1) {
                here = (probability, end);
            }
        });
        best[start] = here;
    }
    let mut at = 0;
    while at < run.len() {
        let end = best[at].1;
        take(at..end);
        at = end;
    }
}

/// Calls `take` with length and logarithm of each word that `text` begins with, the shortest first.
pub(super) fn each_word(text: &[u8], mut take: impl FnMut(usize, f32)) {
    let mut node = WORDS.root();
    let mut output = Output::zero();
    for (number, byte) in text.iter().enumerate() {
        let Some(way) = node.find_input(*byte) else { return };
        let transition = node.transition(way);
        output = output.cat(transition.out);
        node = WORDS.node(transition.addr);
        if node.is_final() {
            take(number + 1, logarithm(output.cat(node.final_output())));
        }
    }
}

fn logarithm(found: Output) -> f32 {
    found.value() as f32 / 4.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("我想申请退款", "我 想 申请 退款")]
    #[case("电子发票怎么开", "电子发票 怎么 开")]
    #[case("结婚的和尚未结婚的", "结婚 的 和 尚未 结婚 的")]
    #[case("收不到验证码", "收 不到 验证码")]
    #[case("退", "退")]
    #[case("", "")]
    #[case("𠮷野家", "𠮷 野 家")]
    fn a_sentence_is_divided_into_its_words(#[case] sentence: &str, #[case] expected: &str) {
        let mut words = Vec::new();
        divide(sentence, |place| words.push(&sentence[place]));
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn a_frequent_word_says_little() {
        let (frequent, rare) = (bits("的").expect("a word"), bits("质保期").expect("a word"));
        assert!(frequent < 8.0 && rare > 15.0, "{frequent} {rare}");
        assert_eq!(bits("退退退"), None);
    }
}
