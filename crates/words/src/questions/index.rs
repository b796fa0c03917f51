//! A company's questions, ready to be asked: a few flat arrays, which never change.

use std::collections::BTreeMap;
use std::mem::size_of_val;

use fst::Map;

use super::synonyms::Synonyms;
use super::terms::terms;

/// Set in a posting whose phrase has the term only in its heading.
pub(super) const HEADING: u32 = 1 << 31;

/// How a question may be asked, and what it stands under. Known by its number in the order in which it was given.
#[derive(Debug, Clone, Copy)]
pub struct Phrase<'a> {
    pub text: &'a str,
    pub heading: &'a str,
}

#[derive(Debug)]
pub struct Index {
    /// Term → its number.
    pub(super) vocabulary: Map<Vec<u8>>,
    /// By number of the term: what it weighs here.
    pub(super) weights: Box<[f32]>,
    /// By number of the term: where its postings begin; one more at the end.
    pub(super) starts: Box<[u32]>,
    /// Numbers of phrases, some with [`HEADING`].
    pub(super) postings: Box<[u32]>,
    /// By number of the phrase: the weight of all its terms.
    pub(super) totals: Box<[f32]>,
    pub(super) synonyms: Synonyms,
}

impl Index {
    /// Takes about 10 µs for each phrase.
    pub fn new<'a>(phrases: impl IntoIterator<Item = Phrase<'a>>, synonyms: Synonyms) -> Index {
        let mut found: BTreeMap<String, Entry> = BTreeMap::new();
        let mut count = 0u32;
        for phrase in phrases {
            for (term, weight) in terms(phrase.text, &synonyms) {
                found.entry(term).or_insert(Entry { weight, postings: Vec::new() }).postings.push(count);
            }
            for (term, weight) in terms(phrase.heading, &synonyms) {
                let entry = found.entry(term).or_insert(Entry { weight, postings: Vec::new() });
                if entry.postings.last() != Some(&count) {
                    entry.postings.push(count | HEADING);
                }
            }
            count += 1;
        }

        let mut totals = vec![0.0; count as usize];
        let mut weights = Vec::with_capacity(found.len());
        let mut starts = vec![0];
        let mut postings = Vec::with_capacity(found.values().map(|entry| entry.postings.len()).sum());
        for entry in found.values() {
            let weight = entry.weight * rarity(count as usize, entry.postings.len());
            for &posting in entry.postings.iter().filter(|posting| *posting & HEADING == 0) {
                totals[posting as usize] += weight;
            }
            weights.push(weight);
            postings.extend_from_slice(&entry.postings);
            starts.push(postings.len() as u32);
        }
        let vocabulary = Map::from_iter(found.into_keys().zip(0..))
            .expect("a BTreeMap gives its keys in order, each once");
        Index {
            vocabulary,
            weights: weights.into(),
            starts: starts.into(),
            postings: postings.into(),
            totals: totals.into(),
            synonyms,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// What it occupies, without the synonyms.
    pub fn size_bytes(&self) -> usize {
        self.vocabulary.as_fst().as_bytes().len()
            + size_of_val(&*self.weights)
            + size_of_val(&*self.starts)
            + size_of_val(&*self.postings)
            + size_of_val(&*self.totals)
    }
}

struct Entry {
    /// In the language.
    weight: f32,
    postings: Vec<u32>,
}

/// BM25's inverse document frequency, between 0.05 and 1. Among a few questions hardly any term is
/// frequent: so they are taken to be twenty more than they are.
pub(super) fn rarity(phrases: usize, with_term: usize) -> f32 {
    let (all, with) = (phrases as f32 + 20.0, with_term as f32);
    let most = ((all + 0.5) / 0.5).ln();
    (((all - with + 0.5) / (with + 0.5)).ln() / most).clamp(0.05, 1.0)
}
