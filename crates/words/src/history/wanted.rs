//! A query into what has to be found, by the same rules as the text that is searched.

use super::terms::{Run, each_run, each_term};

/// One condition of a query; all of them must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This term.
    Word(String),
    /// Any term that begins so: a character of which the neighbours are not known. It is a key of its own.
    Beginning(String),
}

impl Wanted {
    /// Under which it stands in an index.
    pub fn key(&self) -> &str {
        let (Self::Word(key) | Self::Beginning(key)) = self;
        key
    }
}

/// What `query` asks for, each thing once, in the order of the query, at most `most` of them. Empty
/// when the query has neither letter nor digit, which finds nothing.
///
/// A text is found by every query that is a part of it, as long as the part does not cut a word.
pub fn wanted(query: &str, most: usize) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let mut want = |condition: Wanted| {
        if wanted.len() < most && !wanted.contains(&condition) {
            wanted.push(condition);
        }
    };
    each_run(query, |run| match run {
        Run::Word(word) => want(Wanted::Word(word.to_owned())),
        Run::Characters(run) if run.chars().nth(1).is_none() => want(Wanted::Beginning(run.to_owned())),
        // The last character stands alone only where a run ends; in the query it does so by chance.
        Run::Characters(run) => each_term(run, |term| {
            if term.chars().nth(1).is_some() {
                want(Wanted::Word(term.to_owned()));
            }
        }),
    });
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("退款", "=退款")]
    #[case("退款流程", "=退款 =款流 =流程")]
    #[case("款", "款*")]
    #[case("款 REFUND", "款* =refund")]
    #[case("哈哈哈哈", "=哈哈")]
    #[case("!?", "")]
    fn a_query_becomes_conditions(#[case] query: &str, #[case] expected: &str) {
        let written: Vec<String> = wanted(query, 32)
            .into_iter()
            .map(|wanted| match wanted {
                Wanted::Word(word) => format!("={word}"),
                Wanted::Beginning(start) => format!("{start}*"),
            })
            .collect();
        assert_eq!(written.join(" "), expected);
    }

    #[test]
    fn a_query_without_end_asks_for_a_bounded_number_of_things() {
        let query: String = ('\u{4E00}'..'\u{5E00}').collect();
        assert_eq!(wanted(&query, 32).len(), 32);
    }
}
