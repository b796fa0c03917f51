//! Words that mean the same to a company.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::fold::{folded, is_cjk};

/// More words than this, in all groups together, are not taken.
pub const SYNONYMS_MAX: usize = 5_000;

/// A longer word is not taken.
pub const SYNONYM_CHARS: usize = 64;

/// Groups of words; each word of a group stands for its first one. `None` when there is no group.
#[derive(Debug, Default)]
pub struct Synonyms(Option<Groups>);

#[derive(Debug)]
struct Groups {
    automaton: AhoCorasick,
    /// By number of the pattern: what it stands for.
    meanings: Box<[Box<str>]>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is left of this word when it is folded.
    Empty(String),
    TooLong(String),
    /// In two groups: which one is meant?
    Twice(String),
    TooMany,
}

impl Synonyms {
    pub fn new<W: AsRef<str>>(groups: &[Vec<W>]) -> Result<Synonyms, Refusal> {
        let mut words: Vec<String> = Vec::new();
        let mut meanings: Vec<Box<str>> = Vec::new();
        for group in groups {
            let first = words.len();
            for word in group {
                let word = checked(word.as_ref())?;
                if words.len() == SYNONYMS_MAX {
                    return Err(Refusal::TooMany);
                }
                match words.iter().position(|known| *known == word) {
                    Some(at) if at >= first => continue,
                    Some(_) => return Err(Refusal::Twice(word)),
                    None => {}
                }
                meanings.push(words.get(first).unwrap_or(&word).as_str().into());
                words.push(word);
            }
        }
        if words.is_empty() {
            return Ok(Synonyms(None));
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .prefilter(false)
            .build(&words)
            // Its only failure is more states than a u32 can count.
            .map_err(|_| Refusal::TooMany)?;
        Ok(Synonyms(Some(Groups { automaton, meanings: meanings.into() })))
    }

    /// Calls `take` with the parts of a folded text: plain ones, and meanings of the words that are known here.
    pub(super) fn each_part<'a>(&'a self, text: &'a str, mut take: impl FnMut(Part<'a>)) {
        let mut told = 0;
        if let Some(groups) = &self.0 {
            for found in groups.automaton.find_iter(text) {
                if cuts_a_word(text, found.start()) || cuts_a_word(text, found.end()) {
                    continue;
                }
                take(Part::Plain(&text[told..found.start()]));
                let word = &groups.meanings[found.pattern().as_usize()];
                take(Part::Meaning { word, written: &text[found.range()] });
                told = found.end();
            }
        }
        take(Part::Plain(&text[told..]));
    }
}

pub(super) enum Part<'a> {
    Plain(&'a str),
    /// What stands there as `written` stands for `word`.
    Meaning {
        word: &'a str,
        written: &'a str,
    },
}

fn checked(word: &str) -> Result<String, Refusal> {
    if word.chars().nth(SYNONYM_CHARS).is_some() {
        return Err(Refusal::TooLong(word.to_owned()));
    }
    let folded = folded(word.trim()).trim().to_owned();
    if folded.chars().any(char::is_alphanumeric) { Ok(folded) } else { Err(Refusal::Empty(word.to_owned())) }
}

/// `card` is no part of `discard`; Chinese words have no such border.
fn cuts_a_word(text: &str, at: usize) -> bool {
    let belongs = |c: char| c.is_alphanumeric() && !is_cjk(c);
    text[..at].chars().next_back().is_some_and(belongs) && text[at..].chars().next().is_some_and(belongs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(synonyms: &Synonyms, text: &str) -> String {
        let mut parts = Vec::new();
        synonyms.each_part(text, |part| match part {
            Part::Plain("") => {}
            Part::Plain(text) => parts.push(text.to_owned()),
            Part::Meaning { word, .. } => parts.push(format!("[{word}]")),
        });
        parts.concat()
    }

    #[test]
    fn each_word_of_a_group_stands_for_the_first() {
        let synonyms = Synonyms::new(&[vec!["退款", "退钱", "Refund", "money back"], vec!["卡", "card"]])
            .expect("valid groups");
        assert_eq!(parts(&synonyms, "我要退钱"), "我要[退款]");
        assert_eq!(parts(&synonyms, "a refund, money back"), "a [退款], [退款]");
        assert_eq!(parts(&synonyms, "discard my card"), "discard my [卡]");
        assert_eq!(parts(&Synonyms::default(), "我要退钱"), "我要退钱");
    }

    #[test]
    fn a_group_that_cannot_be_meant_is_refused() {
        assert_eq!(Synonyms::new(&[vec!["a", "b"], vec!["B"]]).unwrap_err(), Refusal::Twice("b".to_owned()));
        assert_eq!(Synonyms::new(&[vec!["a", "!"]]).unwrap_err(), Refusal::Empty("!".to_owned()));
        assert!(Synonyms::new(&[vec!["a", "A"]]).is_ok(), "the same word again says nothing new");
    }
}
