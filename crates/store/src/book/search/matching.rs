//! Whether a message that has all terms of a query really says what is looked for, and how much it is about it.

use nodechat_words::history::{self, Wanted};

/// A query as the pieces that have to be in a message as they are written.
pub struct Matcher {
    pieces: Vec<Vec<Wanted>>,
}

impl Matcher {
    pub fn new(query: &str) -> Self {
        let pieces = query.split_whitespace().map(sequence).filter(|piece| !piece.is_empty()).collect();
        Self { pieces }
    }

    /// Whether anything is looked for that has letters or digits.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// None when it does not fit; more the more often and the denser it is said.
    pub fn score(&self, text: &str) -> Option<f64> {
        let terms = history::terms(text);
        let mut score = 0.0;
        for piece in &self.pieces {
            let starts = terms.windows(piece.len()).filter(|window| fits(piece, window)).count();
            if starts == 0 {
                return None;
            }
            score += (piece.len() as f64) * (1.0 + (starts as f64).ln());
        }
        Some(score / (2.0 + (1.0 + terms.len() as f64).ln()))
    }
}

/// With repetitions: `哈哈哈` is two pairs in a row.
fn sequence(piece: &str) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = history::terms(piece).into_iter().map(Wanted::Word).collect();
    // The last character of a run stands alone there; in a query it is within the pair before.
    let mut at = 0;
    while at < wanted.len() {
        if let Wanted::Word(word) = &wanted[at]
            && let Some(only) = single(word)
        {
            if at > 0 && matches!(&wanted[at - 1], Wanted::Word(before) if before.ends_with(only)) {
                wanted.remove(at);
                continue;
            }
            wanted[at] = Wanted::Beginning(only.to_string());
        }
        at += 1;
    }
    wanted
}

/// A term of one character of a script without blanks.
fn single(word: &str) -> Option<char> {
    let mut letters = word.chars();
    let only = letters.next().filter(|letter| !letter.is_ascii())?;
    letters.next().is_none().then_some(only)
}

fn fits(piece: &[Wanted], window: &[String]) -> bool {
    piece.iter().zip(window).all(|(wanted, term)| match wanted {
        Wanted::Word(word) => word == term,
        Wanted::Beginning(start) => term.starts_with(start.as_str()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(query: &str, text: &str) -> bool {
        Matcher::new(query).score(text).is_some()
    }

    #[test]
    fn what_is_looked_for_stands_there_as_it_is_written() {
        assert!(finds("退款", "我要退款了"));
        assert!(finds("退款流程", "请问退款流程是什么"));
        assert!(!finds("退款流程", "退款，款流和流程"), "the pairs are there, not the word");
        assert!(finds("流", "退款流程") && finds("程", "退款流程") && !finds("完", "退款流程"));
        assert!(finds("退款 流程", "流程很慢，想退款"));
        assert!(finds("REFUND", "a refund, please") && !finds("fund", "a refund, please"));
        assert!(finds("iphone15", "my iPhone15 broke") && finds("15", "my iPhone15 broke"));
        assert!(finds("哈哈哈", "哈哈哈哈") && !finds("哈哈哈", "哈哈"));
    }

    #[test]
    fn what_says_it_more_often_in_fewer_words_comes_first() {
        let score = |text| Matcher::new("退款").score(text).unwrap();
        assert!(score("退款退款") > score("退款"));
        assert!(score("退款") > score("退款这件事情我已经说过很多次了请你们快一点处理"));
    }
}
