//! The terms under which a message is found again.
//!
//! Chinese, Japanese and Korean are written without blanks, and the tokenizers of the databases find no two-letter
//! word in them. So a run of such characters becomes its pairs: `退款流程` → `退款 款流 流程 程`. The last character stands
//! alone, so that every character of the run begins exactly one term. All other letters and digits make words, folded;
//! digits beside letters are words of their own (`iPhone15` → `iphone 15`), and so `15` finds it.
//!
//! Terms in their order say whether a text has what is asked for ([`terms`]). In an index each stands once, and each
//! single character of a run beside its pairs ([`each_key`]), so that whoever asks for one character asks for one key.
//!
//! What comes out suits every engine as it is: letters, digits and marks alone, in lower case, at most 64 characters long.

mod terms;
mod wanted;

pub use terms::{each_key, terms};
pub use wanted::{Wanted, wanted};

/// A term is cut here: nobody looks for more.
pub const TERM_CHARS: usize = 64;
