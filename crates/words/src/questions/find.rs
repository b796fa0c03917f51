//! The questions that a text asks, best first.

use super::index::{HEADING, Index};
use super::terms::{shared, terms};

/// What only the question says counts against it in full measure; what only the text says counts
/// less, because people tell stories before they ask.
const ONLY_QUESTION: f32 = 0.5;
const ONLY_TEXT: f32 = 0.25;

/// A term of the heading is a hint.
const IN_HEADING: f32 = 0.5;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Of the phrase, as it was given to [`Index::new`].
    pub number: usize,
    /// Between 0 and 1.
    pub score: f32,
}

impl Index {
    /// At most `most` phrases with a score of `threshold` or more, the best first, equal ones in
    /// their own order.
    pub fn find(&self, text: &str, most: usize, threshold: f32) -> Vec<Found> {
        if self.is_empty() || most == 0 {
            return Vec::new();
        }
        let mut common = vec![0.0f32; self.totals.len()];
        let mut total = 0.0;
        for (term, weight) in terms(text, &self.synonyms) {
            let Some(number) = self.vocabulary.get(&term) else {
                total += weight;
                continue;
            };
            let weight = self.weights[number as usize];
            total += weight;
            for &posting in self.postings_of(number as usize) {
                let share = if posting & HEADING == 0 { weight } else { weight * IN_HEADING };
                common[(posting & !HEADING) as usize] += share;
            }
        }
        let mut found: Vec<Found> = common
            .iter()
            .zip(&self.totals)
            .enumerate()
            .filter(|(_, (common, _))| **common > 0.0)
            .map(|(number, (&common, &question))| Found { number, score: score(common, question, total) })
            .filter(|found| found.score >= threshold)
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.number.cmp(&b.number)));
        found.truncate(most);
        found
    }

    /// The words of a phrase that say something and that `text` says, too, as they stand in the folded phrase.
    pub fn shared(&self, phrase: &str, text: &str) -> Vec<String> {
        shared(phrase, text, &self.synonyms)
    }

    fn postings_of(&self, term: usize) -> &[u32] {
        &self.postings[self.starts[term] as usize..self.starts[term + 1] as usize]
    }
}

/// Tversky's index of similarity (Features of Similarity, 1977).
fn score(common: f32, question: f32, text: f32) -> f32 {
    common / (common + ONLY_QUESTION * (question - common).max(0.0) + ONLY_TEXT * (text - common).max(0.0))
}
