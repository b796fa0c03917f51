//! Which of a company's questions somebody means.
//!
//! Chinese text is divided into words by the dictionary and the rule of jieba: of all ways to divide a sentence the one
//! whose words are most frequent together. The dictionary is an automaton inside the binary and is used where it lies, so
//! that it costs neither time at the start nor memory of its own; where it knows no word, pairs of characters stand in.
//!
//! A word weighs the more the rarer it is, in the language (`的` weighs next to nothing) and in the company's own
//! questions, as in BM25. The score is what question and text have in common, divided by that and by a part of what only
//! one of them has: between 0 and 1, and 1 when they say the same, so that a threshold means the same to every company.

mod dictionary;
mod find;
mod index;
mod synonyms;
mod terms;

pub use find::Found;
pub use index::{Index, Phrase};
pub use synonyms::{Refusal, SYNONYM_CHARS, SYNONYMS_MAX, Synonyms};

/// No more than the beginning of a text is looked at: whoever asks has asked by then.
pub const TEXT_CHARS: usize = 300;
